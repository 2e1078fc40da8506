"""A task as it was: later changes are rewound, latest first."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from taskharbor.application.documents.task_document import values_from
from taskharbor.application.documents.unreadable import UNREADABLE, unreadable
from taskharbor.application.errors import HistoryForgotten
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.domain.fast_replace import replace
from taskharbor.domain.identifiers import Revision
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.instant import instant_of


def rewound(task: Task, entries: Iterable[HistoryEntry], *, to: Revision) -> Task | None:
    """Return the task as the revision `to` had left it, deleted or not; None if it was not there yet.

    Args:
        task: as it is.
        entries: all of its history after `to`, the latest first; what others have done since it was read is passed
            over.
        to: which revision.

    Raises:
        HistoryForgotten: if the entries do not reach from the task back to that revision.
        StoreNotReady: if one of them cannot be read: the store is damaged.
    """
    values: dict[str, Any] = {}
    revision = task.revision
    for entry in entries:
        if entry.revision > task.revision:
            continue
        if entry.revision != revision:
            raise HistoryForgotten(to)
        try:
            values.update({name: before for name, (before, _) in json.loads(entry.changes).items()})
        except UNREADABLE as error:
            raise unreadable(f"The history of revision {entry.revision}", error) from error
        revision = entry.previous
    if revision > to:
        raise HistoryForgotten(to)
    return replace(with_values(task, values), revision=revision) if revision else None


def with_values(task: Task, values: Mapping[str, Any]) -> Task:
    """Return the task with these values, which are in the wire form and were once its own."""
    if not values:
        return task
    changed = values_from(values)
    if "deleted" in values:
        changed["deleted"] = None if values["deleted"] is None else instant_of(values["deleted"])
    return replace(task, **changed)
