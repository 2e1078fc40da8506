"""For stores that outlive their process."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from taskharbor.application.errors import ConcurrentUpdate, StoreUnavailable, UidTaken
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.storage import Storage
from taskharbor.testing.scenes.bench import LATER, Bench
from taskharbor.testing.scenes.broken_promises import NamesItsPromises
from taskharbor.testing.scenes.effort import PATIENCE
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.scenes.refusals import refused_without_a_trace


@pytest.mark.asyncio
class DurabilityContract(NamesItsPromises):
    """A store that is closed and opened again has kept everything. Override `reopen`."""

    if not TYPE_CHECKING:  # an override may ask for fixtures of its own, which a type checker would take for a mistake

        @pytest.fixture
        def reopen(self) -> Callable[[], Storage]:
            """Returns, each time it is called, the same store once more, not yet opened: the same file, say."""
            raise NotImplementedError(f"{type(self).__name__} must override the fixture `reopen`")

    async def test_tasks_and_tombstones_are_kept(self, reopen: Callable[[], Storage]) -> None:
        async with reopen() as storage:
            here = Bench(storage)
            tasks = await here.add_many(3)
            await here.change(tasks[0].complete(at=LATER))
            await here.change(tasks[1].delete(at=LATER))
            before = await here.everything()
        async with reopen() as storage:
            assert await here.on(storage).everything() == before

    async def test_a_commit_after_closing_is_refused_or_kept(self, reopen: Callable[[], Storage]) -> None:
        async with reopen() as storage:
            here = Bench(storage)
            tasks = [await here.new_task(f"task {n}") for n in range(4)]
            sent = [asyncio.create_task(here.commit(added=[task])) for task in tasks[:3]]
            await asyncio.sleep(0)
        sent.append(asyncio.create_task(here.commit(added=tasks[3:])))
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(outcome, StoreUnavailable):
                raise outcome
        async with reopen() as storage:
            kept = await storage.load_tasks(here.workspace, [task.id for task in tasks])
            for task, outcome in zip(tasks, outcomes, strict=True):
                if not isinstance(outcome, BaseException):
                    assert kept.get(task.id) == task.committed(outcome), "a commit that was answered must be stored"

    async def test_records_and_the_history_are_kept(self, reopen: Callable[[], Storage]) -> None:
        async with reopen() as storage:
            here = Bench(storage)
            task = await here.new_task()
            record = Record(kind="kit-note", key="a", document='{"b":[1]}', expires=LATER)
            entry = recorded(task, actor="somebody")
            revision = await here.commit(added=[task], records=[record], history=[entry])
        async with reopen() as storage:
            here = here.on(storage)
            assert await here.record("kit-note", "a") == replace(record, revision=revision)
            assert await here.history(task.id) == [replace(entry, revision=revision)]

    async def test_revisions_and_ids_go_on_where_they_were(self, reopen: Callable[[], Storage]) -> None:
        async with reopen() as storage:
            here = Bench(storage)
            await here.add_many(3)
            last_id = await here.next_id()
        async with reopen() as storage:
            here = here.on(storage)
            assert await here.next_id() > last_id
            assert await here.take_revision() == 2

    async def test_what_was_read_before_is_still_checked_afterwards(self, reopen: Callable[[], Storage]) -> None:
        async with reopen() as storage:
            here = Bench(storage)
            stale = await here.add()
            await here.change(stale.begin(at=LATER))
        async with reopen() as storage:
            here = here.on(storage)
            async with refused_without_a_trace(here, ConcurrentUpdate):
                await here.commit(changed=[stale.complete(at=LATER)])
            again = await here.new_task("again", uid=stale.uid)
            async with refused_without_a_trace(here, UidTaken):
                await here.commit(added=[again])

    async def test_closing_finishes_what_has_been_sent(self, reopen: Callable[[], Storage]) -> None:
        async with asyncio.timeout(PATIENCE):
            async with reopen() as storage:
                here = Bench(storage)
                tasks = [await here.new_task() for _ in range(20)]
                commits = [asyncio.create_task(here.commit(added=[task])) for task in tasks]
                await asyncio.sleep(0)  # each of them has begun
            revisions = await asyncio.gather(*commits)
            assert sorted(revisions) == list(range(1, 21))
        async with reopen() as storage:
            loaded = await storage.load_tasks(here.workspace, [task.id for task in tasks])
        assert [loaded[task.id].revision for task in tasks] == revisions
