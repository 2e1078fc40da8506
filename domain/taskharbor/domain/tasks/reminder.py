"""Reminders: RFC 8984 section 4.5.2 (alerts), RFC 5545 section 3.8.6.3 (TRIGGER).

    absolute   {"when": "2026-12-01T09:00:00Z"}
    relative   {"offset": "-PT15M", "relativeTo": "due"}

`relativeTo` must be named: RFC 8984 would take `start`, but many tasks have only a due.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeAlias

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.values.calendar_time import CalendarTime
from taskharbor.domain.values.duration import SignedDuration, signed_duration_from
from taskharbor.domain.values.primitives import list_from, object_from, string_from

MAX_REMINDERS: Final = 50

_UTC_DATE_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_UTC_LENGTH: Final = len("2026-12-01T09:00:00Z")


class RelativeTo(StrEnum):
    """What a relative reminder counts from."""

    START = "start"
    DUE = "due"


@frozen
class AbsoluteReminder:
    """A reminder at an instant.

    Attributes:
        when: the instant: aware, in UTC, in whole seconds.
    """

    when: datetime

    def instant(self, *, start: CalendarTime | None, due: CalendarTime | None, viewer: str) -> datetime:  # noqa: ARG002
        """Return the instant, whatever the task's times are."""
        return self.when

    def as_json(self) -> dict[str, str]:
        """Return the wire form."""
        return {"when": f"{self.when.replace(tzinfo=None).isoformat()}Z"}


@frozen
class RelativeReminder:
    """A reminder that moves with the task.

    Attributes:
        offset: how far before (negative) or after.
        relative_to: before or after what.
    """

    offset: SignedDuration
    relative_to: RelativeTo

    def instant(self, *, start: CalendarTime | None, due: CalendarTime | None, viewer: str) -> datetime | None:
        """Return the UTC instant as seen in the zone of the viewer; None if the task lacks what this counts from.

        Raises:
            InvalidValue: for `duration`, if the years 1 to 9999 do not hold it.
        """
        moment = start if self.relative_to is RelativeTo.START else due
        return None if moment is None else self.offset.instant_from(moment, viewer)

    def as_json(self) -> dict[str, str]:
        """Return the wire form."""
        return {"offset": self.offset.as_json(), "relativeTo": self.relative_to.value}


Reminder: TypeAlias = AbsoluteReminder | RelativeReminder

ReminderInput: TypeAlias = Reminder | Mapping[str, object]
"""A reminder, or its wire form. Either is checked before a task takes it."""

Reminders: TypeAlias = tuple[Reminder, ...]
"""Reminders in the order in which they were given, none of them twice."""


def reminder_from(field: str, value: object) -> Reminder:
    """Return the reminder that `value` is, or is the wire form of.

    Raises:
        InvalidValue: for `field` or a member of it, such as `reminders[0].offset`.
    """
    if isinstance(value, AbsoluteReminder | RelativeReminder):
        value = value.as_json()  # its constructor has checked nothing
    members = object_from(field, value, ("when", "offset", "relativeTo"))
    if "when" in members:
        for name in ("offset", "relativeTo"):
            if name in members:
                raise InvalidValue(f"{field}.{name}", "contradicts when: a reminder is absolute or relative")
        return AbsoluteReminder(_utc_from(f"{field}.when", members["when"]))
    if "offset" not in members:
        raise InvalidValue(field, "must have when, or offset and relativeTo")
    offset = signed_duration_from(f"{field}.offset", members["offset"])
    relative_to = members.get("relativeTo")
    if not isinstance(relative_to, str) or relative_to not in {*RelativeTo}:
        raise InvalidValue(f"{field}.relativeTo", "must be start or due")
    return RelativeReminder(offset, RelativeTo(relative_to))


def reminders_from(value: object) -> Reminders:
    """Return `value`, a list of reminders in their wire form, as reminders. Duplicates are dropped.

    Raises:
        InvalidValue: for `reminders` or a place in it.
    """
    items = list_from("reminders", value, most=MAX_REMINDERS)
    return tuple(dict.fromkeys(reminder_from(f"reminders[{place}]", item) for place, item in enumerate(items)))


def reminders_as_json(reminders: Reminders) -> list[dict[str, str]]:
    """Return the wire form."""
    return [reminder.as_json() for reminder in reminders]


def _utc_from(field: str, value: object) -> datetime:
    text = string_from(field, value)
    try:
        # strptime() takes digits of other scripts and leaves out leading zeros; the way back shows it.
        when = datetime.strptime(text, _UTC_DATE_TIME).replace(tzinfo=UTC) if len(text) == _UTC_LENGTH else None
    except ValueError:
        when = None
    if when is None or AbsoluteReminder(when).as_json()["when"] != text:
        raise InvalidValue(field, "must be a UTC date-time in whole seconds such as 2026-12-01T09:00:00Z")
    return when
