"""A claimed task whose renewal is on its way when the block ends, is cancelled, or has closed the task itself."""

import asyncio
from typing import Any

import pytest

from taskharbor.adapters.clock import SystemClock
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.application.claims.claim_next import ClaimNext
from taskharbor.application.claims.claim_task import RenewClaim
from taskharbor.application.principal import system_in
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.entrypoints.embedded.held_task import HeldTask

BOT = system_in("bot")


class SlowRenewals:
    """Use cases whose renewals end when they may, as a commit does whose caller is cancelled."""

    def __init__(self, use_cases: UseCases) -> None:
        self._use_cases = use_cases
        self.have_begun, self.may_end, self.have_ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._use_cases, name)

    async def execute(self, command: Any, **context: Any) -> Any:
        if not isinstance(command, RenewClaim):
            return await self._use_cases.execute(command, **context)
        self.have_begun.set()
        try:
            await self.may_end.wait()
            return await self._use_cases.execute(command, **context)
        except asyncio.CancelledError:
            await self.may_end.wait()
            raise
        finally:
            self.have_ended.set()

    def claim(self) -> HeldTask:
        return HeldTask(self, ClaimNext(lease="PT1S", holder="bot"), {"principal": BOT}, wait=0)


@pytest.fixture
async def calls() -> SlowRenewals:
    use_cases = UseCases(InMemoryStorage(), clock=SystemClock(), uids=Uuid7Uids())
    await use_cases.execute(CreateTask(title="Somebody else's"))
    await use_cases.execute(CreateTask(title="Dig"), principal=BOT)
    return SlowRenewals(use_cases)


async def test_a_block_that_has_closed_its_task_goes_on_in_any_workspace(calls):
    calls.may_end.set()
    async with asyncio.timeout(20), calls.claim() as task:
        await calls.execute(CompleteTask(id=task.id, fence=task.claim.fence), principal=BOT)
        await calls.have_ended.wait()
        await asyncio.sleep(0)
        await calls.get_task(task.id, workspace="bot")


async def test_a_cancellation_while_the_last_renewal_ends_is_not_lost(calls):
    async def work() -> None:
        async with calls.claim():
            await calls.have_begun.wait()

    working = asyncio.create_task(work())
    async with asyncio.timeout(20):
        await calls.have_begun.wait()
        await asyncio.sleep(0)  # the block ends
        working.cancel()
        calls.may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await working
    task = await calls.get_task(1, workspace="bot")
    assert (task.is_completed, task.claim) == (False, None)
