"""Histories of claims at random, through several processes' worth of use cases, are linearizable."""

import asyncio
from datetime import timedelta
from itertools import count
from random import Random
from typing import Final

import pytest

from taskharbor.application.claims.claim_next import ClaimNext
from taskharbor.application.claims.claim_task import ReleaseClaim
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.storage import Storage
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import ClaimEnded, TaskNotFound
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.testing.claims.linearizability import (
    Operation,
    Step,
    added,
    claimed,
    completed,
    is_linearizable,
    nothing_to_claim,
    refused,
    released,
)
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE

CLAIMANTS: Final = 6
OPERATIONS_EACH: Final = 8
LEASE: Final = timedelta(hours=1)


class ClaimHistoryContract(Contract):
    """Each claimant adds, claims, completes and releases at random; some do so under claims that have ended."""

    @pytest.mark.parametrize("seed", range(3))
    async def test_no_history_of_claims_is_one_that_a_queue_behind_one_lock_could_not_have(
        self, storage: Storage, here: Bench, seed: int
    ) -> None:
        uids = FakeUids()
        processes = [UseCases(storage, clock=FakeClock(), uids=uids) for _ in range(2)]
        history: list[Operation] = []
        clock = count()
        claimants: list[Claimant] = []
        for number in range(CLAIMANTS):
            random = Random(f"{seed} {number}")  # noqa: S311  # to be the same again
            claimants.append(Claimant(processes[number % 2], here.workspace, random, clock, history))
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(claimant.work(OPERATIONS_EACH) for claimant in claimants))
        assert len(history) > CLAIMANTS * OPERATIONS_EACH / 2
        assert is_linearizable(history)


class Claimant:
    """Does one thing after the other, and notes when it asked, when it was answered, and what."""

    def __init__(
        self, use_cases: UseCases, workspace: str, random: Random, clock: "count[int]", history: list[Operation]
    ) -> None:
        self._use_cases = use_cases
        self._workspace = workspace
        self._random = random
        self._clock = clock
        self._history = history
        self._claims: list[tuple[TaskId, Revision]] = []

    async def work(self, times: int) -> None:
        """Do so many things."""
        for _ in range(times):
            asked = next(self._clock)
            step = await self._something()
            if step is not None:
                self._history.append(Operation(asked, next(self._clock), step))

    async def _something(self) -> Step | None:
        try:
            if self._random.random() < 1 / 4:
                task = await self._use_cases.execute(CreateTask(title="a task"), workspace=self._workspace)
                return added(task.id)
            if self._claims and self._random.random() < 1 / 2:
                return await self._under_a_claim()
            found = await self._use_cases.claim_next(
                ClaimNext(holder="a claimant", lease=LEASE), workspace=self._workspace
            )
            if found is None:
                return nothing_to_claim
            assert found.claim is not None
            assert found.claim.fence is not None
            self._claims.append((found.id, found.claim.fence))
            return claimed(found.id, found.claim.fence)
        except ConcurrentUpdate:
            return None  # it lost 16 races: nothing was done

    async def _under_a_claim(self) -> Step:
        task, fence = self._random.choice(self._claims)
        is_done = self._random.random() < 1 / 2
        command = CompleteTask(id=task, fence=fence) if is_done else ReleaseClaim(id=task, fence=fence)
        try:
            await self._use_cases.execute(command, workspace=self._workspace)
        except (ClaimEnded, TaskNotFound):
            return refused(task, fence)
        return completed(task, fence) if is_done else released(task, fence)
