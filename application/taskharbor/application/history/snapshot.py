"""A workspace as it was after a revision, or at an instant."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol, TypeAlias

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import HistoryForgotten
from taskharbor.application.history.rewind import rewound
from taskharbor.application.ports.task_history import HistoryEntry, TaskHistory
from taskharbor.application.ports.task_store import TaskStore
from taskharbor.application.turns import in_turns
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task

AsOf: TypeAlias = Revision | datetime | str
"""A revision, an instant, or the text of one of the two: digits, or RFC 3339."""

_REVISION: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)


class SnapshotStore(TaskStore, TaskHistory, Protocol):
    """The ports that reading past states needs."""


class Snapshot:
    """A workspace as a revision left it.

    Nothing that it reads comes from one snapshot. So it looks at the extent of the memory last: what is still
    remembered then was so all the time.
    """

    def __init__(self, revision: Revision, store: SnapshotStore, workspace: WorkspaceId) -> None:
        self.revision = revision
        self._store = store
        self._workspace = workspace

    @classmethod
    async def at(cls, as_of: AsOf, store: SnapshotStore, workspace: WorkspaceId, *, now: datetime) -> "Snapshot":
        """Return what is meant.

        Raises:
            InvalidValue: for `as_of`, if it is malformed, or has not been yet.
        """
        found = as_of_from(as_of)
        if isinstance(found, datetime):
            if found > now:
                raise InvalidValue("as_of", "must not be in the future")
            return cls(await store.find_revision(workspace, found), store, workspace)
        reached = (await store.read_history_bounds(workspace)).revision
        if found > reached:
            raise InvalidValue("as_of", f"is revision {found}, but the workspace is at revision {reached}")
        return cls(found, store, workspace)

    async def moment(self) -> datetime | None:
        """Return when the commit was made; None if the history does not contain it, or no longer does."""
        entries = await self._store.list_commit(self._workspace, self.revision)
        return entries[0].at if entries else None

    async def scan(self, *, after: TaskId, limit: int) -> tuple[list[Task], TaskId | None]:
        """Look at up to `limit` tasks by ascending id: those after `after`.

        Returns:
            those of them that were live then, as they were; and the last one that was looked at, if there are more.
        """
        scanned = await self._store.scan_tasks(self._workspace, after=after, limit=limit + 1)
        last = scanned[limit - 1].id if len(scanned) > limit else None
        return await self.rewound(scanned[:limit]), last

    async def tasks(self, task_ids: Collection[TaskId]) -> dict[TaskId, Task]:
        """Return those of the tasks that were live then."""
        known = await self._store.load_tasks(self._workspace, task_ids) if task_ids else {}
        return {task.id: task for task in await self.rewound(list(known.values()))}

    async def rewound(self, tasks: Sequence[Task]) -> list[Task]:
        """Return those of the tasks that were live then, as they were."""
        changed = [task.id for task in tasks if task.revision > self.revision]
        entries: defaultdict[TaskId, list[HistoryEntry]] = defaultdict(list)
        if changed:
            for entry in await self._store.list_history_since(self._workspace, changed, after=self.revision):
                entries[entry.task_id].append(entry)
        found = [rewound(task, entries[task.id], to=self.revision) async for task in in_turns(tasks)]
        return [task for task in found if task is not None and not task.is_deleted]

    async def views(self, tasks: Sequence[Task]) -> list[TaskView]:
        """Return what readers saw of these tasks, which are as they were."""
        needed = await self.tasks({needed for task in tasks for needed in task.depends_on})
        open_ = {task.id for task in needed.values() if task.is_open}
        return [TaskView.of(task, blocked=not open_.isdisjoint(task.depends_on)) async for task in in_turns(tasks)]

    async def require_remembered(self, *, purged_tasks: bool) -> None:
        """Make sure that the history goes back far enough, and that of the tasks themselves none is missing.

        Raises:
            HistoryForgotten: if not.
        """
        extent = await self._store.read_history_bounds(self._workspace)
        if extent.forgotten_revision > self.revision or (purged_tasks and extent.purged_revision > self.revision):
            raise HistoryForgotten(self.revision)


def as_of_from(value: AsOf) -> Revision | datetime:
    """Return the revision or the instant, in UTC, that is meant.

    Raises:
        InvalidValue: for `as_of`.
    """
    if isinstance(value, str):
        if _REVISION.fullmatch(value):
            return int(value)
        value = _instant_from(value)
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise InvalidValue("as_of", "must be an aware instant, or a revision")
        try:
            return value.astimezone(UTC)
        except OverflowError:
            raise InvalidValue("as_of", "must be an instant of the years 1 to 9999 in UTC") from None
    if not 0 <= value <= MAX_ID:
        raise InvalidValue("as_of", f"must be a revision from 0 to {MAX_ID}")
    return value


def _instant_from(text: str) -> datetime:
    if _INSTANT.fullmatch(text):
        try:
            return datetime.fromisoformat(text.upper())
        except ValueError:
            pass
    raise InvalidValue(
        "as_of", "must be a revision, or an instant of RFC 3339 such as 2026-12-01T09:00:00Z (a + is sent as %2B)"
    )
