"""What a task has after a change: what is named, and what follows from it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.field_rules import values_of
from taskharbor.domain.tasks.progress_changes import changed_progress, reached
from taskharbor.domain.tasks.recurrence_changes import changed_recurrence
from taskharbor.domain.tasks.relations import refuse_itself
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import is_due_before_start

if TYPE_CHECKING:  # a task makes its changes with this
    from taskharbor.domain.tasks.task import Task


def values_after(changes: TaskChanges, before: "Task", *, id: TaskId, at: datetime) -> dict[str, Any]:
    """Return the values that the task with this id gets, as it was `before`.

    Raises:
        InvalidValue: if a value breaks its rule, or two contradict each other.
    """
    values = values_of(changes)
    start, due = values.get("start", before.start), values.get("due", before.due)
    # Only of what is named: the rules of a zone can change, and a stored task must not be stuck then.
    is_moved = "start" in values or "due" in values
    if is_moved and start is not None and due is not None and is_due_before_start(due, start):
        raise InvalidValue("due", "must not be before start")
    if "parent" in values or "depends_on" in values:
        as_named = () if changes.depends_on is UNSET else changes.depends_on
        refuse_itself(id, values.get("parent", before.parent), as_named)
    if changes.recurrence is not UNSET or before.recurrence is not None:
        times = {"before": (before.start, before.due), "after": (start, due)}
        values["recurrence"] = changed_recurrence(changes.recurrence, before.recurrence, **times)
    progress, percent = changed_progress(changes, before.progress, before.percent_complete)
    if progress is before.progress:
        return values | {"percent_complete": percent}
    return values | reached(progress, percent, at=at)
