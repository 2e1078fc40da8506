"""Which of the changed tasks a filter lets through, and which it did before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Protocol

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import HistoryForgotten
from taskharbor.application.history.rewind import rewound
from taskharbor.application.live.commit_event import EventItem, NoLongerMatching
from taskharbor.application.ports.change_feed import Change, Position, Tombstone
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
    since: Position,
    new_until: Revision,
) -> dict[TaskId, EventItem]:
    """Return what the filter lets through of changes after the place `since`, by id.

    A task that matches is there as it is. One that does not, and did when it can have been told last, is there as a
    tombstone or as `NoLongerMatching`; so is one of which the history is gone that would tell. What changed last at
    `new_until` or before was never told, so that it is left out.
    """
    changes = {change.id: change for change in items}
    tasks = await store.load_tasks(workspace, changes)
    entries: defaultdict[TaskId, list[HistoryEntry]] = defaultdict(list)
    if changes:
        for entry in await store.list_history_since(workspace, changes, after=since.told_from):
            entries[entry.task_id].append(entry)
    found: dict[TaskId, EventItem] = {}
    async for task_id, change in in_turns(changes.items()):
        item = await _judged(change, tasks.get(task_id), entries[task_id], filter, since)
        if item is not None and (isinstance(item, TaskView) or change.revision > new_until):
            found[task_id] = item
    return found


async def _judged(
    change: Change, task: Task | None, entries: Sequence[HistoryEntry], filter: Filter, since: Position
) -> EventItem | None:
    left = None if isinstance(change, Tombstone) else NoLongerMatching(change.id, change.uid, change.revision)
    if task is None:  # purged since the change was read
        return change if left is None else left
    try:
        later = [entry for entry in entries if entry.revision > change.revision]
        now = rewound(task, later, to=change.revision)
        if left is not None and _matches(filter, now):
            return change
        if not await _has_matched(filter, task, entries, since):
            return None
    except HistoryForgotten:
        pass
    return change if left is None else left


async def _has_matched(filter: Filter, task: Task, entries: Sequence[HistoryEntry], since: Position) -> bool:
    """Return whether the caller can have been told it: it matched at `told_from`, or at a place that was passed since.

    Raises:
        HistoryForgotten: if the history does not tell.
    """
    places = [each.revision for each in entries if since.told_from < each.revision <= since.seen_until(task.id)]
    state: Task | None = task
    async for place in in_turns([*places, since.told_from]):
        if state is None:
            return False
        state = rewound(state, [entry for entry in entries if place < entry.revision <= state.revision], to=place)
        if _matches(filter, state):
            return True
    return False


def _matches(filter: Filter, task: Task | None) -> bool:
    if task is None or task.is_deleted:
        return False
    return matches(filter, task, Facts(blocked=False, words=partial(words_of_task, task), blocking=_unknown))


def _unknown() -> bool:
    raise NotImplementedError("no filter of a feed asks what other tasks are like")
