"""`recur` of a template as the recurrence of a task, and back.

A template is a task that is never done itself. It brings forth a task for each date on which it is due, and says in
`mask` what has become of them, a letter each. So the task here stands at the first date for which there is none yet,
while those that there are know of which series they are. Taskwarrior counts in the zone of the computer on which it
runs, of which a file says nothing; here it is UTC.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from taskharbor.adapters.interchange.simple_recurrence import Interval, Unit, interval_of, steps_between
from taskharbor.adapters.interchange.taskwarrior.dates import date_of, date_text
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.recurrence import Anchor, Overdue, Recurrence
from taskharbor.domain.values.calendar_time import CalendarTime, Zoned

MOST: Final = 5_000
"""How many tasks a template can have brought forth, for its mask to be understood."""

TEMPLATE: Final = frozenset({"due", "recur", "mask", "until", "rtype"})
"""What a template says of its series."""

_WORDS: Final = {
    "daily": Interval(Unit.DAY),
    "day": Interval(Unit.DAY),
    "weekdays": Interval(Unit.WORKDAY),
    "weekly": Interval(Unit.WEEK),
    "week": Interval(Unit.WEEK),
    "biweekly": Interval(Unit.WEEK, 2),
    "fortnight": Interval(Unit.WEEK, 2),
    "monthly": Interval(Unit.MONTH),
    "month": Interval(Unit.MONTH),
    "bimonthly": Interval(Unit.MONTH, 2),
    "quarterly": Interval(Unit.MONTH, 3),
    "semiannual": Interval(Unit.MONTH, 6),
    "annual": Interval(Unit.YEAR),
    "yearly": Interval(Unit.YEAR),
    "year": Interval(Unit.YEAR),
    "biannual": Interval(Unit.YEAR, 2),
    "biyearly": Interval(Unit.YEAR, 2),
}
_UNITS: Final = {
    "h": Interval(Unit.HOUR),
    "hr": Interval(Unit.HOUR),
    "hrs": Interval(Unit.HOUR),
    "hour": Interval(Unit.HOUR),
    "hours": Interval(Unit.HOUR),
    "d": Interval(Unit.DAY),
    "day": Interval(Unit.DAY),
    "days": Interval(Unit.DAY),
    "w": Interval(Unit.WEEK),
    "wk": Interval(Unit.WEEK),
    "wks": Interval(Unit.WEEK),
    "week": Interval(Unit.WEEK),
    "weeks": Interval(Unit.WEEK),
    "m": Interval(Unit.MONTH),
    "mo": Interval(Unit.MONTH),
    "mos": Interval(Unit.MONTH),
    "mth": Interval(Unit.MONTH),
    "mths": Interval(Unit.MONTH),
    "month": Interval(Unit.MONTH),
    "months": Interval(Unit.MONTH),
    "q": Interval(Unit.MONTH, 3),
    "qtr": Interval(Unit.MONTH, 3),
    "qtrs": Interval(Unit.MONTH, 3),
    "quarter": Interval(Unit.MONTH, 3),
    "quarters": Interval(Unit.MONTH, 3),
    "y": Interval(Unit.YEAR),
    "yr": Interval(Unit.YEAR),
    "yrs": Interval(Unit.YEAR),
    "year": Interval(Unit.YEAR),
    "years": Interval(Unit.YEAR),
}
_NUMBERED: Final = re.compile(r"([1-9][0-9]{0,3}) ?([a-z]+)")
_ISO: Final = re.compile(r"P(?:([1-9][0-9]{0,3})([DWMY])|T([1-9][0-9]{0,3})(H))")
_LETTER: Final = {Unit.HOUR: "PT{}H", Unit.DAY: "P{}D", Unit.WEEK: "P{}W", Unit.MONTH: "P{}M", Unit.YEAR: "P{}Y"}


class Series(NamedTuple):
    """What a template contains.

    Attributes:
        due: when the next one is due.
        recurrence: in wire form.
    """

    due: Zoned
    recurrence: dict[str, object]


def interval_from(recur: object) -> Interval | None:
    """Return how often `recur` says, or None if that is nothing that a rule here can say."""
    if not isinstance(recur, str):
        return None
    if recur in _WORDS:
        return _WORDS[recur]
    if found := _ISO.fullmatch(recur):
        number, unit = int(found[1] or found[3]), (found[2] or found[4]).lower()
    elif found := _NUMBERED.fullmatch(recur):
        number, unit = int(found[1]), found[2]
    else:
        return None
    once = _UNITS.get(unit)
    return None if once is None else Interval(once.unit, once.number * number)


def series_from(members: Mapping[str, Any]) -> Series | None:
    """Return the series that the attributes of a template describe, or None if it has no equivalent here.

    Raises:
        InvalidValue: for `due` or `until`.
    """
    every, mask = interval_from(members.get("recur")), members.get("mask", "")
    if every is None or "due" not in members or not isinstance(mask, str) or len(mask) > MOST:
        return None
    first = date_of("due", members["due"]).replace(tzinfo=None)
    rrule = every.rrule(first)
    if rrule is None:
        return None
    until = f";UNTIL={date_text(date_of('until', members['until']))}" if members.get("until") else ""
    try:
        current = Zoned(every.after(first, len(mask)), "UTC")
    except OverflowError:
        return None
    attributes: dict[str, object] = {
        "rrule": rrule + until,
        "first": Zoned(first, "UTC").as_json(),
        "current": current.as_json(),
    }
    return Series(current, attributes)


def attributes_of(recurrence: Recurrence, kept: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a template says of a series: as it came, if that is still so; None if it cannot say it."""
    if not isinstance(recurrence.first, Zoned) or recurrence.first.time_zone != "UTC" or recurrence.rule is None:
        return None
    is_plain = recurrence.anchor is Anchor.SCHEDULE and recurrence.overdue is Overdue.SKIP
    if not is_plain or recurrence.rdate or recurrence.exdate or recurrence.rule.count is not None:
        return None
    first, current = recurrence.first.wall, _wall(recurrence)
    every = interval_of(recurrence.rule, first)
    until = recurrence.rule.until
    if every is None or (until is not None and not isinstance(until, datetime)):
        return None
    steps = steps_between(every, first, current, most=MOST)
    if steps is None:
        return None
    until_text = {"until": date_text(until)} if isinstance(until, datetime) and until.tzinfo else {}
    if until is not None and not until_text:
        return None
    due = date_text(recurrence.first.utc)
    as_it_came = _as_it_came(kept, every, due)
    recur = kept["recur"] if as_it_came else _recur(every)
    mask = str(kept.get("mask", "")) if as_it_came else ""
    mask = (mask + "+" * steps)[:steps]
    if not as_it_came and steps:
        due, mask = date_text(Zoned(current, "UTC").utc), ""
    attributes = {"recur": recur, "due": due, **until_text}
    attributes |= {"mask": mask} if mask or "mask" in kept else {}
    return attributes | ({"rtype": kept["rtype"]} if "rtype" in kept else {})


def occurrence_number(recurrence: Recurrence, moment: CalendarTime) -> int | None:
    """Return which occurrence of a series is at a time, 0 for the first, or None if none is."""
    if not isinstance(recurrence.first, Zoned) or not isinstance(moment, Zoned) or recurrence.rule is None:
        return None
    every = interval_of(recurrence.rule, recurrence.first.wall)
    return None if every is None else steps_between(every, recurrence.first.wall, moment.wall, most=MOST)


def _wall(recurrence: Recurrence) -> datetime:
    return recurrence.current.wall if isinstance(recurrence.current, Zoned) else datetime.max  # noqa: DTZ901


def _as_it_came(kept: Mapping[str, Any], every: Interval, due: str) -> bool:
    try:
        return interval_from(kept.get("recur")) == every and date_text(date_of("due", kept.get("due"))) == due
    except InvalidValue:
        return False


def _recur(every: Interval) -> str:
    return "weekdays" if every.unit is Unit.WORKDAY else _LETTER[every.unit].format(every.number)
