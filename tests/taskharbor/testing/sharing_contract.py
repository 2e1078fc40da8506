"""For stores that several processes use at the same time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, suppress
from itertools import chain
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import pytest_asyncio

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import ConcurrentUpdate, UidTaken
from taskharbor.application.live.read_commits import WatchedCommits
from taskharbor.application.ports.commit_hints import CommitHints
from taskharbor.application.ports.storage import Storage
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.idempotency.idempotency_contract import Process
from taskharbor.testing.scenes.bench import LATER, Bench, retitled
from taskharbor.testing.scenes.broken_promises import NamesItsPromises
from taskharbor.testing.scenes.effort import PATIENCE
from taskharbor.testing.scenes.refusals import count_refused


@pytest.mark.asyncio
class SharingContract(NamesItsPromises):
    """Two that are open on the same place behave as one. Override `reopen`."""

    if not TYPE_CHECKING:  # an override may ask for fixtures of its own, which a type checker would take for a mistake

        @pytest.fixture
        def reopen(self) -> Callable[[], Storage]:
            """Returns, each time it is called, the same store once more, not yet opened: the same file, say."""
            raise NotImplementedError(f"{type(self).__name__} must override the fixture `reopen`")

    @pytest_asyncio.fixture
    async def pair(self, reopen: Callable[[], Storage]) -> AsyncIterator[tuple[Bench, Bench]]:
        """One workspace, as two processes see it."""
        async with reopen() as one, reopen() as other:
            here = Bench(one)
            yield here, here.on(other)

    async def test_what_one_commits_the_other_sees_at_once(self, pair: tuple[Bench, Bench]) -> None:
        one, other = pair
        for mine, theirs in ((one, other), (other, one)):
            task = await mine.add("mine")
            assert await mine.load(task.id) == await theirs.load(task.id) == task
            assert await mine.get(task.id) == await theirs.get(task.id) == TaskView.of(task)
            changed = await theirs.change(task.complete(at=LATER))
            assert await mine.load(task.id) == await theirs.load(task.id) == changed
            assert await mine.get(task.id) == await theirs.get(task.id) == TaskView.of(changed)

    async def test_ids_are_different(self, pair: tuple[Bench, Bench]) -> None:
        ids = await asyncio.gather(*(bench.next_id() for _ in range(100) for bench in pair))
        assert len(set(ids)) == 200

    async def test_revisions_of_32_writers_have_no_gap_and_no_double(self, pair: tuple[Bench, Bench]) -> None:
        async def write(bench: Bench) -> list[Revision]:
            revisions = []
            for _ in range(4):
                task = await bench.add("by one of many")
                changed = await bench.change(task.complete(at=LATER))
                revisions += [task.revision, changed.revision]
            assert revisions == sorted(revisions)
            return revisions

        async with asyncio.timeout(PATIENCE):
            taken = await asyncio.gather(*(write(bench) for _ in range(16) for bench in pair))
        assert sorted(chain.from_iterable(taken)) == list(range(1, 32 * 8 + 1))

    async def test_of_two_changes_at_once_one_is_refused(self, pair: tuple[Bench, Bench]) -> None:
        one, other = pair
        for task in await one.add_many(20):
            mine, theirs = retitled(task, "mine"), retitled(task, "theirs")
            assert await count_refused(ConcurrentUpdate, one.change(mine), other.change(theirs)) == 1
        assert await one.take_revision() == 22

    async def test_of_two_creations_with_one_uid_at_once_one_is_refused(self, pair: tuple[Bench, Bench]) -> None:
        one, other = pair
        for _ in range(20):
            mine = await one.new_task("mine")
            theirs = await other.new_task("theirs", uid=mine.uid)
            assert await count_refused(UidTaken, one.commit(added=[mine]), other.commit(added=[theirs])) == 1
        assert await one.take_revision() == 21

    async def test_of_two_changes_at_once_that_guard_each_others_task_one_is_refused(
        self, pair: tuple[Bench, Bench]
    ) -> None:
        one, other = pair
        tasks = await one.add_many(40)
        for left, right in zip(tasks[::2], tasks[1::2], strict=True):
            refused = await count_refused(
                ConcurrentUpdate,
                one.commit(changed=[left.begin(at=LATER)], guarded={right.id: right.revision}),
                other.commit(changed=[right.begin(at=LATER)], guarded={left.id: left.revision}),
            )
            assert refused == 1
        assert await one.take_revision() == 22

    async def test_two_workspaces_do_not_wait_for_each_other_for_ever(self, pair: tuple[Bench, Bench]) -> None:
        one, other = pair
        elsewhere = one.another()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(bench.take_revision() for _ in range(20) for bench in (one, other, elsewhere)))
        assert await one.take_revision() == 41
        assert await elsewhere.take_revision() == 21

    async def test_a_call_with_a_key_is_carried_out_once_for_both(self, pair: tuple[Bench, Bench]) -> None:
        callers = [Process(bench.storage, bench, key=f"call {n}") for n in range(16) for bench in pair]
        async with asyncio.timeout(PATIENCE):
            answers = await asyncio.gather(*(caller.create() for caller in callers))
        assert answers[::2] == answers[1::2]
        assert sorted(answer.id for answer in answers[::2]) == await pair[0].live_ids()

    async def test_hints_of_commits_come_to_the_other(self, pair: tuple[Bench, Bench]) -> None:
        one, other = pair
        if not isinstance(one.storage, CommitHints):
            return  # its revision is looked at
        hints: asyncio.Queue[str | None] = asyncio.Queue()
        hearing = asyncio.create_task(one.storage.hear_commits(hints.put_nowait))
        try:
            async with asyncio.timeout(PATIENCE):
                assert await hints.get() is None  # from now on none is missed
                for _ in range(3):
                    await other.take_revision()
                    while await hints.get() not in {None, one.workspace}:
                        pass
        finally:
            hearing.cancel()
            with suppress(asyncio.CancelledError):
                await hearing

    async def test_a_watcher_is_told_what_the_other_commits(self, pair: tuple[Bench, Bench]) -> None:
        one, other = pair
        here, there = (UseCases(bench.storage, clock=FakeClock(), uids=FakeUids()) for bench in pair)
        async with (
            asyncio.timeout(PATIENCE),
            aclosing(here.live.follow(WatchedCommits(), "0", one.workspace)) as batches,
        ):
            for number in range(1, 4):
                told = asyncio.ensure_future(anext(batches))
                await there.execute(CreateTask(title="theirs", uid=str(uuid4())), workspace=other.workspace)
                assert [event.revision for event in (await told).events] == [number]
