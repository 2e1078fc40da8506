"""Whoever watches is told of each commit once, in order, however often it is cut off."""

import asyncio
from contextlib import aclosing, suppress

import pytest

from taskharbor.application.live.read_commits import WatchedCommits
from taskharbor.application.ports.commit_hints import CommitHints
from taskharbor.application.ports.storage import Storage
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE

_WRITERS = 8
_EACH = 6
_ALL = _WRITERS * _EACH

Told = list[tuple[Revision, list[TaskId]]]


async def _watch(use_cases: UseCases, workspace: WorkspaceId, *, cut_after: int) -> Told:
    """Watch until all have been told; after every few events forget all but the token of the last, and begin again."""
    told: Told = []
    since = "0"
    while len(told) < _ALL:
        left = cut_after
        async with aclosing(use_cases.live.follow(WatchedCommits(), since, workspace)) as batches:
            async for batch in batches:
                for event in batch.events[:left]:
                    assert event.revision == len(told) + 1, "each commit must be told, once and in order"
                    told.append((event.revision, [item.id for item in event.items]))
                    since = event.next
                left -= len(batch.events)
                if left <= 0 or len(told) >= _ALL:
                    break
    return told


class WatchContract(Contract):
    """Commits as a stream of events."""

    @pytest.mark.parametrize("cut_after", [1, 5, _ALL])
    async def test_a_watcher_among_writers_is_told_of_each_commit_once(
        self, here: Bench, use_cases: UseCases, cut_after: int
    ) -> None:
        async def write() -> list[tuple[Revision, list[TaskId]]]:
            made = [
                await use_cases.execute(CreateTask(title="one of many"), workspace=here.workspace) for _ in range(_EACH)
            ]
            return [(task.revision, [task.id]) for task in made]

        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
            watchers = [
                group.create_task(_watch(use_cases, here.workspace, cut_after=cut_after)),
                group.create_task(_watch(use_cases, here.workspace, cut_after=cut_after + 1)),
            ]
            writers = [group.create_task(write()) for _ in range(_WRITERS)]
        written = sorted(one for writer in writers for one in writer.result())
        for watcher in watchers:
            assert watcher.result() == written

    async def test_a_store_that_gives_hints_says_when_it_begins(self, storage: Storage) -> None:
        if not isinstance(storage, CommitHints):
            return  # its revision is looked at
        begun = asyncio.Event()
        hearing = asyncio.create_task(storage.hear_commits(lambda _workspace: begun.set()))
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait({hearing, asyncio.create_task(begun.wait())}, return_when=asyncio.FIRST_COMPLETED)
        assert begun.is_set()
        hearing.cancel()
        with suppress(asyncio.CancelledError):
            await hearing
