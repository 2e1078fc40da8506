"""What becomes of a task's recurrence when it is changed, or the times from which it counts."""

from typing import TypeAlias

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.recurrence import Recurrence, RecurrenceInput, is_same_kind, recurrence_from
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.calendar_time import CalendarTime

Times: TypeAlias = tuple[CalendarTime | None, CalendarTime | None]
"""The start and the due of a task."""


def changed_recurrence(
    named: RecurrenceInput | Unset | None, recurrence: Recurrence | None, *, before: Times, after: Times
) -> Recurrence | None:
    """Return the recurrence of a task after a change.

    Whoever changes a time moves this occurrence only: the series stays where it is. But where the time is of another
    kind, in another zone, or no longer the same one of the two, the series begins anew there.

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
        raise InvalidValue("recurrence", "must be taken away too, as nothing is left to count from")
    if is_same_kind(moment, recurrence.first) and (before[0] is None) is (start is None):
        return recurrence
    wire = {name: value for name, value in recurrence.as_json().items() if name not in {"first", "current"}}
    return recurrence_from("recurrence", wire, moment=moment)
