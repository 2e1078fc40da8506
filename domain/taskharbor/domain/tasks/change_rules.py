"""The values of a task after a change: those that are named, and those that follow from them."""

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, Protocol, TypeAlias

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.recurrence.recurrence import Recurrence, RecurrenceInput, is_same_kind, recurrence_from
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.fields import TASK_FIELDS
from taskharbor.domain.tasks.progress import (
    PercentComplete,
    Progress,
    is_coherent,
    percent_at,
    percent_complete_from,
    progress_at,
    progress_from,
)
from taskharbor.domain.tasks.relations import refuse_itself
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.calendar_time import CalendarTime, is_due_before_start
from taskharbor.domain.values.primitives import boolean_from


class TaskBefore(Protocol):
    """What a change needs to know of the task as it was."""

    # ruff: noqa: D102 - they are the fields of a task

    @property
    def start(self) -> CalendarTime | None: ...
    @property
    def due(self) -> CalendarTime | None: ...
    @property
    def parent(self) -> TaskId | None: ...
    @property
    def recurrence(self) -> Recurrence | None: ...
    @property
    def progress(self) -> Progress: ...
    @property
    def percent_complete(self) -> PercentComplete: ...


Times: TypeAlias = tuple[CalendarTime | None, CalendarTime | None]
"""The start and the due of a task."""


def changed_recurrence(
    named: RecurrenceInput | Unset | None, recurrence: Recurrence | None, *, before: Times, after: Times
) -> Recurrence | None:
    """Return the recurrence of a task after a change.

    Changing a time moves only this occurrence: the series stays where it is. But if the time has another kind or
    zone, or is no longer the same one of the two, the series starts anew there.

    Args:
        named: the recurrence that is to be, in whatever form; None takes it away.
        recurrence: what the task has.
        before: its times before the change.
        after: its times after the change.

    Raises:
        InvalidValue: for `recurrence` or a member of it.
    """
    start, due = after
    moment = start or due
    if named is not UNSET:
        return None if named is None else recurrence_from("recurrence", named, moment=moment)
    if recurrence is None or before == after:
        return recurrence
    if moment is None:
        raise InvalidValue("recurrence", "requires start or due; remove it as well")
    if is_same_kind(moment, recurrence.first) and (before[0] is None) is (start is None):
        return recurrence
    wire = {name: value for name, value in recurrence.as_json().items() if name not in {"first", "current"}}
    return recurrence_from("recurrence", wire, moment=moment)


def changed_progress(
    changes: TaskChanges, progress: Progress, percent: PercentComplete
) -> tuple[Progress, PercentComplete]:
    """Return the progress and the percentage of a task after a change; if both are given they must be consistent.

    Args:
        changes: what is named.
        progress: what the task has.
        percent: what the task has.

    Raises:
        InvalidValue: if one is none, or they contradict each other.
    """
    named = _named_progress(changes, progress)
    if changes.percent_complete is UNSET:
        after = progress if named is UNSET else named
        return after, percent if after is progress else percent_at(after, percent)
    named_percent = percent_complete_from(changes.percent_complete)
    if named is UNSET:
        return progress_at(named_percent, progress), named_percent
    if not is_coherent(named_percent, named):
        raise InvalidValue("percent_complete", f"contradicts progress {named}")
    return named, named_percent


def reached(progress: Progress, percent: PercentComplete, *, at: datetime) -> dict[str, Any]:
    """Return what a task has that came to a progress at this moment."""
    completed = at if progress is Progress.COMPLETED else None
    return {"progress": progress, "percent_complete": percent, "completed": completed}


def _named_progress(changes: TaskChanges, progress: Progress) -> Progress | Unset:
    named = UNSET if changes.progress is UNSET else progress_from(changes.progress)
    if changes.is_completed is UNSET:
        return named
    is_completed = boolean_from("is_completed", changes.is_completed)
    if named is UNSET:
        if is_completed:
            return Progress.COMPLETED
        return progress if progress.is_open else Progress.NEEDS_ACTION
    if is_completed is not (named is Progress.COMPLETED):
        raise InvalidValue("is_completed", f"contradicts progress {named}")
    return named


_RULES: Final = tuple((field.name, field.rule, field.absent is None) for field in TASK_FIELDS if field.rule is not None)
"""What makes a value of each field that does not depend on the others."""

_named_of: Final[Callable[[TaskChanges], tuple[Any, ...]]] = attrgetter(*(name for name, _, _ in _RULES))
"""Return what is said of each of these."""


def values_of(changes: TaskChanges) -> dict[str, Any]:
    """Return the value of each field that `changes` names, of those that do not depend on others.

    Raises:
        InvalidValue: if a value breaks its rule.
    """
    return {
        name: None if value is None and is_optional else rule(value)
        for (name, rule, is_optional), value in zip(_RULES, _named_of(changes), strict=True)
        if value is not UNSET
    }


def values_after(changes: TaskChanges, before: TaskBefore, *, id: TaskId, at: datetime) -> dict[str, Any]:
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
