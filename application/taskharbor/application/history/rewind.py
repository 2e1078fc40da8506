"""A task as it was: later changes are rewound, latest first."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from taskharbor.application.documents.task_document import OPTIONAL_FIELDS, details_as_json, task_as_json, task_from
from taskharbor.application.errors import HistoryForgotten
from taskharbor.application.ports.task_history import HistoryEntry
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
    """
    values: dict[str, Any] = {}
    revision = task.revision
    for entry in entries:
        if entry.revision > task.revision:
            continue
        if entry.revision != revision:
            raise HistoryForgotten(to)
        values.update({name: before for name, (before, _) in json.loads(entry.changes).items()})
        revision = entry.previous
    if revision > to:
        raise HistoryForgotten(to)
    return replace(with_values(task, values), revision=revision) if revision else None


def with_values(task: Task, values: Mapping[str, Any]) -> Task:
    """Return the task with these values, which are in the wire form and were once its own."""
    if not values:
        return task
    document = _WITHOUT_OPTIONAL | task_as_json(task)
    details = details_as_json(task)
    document.update({name: value for name, value in values.items() if name in document})
    details.update({name: value for name, value in values.items() if name in details})
    deleted = task.deleted
    if "deleted" in values:
        deleted = None if values["deleted"] is None else instant_of(values["deleted"])
    return task_from(json.dumps(document), json.dumps(details), deleted=deleted, revision=task.revision)


_WITHOUT_OPTIONAL: Final[dict[str, Any]] = {
    field.name: None if field.absent is None else [] for field in OPTIONAL_FIELDS
}
"""What a document says of fields that a task lacks, and that it then leaves out."""
