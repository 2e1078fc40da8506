"""A task as it was: what has been done to it since is taken back, the latest first."""

import json
from collections.abc import Iterable

from taskharbor.application.errors import HistoryForgotten
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.task_document import details_as_json, task_as_json, task_from
from taskharbor.domain.identifiers import Revision
from taskharbor.domain.instant import instant_of
from taskharbor.domain.task import Task


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
    document, details = task_as_json(task), details_as_json(task)
    deleted, revision = task.deleted, task.revision
    for entry in entries:
        if entry.revision > task.revision:
            continue
        if entry.revision != revision:
            raise HistoryForgotten(to)
        for name, (before, _) in json.loads(entry.changes).items():
            if name == "deleted":
                deleted = None if before is None else instant_of(before)
            elif name in document:
                document[name] = before
            elif name in details:
                details[name] = before
        revision = entry.previous
    if revision > to:
        raise HistoryForgotten(to)
    if not revision:
        return None
    return task_from(json.dumps(document), json.dumps(details), deleted=deleted, revision=revision)
