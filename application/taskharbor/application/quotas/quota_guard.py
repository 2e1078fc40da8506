"""Refuses what would make a workspace hold more than it may, without counting at each commit."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from time import monotonic
from typing import Final, NamedTuple, Protocol

from taskharbor.application.errors import QuotaExceeded
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.ports.task_search import TaskSearch
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.quotas.count import Count, Held, Room
from taskharbor.application.quotas.task_bytes import Weighable, bytes_added, bytes_in
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, Revision, WorkspaceId

COUNTED_AGAIN_AFTER: Final = 60.0
"""Seconds after which what is there is counted again: other processes add to it, and purges take away."""

RECOUNTED_AFTER: Final = 1.0
"""Seconds after which it is, before something is refused."""

MAX_REMEMBERED: Final = 10_000

TIMES_AS_LONG_AS_COUNTING: Final = 20
"""For so many times as long as it took to count, a count is good: a workspace with much in it is counted seldom."""

TASKS: Final = "tasks"
BYTES: Final = "bytes"

_IN_DIRECTORY: Final = frozenset({"token-of", "webhook"})
"""Kinds that the service keeps for all workspaces, under keys that begin with the id of theirs."""


class Countable(RecordStore, TaskSearch, Weighable, Protocol):
    """What counts tasks and records."""


@frozen(kw_only=True)
class Quotas:
    """How much one workspace may hold at most; None means as much as there is room for.

    Attributes:
        tasks: tasks that are not deleted.
        lists: lists, archived ones too, besides the inbox.
        members: those who work in it.
        tokens: API tokens that are good.
        webhooks: webhooks.
        bytes: of the JSON of the tasks that are not deleted, with their comments.
    """

    tasks: int | None = None
    lists: int | None = None
    members: int | None = None
    tokens: int | None = None
    webhooks: int | None = None
    bytes: int | None = None

    def of_records(self) -> Mapping[str, tuple[str, int]]:
        """Return what is limited among the records, by their kinds."""
        limited = {
            "list": ("lists", self.lists),
            "token-of": ("tokens", self.tokens),
            "webhook": ("webhooks", self.webhooks),
        }
        return {kind: (what, most) for kind, (what, most) in limited.items() if most is not None}


NO_QUOTAS: Final = Quotas()


class _Thing(NamedTuple):
    """What is counted, where: tasks, or records of a kind."""

    workspace: WorkspaceId
    what: str


class QuotaGuard:
    """Knows about how much is there, exactly as far as this process has added it.

    Commits of this process never go beyond a quota. Those of others are noticed within 60 seconds: together, n
    processes can go beyond it by what n - 1 of them add in that time.
    """

    def __init__(self, quotas: Quotas, store: Countable, *, clock: Callable[[], float] = monotonic) -> None:
        self.quotas = quotas
        self._store = store
        self._of_records = quotas.of_records()
        self._clock = clock
        self._counts: dict[_Thing, Count] = {}

    async def hold(self, changes: Changeset) -> Held:
        """Hold room for what a commit adds, to be settled when it has ended.

        Raises:
            QuotaExceeded: if there is none.
            StoreUnavailable: if the store cannot be asked how much there is.
        """
        held: list[Room] = []
        try:
            added = self._added(changes)
            if self.quotas.bytes is not None:
                added[_Thing(changes.workspace, BYTES)] = await bytes_added(changes)
            for thing, more in added.items():
                count = await self._with_room(thing, more) if more > 0 else self._counts.get(thing)
                if count is not None:
                    held.append(count.hold(more))
        except BaseException:
            self.settle(held, is_committed=False)
            raise
        return held

    def settle(self, held: Held, *, is_committed: bool) -> None:
        """Note how a commit has ended; one that failed gives its room back."""
        for room in held:
            room.count.settle(room, is_committed=is_committed)

    def settle_after(self, commit: asyncio.Future[Revision], held: Held) -> None:
        """Settle what a commit holds as soon as that has ended."""
        if commit.done():
            self._settle_by(held, commit)
        else:
            commit.add_done_callback(partial(self._settle_by, held))

    def _settle_by(self, held: Held, commit: asyncio.Future[Revision]) -> None:
        self.settle(held, is_committed=not commit.cancelled() and commit.exception() is None)

    def _added(self, changes: Changeset) -> Counter[_Thing]:
        added: Counter[_Thing] = Counter()
        if self.quotas.tasks is not None:
            more = sum(task.deleted is None for task in changes.added)
            for task in changes.changed:
                before = changes.before.get(task.id)
                if before is not None:
                    more += (task.deleted is None) - (before.deleted is None)
            if more:
                added[_Thing(changes.workspace, TASKS)] = more
        for record in changes.records:
            if record.kind in self._of_records:
                where = record.key.partition(" ")[0] if record.kind in _IN_DIRECTORY else changes.workspace
                change = -1 if record.document is None else int(not record.revision)
                added[_Thing(where, record.kind)] += change
        return added

    async def _with_room(self, thing: _Thing, more: int) -> Count:
        of_tasks = {TASKS: self.quotas.tasks, BYTES: self.quotas.bytes}
        what, most = (thing.what, of_tasks[thing.what] or 0) if thing.what in of_tasks else self._of_records[thing.what]
        count = await self._counted(thing, most, COUNTED_AGAIN_AFTER)
        if count.amount + more > most:
            count = await self._counted(thing, most, RECOUNTED_AFTER)
        if count.amount + more > most:
            raise QuotaExceeded(what, most)
        return count

    async def _counted(self, thing: _Thing, most: int, age: float) -> Count:
        count = self._counts.get(thing)
        if count is None:
            if len(self._counts) >= MAX_REMEMBERED:
                self._counts = {each: count for each, count in self._counts.items() if count.users}
            count = self._counts[thing] = Count()
        if self._clock() - count.at <= max(age, count.took * TIMES_AS_LONG_AS_COUNTING):
            return count
        count.users += 1
        try:
            async with count.turn.taken():
                at = self._clock()
                if at - count.at > max(age, count.took * TIMES_AS_LONG_AS_COUNTING):
                    count.begin()
                    count.end(await self._amount(thing, most), at)
                    count.took = self._clock() - at
        finally:
            count.users -= 1
        return count

    async def _amount(self, thing: _Thing, most: int) -> int:
        """Return how many there are, or bytes; of records, no more are counted than matter."""
        if thing.what == TASKS:
            return await self._store.count_tasks(thing.workspace, None)
        if thing.what == BYTES:
            return await bytes_in(self._store, thing.workspace)
        if thing.what not in _IN_DIRECTORY:
            return len(await self._store.list_records(thing.workspace, thing.what, after="", limit=most + 1))
        prefix = f"{thing.workspace} "
        found = await self._store.list_records(SERVICE_WORKSPACE, thing.what, after=prefix, limit=most + 1)
        return sum(record.key.startswith(prefix) for record in found)
