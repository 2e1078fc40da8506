"""Whoever is cancelled while a task is claimed holds none: nobody would know of it until the lease ends."""

import asyncio

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.claims.claim_next import ClaimNext
from taskharbor.application.principal import system_in
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.entrypoints.embedded import Harbor
from taskharbor.testing import FakeClock, FakeUids
from taskharbor.testing.doubles.parking_storage import ParkingStorage

SOON = 10
CLAIM = ClaimNext(holder="bot")


@pytest.fixture
async def parking() -> ParkingStorage:
    """A store with a task, which parks what is committed from now on."""
    storage = InMemoryStorage()
    await UseCases(storage, clock=FakeClock(), uids=FakeUids()).execute(CreateTask(title="a task"))
    return ParkingStorage(storage, park="after")


@pytest.fixture
def use_cases(parking: ParkingStorage) -> UseCases:
    return UseCases(parking, clock=FakeClock(), uids=FakeUids())


async def cancelled_while_it_is_committed(claiming: asyncio.Task, parking: ParkingStorage) -> None:
    async with asyncio.timeout(SOON):
        await parking.parked.wait()
        claiming.cancel()
        await asyncio.sleep(0)
        claiming.cancel()
        parking.release.set()
        with pytest.raises(asyncio.CancelledError):
            await claiming


@pytest.mark.parametrize("wait", [0, 60])
async def test_a_call_that_is_cancelled_gives_its_task_back(use_cases, parking, wait):
    await cancelled_while_it_is_committed(asyncio.create_task(use_cases.claim_next(CLAIM, wait=wait)), parking)
    assert (await use_cases.get_task(1)).claim is None
    assert (await use_cases.claim_next(CLAIM)).id == 1


async def test_so_does_a_block_that_is_cancelled_before_it_begins(use_cases, parking):
    async def work() -> None:
        async with Harbor(use_cases, system_in(DEFAULT_WORKSPACE)).claim(holder="bot"):
            pytest.fail("it was cancelled")

    await cancelled_while_it_is_committed(asyncio.create_task(work()), parking)
    assert (await use_cases.get_task(1)).claim is None


async def test_one_with_a_key_can_be_asked_again_for_the_same_task(use_cases, parking):
    claiming = asyncio.create_task(use_cases.claim_next(CLAIM, idempotency_key="one"))
    await cancelled_while_it_is_committed(claiming, parking)
    assert (await use_cases.claim_next(CLAIM, idempotency_key="one")).id == 1


async def test_a_call_that_is_cancelled_while_it_waits_claims_nothing_that_comes_later():
    use_cases = UseCases(InMemoryStorage(), clock=FakeClock(), uids=FakeUids())
    waiting = asyncio.create_task(use_cases.claim_next(CLAIM, wait=60))
    await asyncio.sleep(0.01)
    waiting.cancel()
    async with asyncio.timeout(SOON):
        with pytest.raises(asyncio.CancelledError):
            await waiting
    task = await use_cases.execute(CreateTask(title="a task"))
    await asyncio.sleep(0.05)
    assert (await use_cases.get_task(task.id)).claim is None
