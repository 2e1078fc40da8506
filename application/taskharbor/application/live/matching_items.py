"""Which of the changed tasks a filter lets through, and which it did before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Protocol

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import HistoryForgotten
from taskharbor.application.history.rewind import rewound
from taskharbor.application.live.commit_event import EventItem, NoLongerMatching
from taskharbor.application.ports.change_feed import Change, Tombstone
from taskharbor.application.ports.task_history import HistoryEntry, TaskHistory
from taskharbor.application.ports.task_store import TaskStore
from taskharbor.application.turns import in_turns
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.search.matching import Facts, matches
from taskharbor.domain.search.words import words_of_task
from taskharbor.domain.tasks.task import Task


class MatchingStore(TaskStore, TaskHistory, Protocol):
    """The ports that comparing now and before needs."""


async def matching_items(
    items: Iterable[Change],
    filter: Filter,
    store: MatchingStore,
    workspace: WorkspaceId,
    *,
    since: Revision,
    new_until: Revision,
) -> dict[TaskId, EventItem]:
    """Return what the filter lets through of changes after the revision `since`, by id.

    A task that matches is there as it is. One that does not, and did at `since`, is there as a tombstone or as
    `NoLongerMatching`; so is one of which the history is gone that would tell. What changed last at `new_until` or
    before was never told, so that it is left out.
    """
    changes = {change.id: change for change in items}
    tasks = await store.load_tasks(workspace, changes)
    entries: defaultdict[TaskId, list[HistoryEntry]] = defaultdict(list)
    if changes:
        for entry in await store.list_history_since(workspace, changes, after=since):
            entries[entry.task_id].append(entry)
    found: dict[TaskId, EventItem] = {}
    async for task_id, change in in_turns(changes.items()):
        item = _judged(change, tasks.get(task_id), entries, filter, since)
        if item is not None and (isinstance(item, TaskView) or change.revision > new_until):
            found[task_id] = item
    return found


def _judged(
    change: Change,
    task: Task | None,
    entries: Mapping[TaskId, list[HistoryEntry]],
    filter: Filter,
    since: Revision,
) -> EventItem | None:
    left = None if isinstance(change, Tombstone) else NoLongerMatching(change.id, change.uid, change.revision)
    if task is None:  # purged since the change was read
        return change if left is None else left
    try:
        later = [entry for entry in entries[task.id] if entry.revision > change.revision]
        now = rewound(task, later, to=change.revision)
        if left is not None and now is not None and _matches(filter, now):
            return change
        before = rewound(task, entries[task.id], to=since)
    except HistoryForgotten:
        return change if left is None else left
    if before is None or before.is_deleted or not _matches(filter, before):
        return None
    return change if left is None else left


def _matches(filter: Filter, task: Task) -> bool:
    return matches(filter, task, Facts(blocked=False, words=partial(words_of_task, task), blocking=_unknown))


def _unknown() -> bool:
    raise NotImplementedError("no filter of a feed asks what other tasks are like")
