"""Refuses what would make a workspace hold more than it may, without counting at each commit."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Final, NamedTuple, Protocol, TypeAlias

from taskharbor.application.errors import QuotaExceeded
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.ports.task_search import TaskSearch
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, WorkspaceId

COUNTED_AGAIN_AFTER: Final = 60.0
"""Seconds after which what is there is counted again: other processes add to it, and purges take away."""

RECOUNTED_AFTER: Final = 1.0
"""Seconds after which it is, before something is refused."""

MAX_REMEMBERED: Final = 10_000

TASKS: Final = "tasks"

_IN_DIRECTORY: Final = frozenset({"token-of", "webhook"})
"""Kinds that the service keeps for all workspaces, under keys that begin with the id of theirs."""


class Countable(RecordStore, TaskSearch, Protocol):
    """What counts tasks and records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """How much one workspace may hold at most; None means as much as there is room for.

    Attributes:
        tasks: tasks that are not deleted.
        lists: lists, archived ones too, besides the inbox.
        members: those who work in it.
        tokens: API tokens that are good.
        webhooks: webhooks.
    """

    tasks: int | None = None
    lists: int | None = None
    members: int | None = None
    tokens: int | None = None
    webhooks: int | None = None

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


class _Count:
    """How many there are, and when they were counted."""

    def __init__(self, amount: int, at: float) -> None:
        self.amount = amount
        self.at = at


Held: TypeAlias = "list[tuple[_Count, int]]"
"""Counts, and by how much they were raised."""


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
        self._counts: dict[_Thing, _Count] = {}

    async def hold(self, changes: Changeset) -> Held:
        """Hold room for what a commit adds, to be released if it fails.

        Raises:
            QuotaExceeded: if there is none.
            StoreUnavailable: if the store cannot be asked how much there is.
        """
        held: list[tuple[_Count, int]] = []
        try:
            for thing, more in self._added(changes).items():
                count = await self._hold(thing, more) if more > 0 else self._counts.get(thing)
                if count is not None:
                    count.amount += more
                    held.append((count, more))
        except BaseException:
            self.release(held)
            raise
        return held

    def release(self, held: Held) -> None:
        """Give back the room of a commit that has failed."""
        for count, more in held:
            count.amount -= more

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

    async def _hold(self, thing: _Thing, more: int) -> _Count:
        what, most = (TASKS, self.quotas.tasks or 0) if thing.what == TASKS else self._of_records[thing.what]
        count = await self._counted(thing, most, COUNTED_AGAIN_AFTER)
        if count.amount + more > most:
            count = await self._counted(thing, most, RECOUNTED_AFTER)
        if count.amount + more > most:
            raise QuotaExceeded(what, most)
        return count

    async def _counted(self, thing: _Thing, most: int, age: float) -> _Count:
        count = self._counts.get(thing)
        if count is not None and self._clock() - count.at <= age:
            return count
        at = self._clock()
        amount = await self._amount(thing, most)
        if len(self._counts) >= MAX_REMEMBERED:
            self._counts.clear()
        self._counts[thing] = _Count(amount, at)
        return self._counts[thing]

    async def _amount(self, thing: _Thing, most: int) -> int:
        """Return how many there are; of records, no more are counted than matter."""
        if thing.what == TASKS:
            return await self._store.count_tasks(thing.workspace, None)
        if thing.what not in _IN_DIRECTORY:
            return len(await self._store.list_records(thing.workspace, thing.what, after="", limit=most + 1))
        prefix = f"{thing.workspace} "
        found = await self._store.list_records(SERVICE_WORKSPACE, thing.what, after=prefix, limit=most + 1)
        return sum(record.key.startswith(prefix) for record in found)
