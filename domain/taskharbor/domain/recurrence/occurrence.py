"""A completed occurrence of a series, as a task of its own: RECURRENCE-ID of RFC 5545 section 3.8.4.4."""

from uuid import UUID, uuid5

from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import MAX_ID, TaskId
from taskharbor.domain.values.calendar_time import CalendarTime, calendar_time_from
from taskharbor.domain.values.primitives import integer_from, object_from
from taskharbor.domain.values.uid import Uid


@frozen
class OccurrenceOf:
    """The occurrence that a completed copy stands for.

    Attributes:
        task: the recurring task.
        recurrence_id: which occurrence of it: where the rule had it.
    """

    task: TaskId
    recurrence_id: CalendarTime

    def as_json(self) -> dict[str, object]:
        """Return the wire form."""
        return {"task": self.task, "recurrenceId": self.recurrence_id.as_json()}


def occurrence_of_from(field: str, value: object) -> OccurrenceOf:
    """Return what `value` is the wire form of.

    Raises:
        InvalidValue: for `field` or a member of it.
    """
    members = object_from(field, value, ("task", "recurrenceId"))
    return OccurrenceOf(
        integer_from(f"{field}.task", members.get("task"), least=1, most=MAX_ID),
        calendar_time_from(f"{field}.recurrenceId", members.get("recurrenceId")),
    )


def occurrence_uid(uid: Uid, recurrence_id: CalendarTime, *, again: int = 0) -> Uid:
    """Return the uid of an occurrence: the same wherever it is completed.

    It is the UUID version 5 (RFC 9562 section 5.5) whose name space is the uid of the series, and whose name is the
    date or local time, then a space and the time zone if there is one: `2026-12-01T09:00:00 Europe/Berlin`.

    Args:
        uid: of the series.
        recurrence_id: which occurrence.
        again: how many tasks already have the names before this one, since the series was set back.
    """
    name = " ".join(recurrence_id.as_json().values())
    return Uid(str(uuid5(UUID(uid), f"{name} #{again}" if again else name)))
