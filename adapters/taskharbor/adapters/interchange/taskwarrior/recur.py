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

from taskharbor.adapters.interchange.simple_recurrence import Every, Unit, every_of, steps_between
from taskharbor.adapters.interchange.taskwarrior.dates import date_of, date_text
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.recurrence import Anchor, Overdue, Recurrence
from taskharbor.domain.values.calendar_time import CalendarTime, Zoned

MOST: Final = 5_000
"""How many tasks a template can have brought forth, for its mask to be understood."""

TEMPLATE: Final = frozenset({"due", "recur", "mask", "until", "rtype"})
"""What a template says of its series."""

_WORDS: Final = {
    "daily": Every(Unit.DAY),
    "day": Every(Unit.DAY),
    "weekdays": Every(Unit.WORKDAY),
    "weekly": Every(Unit.WEEK),
    "week": Every(Unit.WEEK),
    "biweekly": Every(Unit.WEEK, 2),
    "fortnight": Every(Unit.WEEK, 2),
    "monthly": Every(Unit.MONTH),
    "month": Every(Unit.MONTH),
    "bimonthly": Every(Unit.MONTH, 2),
    "quarterly": Every(Unit.MONTH, 3),
    "semiannual": Every(Unit.MONTH, 6),
    "annual": Every(Unit.YEAR),
    "yearly": Every(Unit.YEAR),
    "year": Every(Unit.YEAR),
    "biannual": Every(Unit.YEAR, 2),
    "biyearly": Every(Unit.YEAR, 2),
}
_UNITS: Final = {
    "h": Every(Unit.HOUR),
    "hr": Every(Unit.HOUR),
    "hrs": Every(Unit.HOUR),
    "hour": Every(Unit.HOUR),
    "hours": Every(Unit.HOUR),
    "d": Every(Unit.DAY),
    "day": Every(Unit.DAY),
    "days": Every(Unit.DAY),
    "w": Every(Unit.WEEK),
    "wk": Every(Unit.WEEK),
    "wks": Every(Unit.WEEK),
    "week": Every(Unit.WEEK),
    "weeks": Every(Unit.WEEK),
    "m": Every(Unit.MONTH),
    "mo": Every(Unit.MONTH),
    "mos": Every(Unit.MONTH),
    "mth": Every(Unit.MONTH),
    "mths": Every(Unit.MONTH),
    "month": Every(Unit.MONTH),
    "months": Every(Unit.MONTH),
    "q": Every(Unit.MONTH, 3),
    "qtr": Every(Unit.MONTH, 3),
    "qtrs": Every(Unit.MONTH, 3),
    "quarter": Every(Unit.MONTH, 3),
    "quarters": Every(Unit.MONTH, 3),
    "y": Every(Unit.YEAR),
    "yr": Every(Unit.YEAR),
    "yrs": Every(Unit.YEAR),
    "year": Every(Unit.YEAR),
    "years": Every(Unit.YEAR),
}
_NUMBERED: Final = re.compile(r"([1-9][0-9]{0,3}) ?([a-z]+)")
_ISO: Final = re.compile(r"P(?:([1-9][0-9]{0,3})([DWMY])|T([1-9][0-9]{0,3})(H))")
_LETTER: Final = {Unit.HOUR: "PT{}H", Unit.DAY: "P{}D", Unit.WEEK: "P{}W", Unit.MONTH: "P{}M", Unit.YEAR: "P{}Y"}


class Series(NamedTuple):
    """What a template tells.

    Attributes:
        due: when the next one is due.
        recurrence: in wire form.
    """

    due: Zoned
    recurrence: dict[str, object]


def every_told(recur: object) -> Every | None:
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
    return None if once is None else Every(once.unit, once.number * number)


def series_told(members: Mapping[str, Any]) -> Series | None:
    """Return the series that the attributes of a template tell, or None if it cannot be told here.

    Raises:
        InvalidValue: for `due` or `until`.
    """
    every, mask = every_told(members.get("recur")), members.get("mask", "")
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
    told: dict[str, object] = {
        "rrule": rrule + until,
        "first": Zoned(first, "UTC").as_json(),
        "current": current.as_json(),
    }
    return Series(current, told)


def attributes_of(recurrence: Recurrence, kept: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a template says of a series: as it came, if that is still so; None if it cannot say it."""
    if not isinstance(recurrence.first, Zoned) or recurrence.first.time_zone != "UTC" or recurrence.rule is None:
        return None
    is_plain = recurrence.anchor is Anchor.SCHEDULE and recurrence.overdue is Overdue.SKIP
    if not is_plain or recurrence.rdate or recurrence.exdate or recurrence.rule.count is not None:
        return None
    first, current = recurrence.first.wall, _wall(recurrence)
    every = every_of(recurrence.rule, first)
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
    told = {"recur": recur, "due": due, **until_text}
    told |= {"mask": mask} if mask or "mask" in kept else {}
    return told | ({"rtype": kept["rtype"]} if "rtype" in kept else {})


def occurrence_number(recurrence: Recurrence, moment: CalendarTime) -> int | None:
    """Return which occurrence of a series is at a time, 0 for the first, or None if none is."""
    if not isinstance(recurrence.first, Zoned) or not isinstance(moment, Zoned) or recurrence.rule is None:
        return None
    every = every_of(recurrence.rule, recurrence.first.wall)
    return None if every is None else steps_between(every, recurrence.first.wall, moment.wall, most=MOST)


def _wall(recurrence: Recurrence) -> datetime:
    return recurrence.current.wall if isinstance(recurrence.current, Zoned) else datetime.max  # noqa: DTZ901


def _as_it_came(kept: Mapping[str, Any], every: Every, due: str) -> bool:
    try:
        return every_told(kept.get("recur")) == every and date_text(date_of("due", kept.get("due"))) == due
    except InvalidValue:
        return False


def _recur(every: Every) -> str:
    return "weekdays" if every.unit is Unit.WORKDAY else _LETTER[every.unit].format(every.number)
