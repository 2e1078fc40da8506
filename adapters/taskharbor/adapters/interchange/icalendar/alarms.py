"""VALARM as reminders, and back. RFC 5545 section 3.6.6.

An alarm says more than when: its action, its text, its own uid. All of it is kept beside the reminder, and comes out
again as long as the task has that reminder.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from taskharbor.adapters.interchange.icalendar.components import Part
from taskharbor.adapters.interchange.icalendar.content_lines import text_line
from taskharbor.adapters.interchange.icalendar.preserving import lines_of
from taskharbor.adapters.interchange.icalendar.properties import Property, properties_of
from taskharbor.adapters.interchange.icalendar.times import ZoneOf, instant_of, instant_text
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.reminder import MAX_REMINDERS, AbsoluteReminder, RelativeReminder, RelativeTo, Reminder
from taskharbor.domain.values.duration import signed_duration_from

Alarm = dict[str, Any]
"""`reminder` in its wire form, or null if it is none, and all `lines` of the alarm, with those of components in it."""

_NEVER: Final = "19760401T005545Z"
"""By which Apple says that an alarm has no time: it goes off at a place, or not at all."""

_PLACES: Final = frozenset({"X-APPLE-PROXIMITY", "PROXIMITY"})
_IS_DATE: Final = re.compile(r"[0-9]{8}")


def alarm_of(part: Part, zone_of: ZoneOf) -> tuple[Reminder | None, Alarm, str | None]:
    """Return the reminder that an alarm is, what to keep of it, and a remark if it is no reminder.

    An alarm at a place (RFC 9074 section 8), or with an action of NONE, is none, and nothing to remark on.
    """
    found = {each.name: each for each in properties_of(part.lines) if isinstance(each, Property)}
    lines = list(lines_of(part))
    trigger = found.get("TRIGGER")
    is_none = "ACTION" in found and found["ACTION"].value.strip().upper() == "NONE"
    if is_none or found.keys() & _PLACES or (trigger and trigger.value.strip() == _NEVER):
        return None, {"reminder": None, "lines": lines}, None
    try:
        reminder = None if trigger is None else _reminder_of(trigger, zone_of)
    except InvalidValue as invalid:
        return None, {"reminder": None, "lines": lines}, f"line {part.number} (VALARM): {invalid.reason}"
    remark = None if reminder else f"line {part.number} (VALARM): it has no TRIGGER"
    return reminder, {"reminder": reminder.as_json() if reminder else None, "lines": lines}, remark


def reminders_within_limit(reminders: Sequence[Reminder]) -> tuple[tuple[Reminder, ...], bool]:
    """Return as many different reminders as a task can have, and whether there were more."""
    different = tuple(dict.fromkeys(reminders))
    return different[:MAX_REMINDERS], len(different) > MAX_REMINDERS


def alarm_lines(reminders: Sequence[Reminder], preserved: Sequence[Alarm], title: str) -> list[str]:
    """Return the content lines of all alarms: of the reminders, and those that are none."""
    remaining = [reminder.as_json() for reminder in reminders]
    lines: list[str] = []
    for alarm in preserved:
        if alarm["reminder"] is None or alarm["reminder"] in [reminder.as_json() for reminder in reminders]:
            lines += _component(alarm["lines"])
            remaining = [reminder for reminder in remaining if reminder != alarm["reminder"]]
    for reminder in reminders:
        if reminder.as_json() in remaining:
            lines += _component(["ACTION:DISPLAY", text_line("DESCRIPTION", title), _trigger(reminder)])
    return lines


def _reminder_of(trigger: Property, zone_of: ZoneOf) -> Reminder:
    value = trigger.value.strip()
    if trigger.parameters.get("VALUE", "").upper() == "DATE-TIME" or _IS_DATE.match(value):
        return AbsoluteReminder(instant_of(trigger, zone_of))
    related = trigger.parameters.get("RELATED", "START").upper()
    return RelativeReminder(
        signed_duration_from("TRIGGER", value.upper()), RelativeTo.DUE if related == "END" else RelativeTo.START
    )


def _trigger(reminder: Reminder) -> str:
    if isinstance(reminder, AbsoluteReminder):
        return f"TRIGGER;VALUE=DATE-TIME:{instant_text(reminder.when)}"
    related = ";RELATED=END" if reminder.relative_to is RelativeTo.DUE else ""
    return f"TRIGGER{related}:{reminder.offset.as_json()}"


def _component(lines: Sequence[str]) -> list[str]:
    return ["BEGIN:VALARM", *lines, "END:VALARM"]
