"""How a task recurs: RRULE, RDATE and EXDATE of RFC 5545 section 3.8.5, and how missed occurrences are handled.

    {"rrule": "FREQ=MONTHLY;BYMONTHDAY=31", "rdate": [], "exdate": [], "anchor": "schedule", "overdue": "skip",
     "first": {"date": "2026-01-31"}, "current": {"date": "2026-03-31"}}

The task itself is the current occurrence. `first` is DTSTART: what the rule takes from it (the day, the time, the
phase of an interval) stays when the task advances, and when one occurrence is moved by changing the task's
`start` or `due`. `current` is the RECURRENCE-ID of the current occurrence: where the rule has it.
COUNT is the number of remaining occurrences, including the current one, so each takes one off.
"""

from collections.abc import Mapping
from datetime import datetime, time
from enum import StrEnum
from typing import Final, TypeAlias, TypeVar

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.recurrence.rule import Frequency, RecurrenceRule
from taskharbor.domain.recurrence.rule_parser import recurrence_rule_from
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned, calendar_time_from
from taskharbor.domain.values.primitives import list_from, object_from, string_from
from taskharbor.domain.values.time_zone import zone

MAX_DATES: Final = 500
"""How many RDATEs there can be, and how many EXDATEs."""

EARLIEST_COUNTED: Final = 1900
"""The year before which no series with a COUNT begins: all of its occurrences up to now have to be counted."""

E = TypeVar("E", bound=StrEnum)

_MEMBERS: Final = ("rrule", "rdate", "exdate", "anchor", "overdue", "first", "current")


class Anchor(StrEnum):
    """What the next occurrence is counted from."""

    SCHEDULE = "schedule"
    """The rule alone: when something was done does not matter."""

    COMPLETION = "completion"
    """The day on which this occurrence was done; the hour, if the rule is hourly."""


class Overdue(StrEnum):
    """What happens to occurrences that are over before the previous one was completed."""

    SKIP = "skip"
    """They are skipped."""

    CATCH_UP = "catch-up"
    """Each is to be completed."""


@frozen(kw_only=True)
class Recurrence:
    """A series, and the position of the task in it. Made by `recurrence_from`; the constructor checks nothing.

    Attributes:
        rule: by which it recurs; None if only on the dates of `rdate`.
        rdate: occurrences besides those of the rule, in ascending order.
        exdate: what is no occurrence though the rule or `rdate` says so, in ascending order.
        anchor: what the next occurrence is counted from.
        overdue: what happens to missed occurrences.
        first: where the rule begins. All calendar times here are of its kind, and in its time zone.
        current: which occurrence the task is.
    """

    rule: RecurrenceRule | None
    rdate: tuple[CalendarTime, ...] = ()
    exdate: tuple[CalendarTime, ...] = ()
    anchor: Anchor = Anchor.SCHEDULE
    overdue: Overdue = Overdue.SKIP
    first: CalendarTime
    current: CalendarTime

    def at(self, wall: datetime) -> CalendarTime:
        """Return the calendar time of the kind of this series that has this local time."""
        if isinstance(self.first, AllDay):
            return AllDay(wall.date())
        return Floating(wall) if isinstance(self.first, Floating) else Zoned(wall, self.first.time_zone)

    def as_json(self) -> dict[str, object]:
        """Return the wire form."""
        return {
            "rrule": None if self.rule is None else self.rule.text,
            "rdate": [moment.as_json() for moment in self.rdate],
            "exdate": [moment.as_json() for moment in self.exdate],
            "anchor": self.anchor.value,
            "overdue": self.overdue.value,
            "first": self.first.as_json(),
            "current": self.current.as_json(),
        }


RecurrenceInput: TypeAlias = Recurrence | Mapping[str, object]
"""A recurrence, or its wire form. Either is checked before a task takes it."""


def recurrence_from(field: str, value: object, *, moment: CalendarTime | None) -> Recurrence:
    """Return the recurrence that `value` is, or is the wire form of.

    Args:
        field: the field that it is meant for.
        value: all members may be absent, but `rrule` or `rdate` must say something.
        moment: the start of the task, without one its due: `first` and `current`, where they are absent.

    Raises:
        InvalidValue: for `field` or a member of it, such as `recurrence.rrule`.
    """
    if isinstance(value, Recurrence):
        value = value.as_json()  # its constructor has checked nothing
    members = object_from(field, value, _MEMBERS)
    if moment is None:
        raise InvalidValue(field, "requires start or due")
    rrule = members.get("rrule")
    rule = None if rrule is None else recurrence_rule_from(f"{field}.rrule", rrule)
    first = _one(f"{field}.first", members.get("first") or moment, moment)
    recurrence = Recurrence(
        rule=rule,
        rdate=_several(f"{field}.rdate", members.get("rdate", ()), moment),
        exdate=_several(f"{field}.exdate", members.get("exdate", ()), moment),
        anchor=_choice(f"{field}.anchor", members.get("anchor", Anchor.SCHEDULE), Anchor),
        overdue=_choice(f"{field}.overdue", members.get("overdue", Overdue.SKIP), Overdue),
        first=first,
        current=_one(f"{field}.current", members.get("current") or moment, moment),
    )
    if rule is None and not recurrence.rdate:
        raise InvalidValue(field, "must have an rrule or an rdate")
    if rule is not None and rule.frequency is Frequency.HOURLY and isinstance(moment, AllDay):
        raise InvalidValue(f"{field}.rrule", "FREQ must not be HOURLY for an all-day task")
    if rule is not None and rule.count is not None and wall_of(first).year < EARLIEST_COUNTED:
        raise InvalidValue(f"{field}.rrule", f"COUNT must not count from before the year {EARLIEST_COUNTED}")
    if wall_of(recurrence.current) < wall_of(first):
        raise InvalidValue(f"{field}.current", "must not be before first")
    return recurrence


def wall_of(moment: CalendarTime) -> datetime:
    """Return the local time, naive; midnight for a whole day."""
    return datetime.combine(moment.day, time.min) if isinstance(moment, AllDay) else moment.wall


def wall_from(field: str, value: object) -> datetime:
    """Return the local time that a date such as 2026-12-01, or a local date-time such as 2026-12-01T09:00:00, is.

    Raises:
        InvalidValue: for `field`.
    """
    text = string_from(field, value)
    try:
        return wall_of(calendar_time_from(field, {"localDateTime" if "T" in text else "date": text}))
    except InvalidValue as refusal:
        form = "a date such as 2026-12-01, or a local date-time such as 2026-12-01T09:00:00"
        reason = refusal.reason if refusal.reason.startswith("does not exist") else f"must be {form}"
        raise InvalidValue(field, reason) from None


def is_same_kind(one: CalendarTime, other: CalendarTime) -> bool:
    """Return whether two calendar times are of one kind, and in one time zone if they are zoned."""
    if isinstance(one, Zoned) and isinstance(other, Zoned):
        return one.time_zone == other.time_zone
    return type(one) is type(other)


def in_form_of(moment: CalendarTime, date: CalendarTime) -> CalendarTime:
    """Return which occurrence of a series at `moment` is meant by a date, UTC, another zone or none: the same instant.

    A date means the occurrence on that day; to a series of whole days a time means its day.
    """
    if is_same_kind(date, moment):
        return date
    if isinstance(moment, AllDay):
        return date if isinstance(date, AllDay) else AllDay(date.wall.date())
    if isinstance(date, AllDay):
        wall = datetime.combine(date.day, moment.wall.time())
    elif isinstance(date, Zoned) and isinstance(moment, Zoned):
        wall = date.utc.astimezone(zone(moment.time_zone)).replace(tzinfo=None, fold=0)
    else:
        wall = date.wall
    return Zoned(wall, moment.time_zone) if isinstance(moment, Zoned) else Floating(wall)


def _one(field: str, value: object, moment: CalendarTime) -> CalendarTime:
    found = calendar_time_from(field, value)
    if not is_same_kind(found, moment):
        raise InvalidValue(field, "must have the kind and time zone of the task's start (or due, if there is no start)")
    return found


def _several(field: str, value: object, moment: CalendarTime) -> tuple[CalendarTime, ...]:
    items = list_from(field, value, most=MAX_DATES)
    return tuple(sorted({_one(f"{field}[{place}]", item, moment) for place, item in enumerate(items)}, key=wall_of))


def _choice(field: str, value: object, choices: type[E]) -> E:
    if not isinstance(value, str) or value not in {*choices}:
        raise InvalidValue(field, f"must be {' or '.join(choices)}")
    return choices(value)
