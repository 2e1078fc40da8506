"""List what was done to a task."""

import json
from dataclasses import dataclass
from typing import Any, Final, Protocol

from taskharbor.application.documents.unreadable import UNREADABLE, unreadable
from taskharbor.application.pagination import require_limit
from taskharbor.application.ports.task_history import HistoryEntry, TaskHistory
from taskharbor.application.ports.task_store import TaskStore
from taskharbor.domain.errors import InvalidValue, TaskNotFound
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId, WorkspaceId, is_task_id

DEFAULT_ENTRIES: Final = 100


@frozen(kw_only=True)
class ListHistory:
    """Ask for up to `limit` entries of a task, live or deleted, the latest first: those before the revision `before`.

    Raises:
        InvalidValue: if a number is out of its range.
    """

    id: TaskId
    before: Revision | None = None
    limit: int = DEFAULT_ENTRIES

    def __post_init__(self) -> None:
        require_limit(self.limit)
        if self.before is not None and not 1 <= self.before <= MAX_ID:
            raise InvalidValue("before", f"must be from 1 to {MAX_ID}")


@dataclass(slots=True, kw_only=True)
class HistoryPage:
    """Some entries, the latest first.

    Attributes:
        items: the entries; `changes_of` reads what changed.
        next_before: pass it as `before` for the next page; None on the last page.
    """

    items: list[HistoryEntry]
    next_before: Revision | None


class _Store(TaskStore, TaskHistory, Protocol):
    pass


async def list_history(query: ListHistory, store: _Store, workspace: WorkspaceId) -> HistoryPage:
    """Answer `query`.

    Raises:
        TaskNotFound: if there was never such a task, or it has been purged.
    """
    if not is_task_id(query.id):
        raise TaskNotFound(query.id)
    before = MAX_ID if query.before is None else query.before
    found = list(await store.list_history(workspace, query.id, before=before, limit=query.limit + 1))
    if not found and not await store.load_tasks(workspace, [query.id]):
        raise TaskNotFound(query.id)
    items = found[: query.limit]
    return HistoryPage(items=items, next_before=items[-1].revision if len(found) > query.limit else None)


def changes_of(entry: HistoryEntry) -> dict[str, tuple[Any, Any]]:
    """Return the value before and after of each field that changed, in the wire form.

    Raises:
        StoreNotReady: if it does not say so: the store is damaged.
    """
    try:
        changes = {name: (before, after) for name, (before, after) in json.loads(entry.changes).items()}
    except UNREADABLE as error:
        raise unreadable(f"The history of revision {entry.revision}", error) from error
    _, claim = changes.get("claim", (None, None))
    if claim is not None and claim["fence"] is None:  # as its revision was not known yet
        claim["fence"] = entry.revision
    return changes
