"""RRULE, RDATE and EXDATE (RFC 5545 section 3.8.5), and what they cannot say of a series here."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, cast

from taskharbor.adapters.interchange.icalendar.content_lines import raw_line, text_line
from taskharbor.adapters.interchange.icalendar.properties import Property
from taskharbor.adapters.interchange.icalendar.times import ZoneOf, time_of, time_parts
from taskharbor.domain.recurrence.recurrence import Anchor, Overdue, is_same_kind
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.time_zone import zone

OWN: Final = "X-TASKHARBOR-RECURRENCE"
"""JSON: anchor, overdue, first and current, and the time of the task for which they were said."""

SERIES: Final = frozenset({"RRULE", "RDATE", "EXDATE", OWN})


def recurrence_told(
    found: Sequence[Property], moment: CalendarTime | None, zone_of: ZoneOf
) -> dict[str, object] | None:
    """Return the wire form of the recurrence that these properties are, or None if there is none.

    Raises:
        InvalidValue: for the property whose dates cannot be read.
    """
    rules = [each for each in found if each.name == "RRULE" and each.value.strip()]
    told: dict[str, object] = {"rrule": "".join(rules[0].value.split()).rstrip(";")} if rules else {}
    for name in ("RDATE", "EXDATE"):
        dates = [date for each in found if each.name == name for date in _dates(each, moment, zone_of)]
        if dates:
            told[name.lower()] = [date.as_json() for date in dates]
    if "rrule" not in told and "rdate" not in told:
        return None
    return told | next((_own(each, moment) for each in found if each.name == OWN), {})


def recurrence_lines(task: Task) -> Iterator[str]:
    """Yield the properties that tell how a task comes again."""
    recurrence, moment = task.recurrence, task.start or task.due
    if recurrence is None or moment is None:
        return
    if recurrence.rule is not None:
        yield raw_line("RRULE", recurrence.rule.text)
    for name, dates in (("RDATE", recurrence.rdate), ("EXDATE", recurrence.exdate)):
        if dates:
            parameters = time_parts(dates[0])[0]
            yield raw_line(name, ",".join(time_parts(date)[1] for date in dates), parameters)
    is_plain = recurrence.anchor is Anchor.SCHEDULE and recurrence.overdue is Overdue.SKIP
    if not is_plain or recurrence.first != moment or recurrence.current != moment:
        own = {name: recurrence.as_json()[name] for name in ("anchor", "overdue", "first", "current")}
        yield text_line(OWN, json.dumps(own | {"moment": moment.as_json()}, separators=(",", ":")))


def _own(found: Property, moment: CalendarTime | None) -> dict[str, object]:
    try:
        members: Any = json.loads(found.text)
    except ValueError:
        return {}
    if not isinstance(members, dict):
        return {}
    told = cast("dict[str, object]", members)
    # Where the task stands in its series counts no longer, once another program has moved it.
    stands = ("first", "current") if moment is not None and told.get("moment") == moment.as_json() else ()
    return {name: told[name] for name in ("anchor", "overdue", *stands) if name in told}


def _dates(found: Property, moment: CalendarTime | None, zone_of: ZoneOf) -> Iterator[CalendarTime]:
    for value in found.value.split(","):
        if value.strip():
            date = time_of(found._replace(value=value.partition("/")[0]), zone_of)  # of a period, its beginning
            yield date if moment is None else in_the_form_of(moment, date)


def in_the_form_of(moment: CalendarTime, date: CalendarTime) -> CalendarTime:
    """Return which occurrence of a series at `moment` is meant: programs write a date, UTC, or another zone."""
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
