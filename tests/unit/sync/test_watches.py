"""A watch lives while somebody watches, and takes the store's hints if it gives any."""

import asyncio
from collections.abc import Callable

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.application.ports.commit_hints import CommitHints
from taskharbor.application.ports.task_history import HistoryBounds
from taskharbor.application.sync.watches import Watches
from taskharbor.application.unit_of_work.commit_signals import CommitSignals
from taskharbor.domain.identifiers import WorkspaceId

SOON = 10


class Hinting(InMemoryStorage, CommitHints):
    """Gives the hints that a test has it give; its revision is looked at as usual."""

    def __init__(self) -> None:
        super().__init__()
        self.hear: Callable[[WorkspaceId | None], None] | None = None
        self.listening = asyncio.Event()
        self.broken = asyncio.Event()

    async def hear_commits(self, hear: Callable[[WorkspaceId | None], None]) -> None:
        self.hear = hear
        self.listening.set()
        try:
            await self.broken.wait()
        finally:
            self.hear = None
        raise StoreUnavailable("away")


class Counting(InMemoryStorage):
    """Counts how often the revision is looked at, and can be away."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0
        self.is_away = False
        self.error: Exception = StoreUnavailable("away")
        self.looked = asyncio.Event()
        self.revision = 0

    async def read_history_bounds(self, workspace: WorkspaceId) -> HistoryBounds:
        self.looks += 1
        self.looked.set()
        if self.is_away:
            raise self.error
        return HistoryBounds(revision=self.revision)


async def test_a_hint_wakes_those_who_watch_that_workspace() -> None:
    storage, signals = Hinting(), CommitSignals()
    watches = Watches(storage, signals)
    async with asyncio.timeout(SOON):
        with watches.listening("here") as here, watches.listening("there") as there:
            await storage.listening.wait()
            assert storage.hear is not None
            await here.wait()  # the first look at the revision
            await there.wait()
            here.clear()
            there.clear()
            storage.hear("here")
            assert (here.is_set(), there.is_set()) == (True, False)
            storage.hear(None)
            assert there.is_set()


async def test_the_revision_is_looked_at_as_soon_as_hints_are_lost() -> None:
    storage = Hinting()
    watches = Watches(storage, CommitSignals())
    async with asyncio.timeout(SOON):
        with watches.listening("here") as heard:
            await storage.listening.wait()
            assert storage.hear is not None
            storage.hear(None)
            await asyncio.sleep(0)
            heard.clear()
            storage.broken.set()
            await heard.wait()


async def test_two_who_watch_share_a_watch_and_the_last_ends_it() -> None:
    storage = Hinting()
    watches = Watches(storage, CommitSignals())
    with watches.listening("here"):
        with watches.listening("here"):
            assert len(watches._watches) == 1
        assert len(watches._watches) == 1
        await storage.listening.wait()
    assert not watches._watches
    await asyncio.sleep(0)
    assert storage.hear is None, "nobody watches, and the store still gives hints"


@pytest.mark.parametrize(
    "error", [StoreUnavailable("away"), StoreNotReady("no table", remedy="restore it"), RuntimeError("a fault")]
)
async def test_without_hints_the_revision_is_looked_at_also_after_the_store_was_away(error: Exception) -> None:
    storage = Counting()
    storage.error = error
    storage.is_away = True
    watches = Watches(storage, CommitSignals())
    async with asyncio.timeout(SOON):
        with watches.listening("here", poll=0.001) as heard:
            await storage.looked.wait()
            storage.is_away = False
            await heard.wait()
            heard.clear()
            storage.revision = 1
            await heard.wait()


async def test_nothing_is_looked_at_when_nobody_watches() -> None:
    storage = Counting()
    watches = Watches(storage, CommitSignals())
    with watches.listening("here", poll=0.001):
        await storage.looked.wait()
    looks = storage.looks
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert storage.looks == looks
