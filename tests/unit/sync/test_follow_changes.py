"""Followers wake when something is committed, and hold nothing when nobody looks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from typing import TypeVar

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.sync.follow_changes import FollowChanges
from taskharbor.application.sync.list_changes import ChangePage
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.unit_of_work.commit_signals import CommitSignals
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.testing import FakeClock, ParkingStorage

R = TypeVar("R")
AN_HOUR = 3600.0


class Watched(InMemoryStorage):
    """Signals when a call has looked for changes and found none."""

    def __init__(self) -> None:
        super().__init__()
        self.idle = asyncio.Event()

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        found = await super().list_changes(workspace, after=after, limit=limit)
        if not found.items:
            self.idle.set()
        return found


def use_cases_on(storage: InMemoryStorage | ParkingStorage) -> UseCases:
    return UseCases(storage, clock=FakeClock(), uids=Uuid7Uids())


async def soon(work: Awaitable[R]) -> R:
    async with asyncio.timeout(10):
        return await work


def titles_of(page: ChangePage) -> list[str]:
    return [change.title for change in page.items]  # type: ignore[union-attr]  # nothing is deleted here


def follow(use_cases: UseCases, **query: object) -> AsyncIterator[ChangePage]:
    return aiter(use_cases.history.follow_changes(FollowChanges(**query)))  # type: ignore[arg-type]  # each test's own


async def test_a_commit_of_this_process_wakes_a_follower_without_waiting_for_the_poll() -> None:
    storage = Watched()
    use_cases = use_cases_on(storage)
    pages = follow(use_cases, poll=AN_HOUR)
    waiting = asyncio.ensure_future(anext(pages))
    await soon(storage.idle.wait())
    assert not waiting.done()
    await use_cases.execute(CreateTask(title="one"))
    page = await soon(waiting)
    assert (titles_of(page), page.revision, page.more) == (["one"], 1, False)


async def test_what_other_processes_commit_is_found_by_the_poll() -> None:
    storage = Watched()
    here, there = use_cases_on(storage), use_cases_on(storage)
    waiting = asyncio.ensure_future(anext(follow(here, poll=0.01)))
    await soon(storage.idle.wait())
    await there.execute(CreateTask(title="from elsewhere"))
    assert titles_of(await soon(waiting)) == ["from elsewhere"]


async def test_without_a_poll_only_this_process_is_heard() -> None:
    storage = Watched()
    here, there = use_cases_on(storage), use_cases_on(storage)
    waiting = asyncio.ensure_future(anext(follow(here, poll=None)))
    await soon(storage.idle.wait())
    await there.execute(CreateTask(title="not heard"))
    await here.execute(CreateTask(title="heard"))
    assert titles_of(await soon(waiting)) == ["not heard", "heard"]


async def test_what_is_committed_while_it_looks_is_not_missed() -> None:
    class Slow(InMemoryStorage):
        looking = asyncio.Event()
        go_on = asyncio.Event()

        async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
            found = await super().list_changes(workspace, after=after, limit=limit)
            self.looking.set()
            await self.go_on.wait()
            return found

    storage = Slow()
    use_cases = use_cases_on(storage)
    waiting = asyncio.ensure_future(anext(follow(use_cases, poll=AN_HOUR)))
    await soon(storage.looking.wait())
    await use_cases.execute(CreateTask(title="meanwhile"))
    storage.go_on.set()
    assert titles_of(await soon(waiting)) == ["meanwhile"]


async def test_it_goes_on_from_a_token_page_by_page() -> None:
    use_cases = use_cases_on(InMemoryStorage())
    for n in range(4):
        await use_cases.execute(CreateTask(title=f"{n}"))
    pages = follow(use_cases, since="1", page_size=2, poll=AN_HOUR)
    first, second = await soon(anext(pages)), await soon(anext(pages))
    assert [titles_of(first), titles_of(second)] == [["1", "2"], ["3"]]
    assert (first.more, second.revision) == (True, 4)


async def test_another_workspace_wakes_nobody_here() -> None:
    storage = Watched()
    use_cases = use_cases_on(storage)
    waiting = asyncio.ensure_future(anext(follow(use_cases, poll=None)))
    await soon(storage.idle.wait())
    storage.idle.clear()
    await use_cases.execute(CreateTask(title="there"), workspace="elsewhere")
    await asyncio.sleep(0)
    assert not storage.idle.is_set()
    waiting.cancel()


async def test_a_follower_that_is_cancelled_leaves_nothing_behind() -> None:
    storage = Watched()
    use_cases = use_cases_on(storage)
    waiting = asyncio.ensure_future(anext(follow(use_cases, poll=AN_HOUR)))
    await soon(storage.idle.wait())
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
    watches = use_cases.history._watches  # nobody else can tell
    assert not watches.signals._listeners
    assert not watches._watches


async def test_a_commit_whose_caller_was_cancelled_wakes_followers_too() -> None:
    inner = Watched()
    storage = ParkingStorage(inner, park="before")
    use_cases = use_cases_on(storage)
    waiting = asyncio.ensure_future(anext(follow(use_cases, poll=AN_HOUR)))
    await soon(inner.idle.wait())
    creating = asyncio.ensure_future(use_cases.execute(CreateTask(title="one")))
    await soon(storage.parked.wait())
    creating.cancel()
    storage.release.set()
    with suppress(asyncio.CancelledError):
        await creating
    assert titles_of(await soon(waiting)) == ["one"]


def test_a_listener_hears_only_what_comes_after_it_began() -> None:
    signals = CommitSignals()
    signals.ring("here")
    with signals.listening("here") as heard, signals.listening("here") as too:
        assert not heard.is_set()
        signals.ring("elsewhere")
        assert not heard.is_set()
        signals.ring("here")
        assert heard.is_set()
        assert too.is_set()


@pytest.mark.parametrize("poll", [0, -1, float("nan")])
def test_a_poll_takes_time(poll: float) -> None:
    with pytest.raises(InvalidValue, match="poll"):
        FollowChanges(poll=poll)


def test_a_token_is_checked_at_once() -> None:
    with pytest.raises(InvalidValue, match="since"):
        FollowChanges(since="yesterday")
