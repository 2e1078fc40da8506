"""RRULE, RDATE and EXDATE (RFC 5545 section 3.8.5), and what they cannot express of a series here."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Any, Final, cast

from taskharbor.adapters.interchange.icalendar.content_lines import raw_line, text_line
from taskharbor.adapters.interchange.icalendar.properties import Property
from taskharbor.adapters.interchange.icalendar.times import ZoneOf, instant_text, time_of, time_parts
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.recurrence import Anchor, Overdue, in_form_of
from taskharbor.domain.recurrence.rule import RecurrenceRule
from taskharbor.domain.recurrence.rule_parser import recurrence_rule_from
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, utc_instant
from taskharbor.domain.values.time_zone import zone

OWN: Final = "X-TASKHARBOR-RECURRENCE"
"""JSON: anchor, overdue, first and current, the time of the task for which they were said, `dueOnly` if the task has no
start, and `rrule` as it was if its UNTIL is written otherwise."""

_UNTIL: Final = re.compile(r"(?<=UNTIL=)[0-9TZ]+")
_LAST: Final = time(23, 59, 59)

SERIES: Final = frozenset({"RRULE", "RDATE", "EXDATE", OWN})


def recurrence_from(
    found: Sequence[Property], moment: CalendarTime | None, zone_of: ZoneOf
) -> dict[str, object] | None:
    """Return the wire form of the recurrence that these properties are, or None if there is none.

    Raises:
        InvalidValue: for the property whose dates cannot be read.
    """
    rules = [each for each in found if each.name == "RRULE" and each.value.strip()]
    members: dict[str, object] = {"rrule": "".join(rules[0].value.split()).rstrip(";")} if rules else {}
    for name in ("RDATE", "EXDATE"):
        dates = [date for each in found if each.name == name for date in _dates(each, moment, zone_of)]
        if dates:
            members[name.lower()] = [date.as_json() for date in dates]
    if "rrule" not in members and "rdate" not in members:
        return None
    own = next((_own(each) for each in found if each.name == OWN), {})
    # Where the task stands in its series counts no longer, once another program has moved it.
    stands = ("first", "current") if moment is not None and own.get("moment") == moment.as_json() else ()
    members |= {name: own[name] for name in ("anchor", "overdue", *stands) if name in own}
    if "rrule" in own and moment is not None and _is_form_of(own["rrule"], members.get("rrule"), moment):
        members["rrule"] = own["rrule"]
    return members


def is_due_only(found: Sequence[Property]) -> bool:
    """Return whether a series was written with a DTSTART only because the standard wants one."""
    return any(_own(each).get("dueOnly") is True for each in found if each.name == OWN)


def recurrence_lines(task: Task) -> Iterator[str]:
    """Yield the properties of the recurrence of a task."""
    recurrence, moment = task.recurrence, task.start or task.due
    if recurrence is None or moment is None:
        return
    text = None if recurrence.rule is None else _rule_text(recurrence.rule, moment)
    if text is not None:
        yield raw_line("RRULE", text)
    for name, dates in (("RDATE", recurrence.rdate), ("EXDATE", recurrence.exdate)):
        if dates:
            parameters = time_parts(dates[0])[0]
            yield raw_line(name, ",".join(time_parts(date)[1] for date in dates), parameters)
    own = {name: recurrence.as_json()[name] for name in ("anchor", "overdue", "first", "current")}
    more: dict[str, object] = {} if task.start is not None else {"dueOnly": True}
    more |= {} if recurrence.rule is None or text == recurrence.rule.text else {"rrule": recurrence.rule.text}
    is_plain = recurrence.anchor is Anchor.SCHEDULE and recurrence.overdue is Overdue.SKIP
    if more or not is_plain or recurrence.first != moment or recurrence.current != moment:
        members = own | {"moment": moment.as_json()} | more
        yield text_line(OWN, json.dumps(members, separators=(",", ":")))


def _rule_text(rule: RecurrenceRule, moment: CalendarTime) -> str:
    """Return a rule with UNTIL as section 3.3.10 wants it: a date, a local time or UTC, as the series is of."""
    if rule.until is None:
        return rule.text
    wall = rule.until if isinstance(rule.until, datetime) else datetime.combine(rule.until, _LAST)
    if isinstance(moment, AllDay):
        value = time_parts(AllDay(wall.date()))[1]
    elif isinstance(moment, Floating):
        value = time_parts(Floating(wall.replace(tzinfo=None)))[1]
    else:
        value = instant_text(wall if wall.tzinfo else utc_instant(wall, zone(moment.time_zone)))
    return _UNTIL.sub(value, rule.text)


def _is_form_of(original: object, text: object, moment: CalendarTime) -> bool:
    try:
        return _rule_text(recurrence_rule_from("RRULE", original), moment) == text
    except InvalidValue:
        return False


def _own(found: Property) -> dict[str, object]:
    try:
        members: Any = json.loads(found.text)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", members) if isinstance(members, dict) else {}


def _dates(found: Property, moment: CalendarTime | None, zone_of: ZoneOf) -> Iterator[CalendarTime]:
    for value in found.value.split(","):
        if value.strip():
            date = time_of(found._replace(value=value.partition("/")[0]), zone_of)  # of a period, its beginning
            yield date if moment is None else in_form_of(moment, date)
