"""patternedRecurrence of Microsoft Graph as RRULE."""

from collections.abc import Mapping
from typing import Final

from taskharbor.adapters.interchange.apps.values import day_in, list_in, object_in, text_in

_DAYS: Final = {
    "sunday": "SU",
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
}
_INDEX: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}


def recurrence_of(said: Mapping[str, object]) -> str | None:
    """Return the RRULE that it says, or None if it is not understood."""
    pattern, over = object_in(said.get("pattern")), object_in(said.get("range") or {"type": "noEnd"})
    interval, kind = pattern.get("interval", 1), text_in(pattern.get("type"))
    days = [_DAYS.get(text_in(day).lower(), "") for day in list_in(pattern.get("daysOfWeek"))]
    if not isinstance(interval, int) or interval < 1 or "" in days:
        return None
    first = _DAYS.get(text_in(pattern.get("firstDayOfWeek")).lower(), "SU")
    parts = _parts(kind, pattern, days, first)
    end = _end(over)
    if parts is None or end is None:
        return None
    return ";".join([parts[0], *([f"INTERVAL={interval}"] if interval > 1 else []), *parts[1:], *end])


def _parts(kind: str, pattern: Mapping[str, object], days: list[str], first: str) -> list[str] | None:
    month, day = pattern.get("month"), pattern.get("dayOfMonth")
    position = _INDEX.get(text_in(pattern.get("index") or "first"))
    on_days = [f"BYDAY={','.join(days)}", f"BYSETPOS={position}"] if days and position is not None else None
    by_month = [f"BYMONTH={month}"] if isinstance(month, int) else None
    by_day = [f"BYMONTHDAY={day}"] if isinstance(day, int) else None
    parts: dict[str, list[list[str] | None]] = {
        "daily": [["FREQ=DAILY"]],
        "weekly": [["FREQ=WEEKLY"], [f"BYDAY={','.join(days)}", f"WKST={first}"] if days else None],
        "absoluteMonthly": [["FREQ=MONTHLY"], by_day],
        "relativeMonthly": [["FREQ=MONTHLY"], on_days],
        "absoluteYearly": [["FREQ=YEARLY"], by_month, by_day],
        "relativeYearly": [["FREQ=YEARLY"], by_month, on_days],
    }
    found = parts.get(kind, [None])
    return None if None in found else [part for some in found if some for part in some]


def _end(over: Mapping[str, object]) -> list[str] | None:
    match over.get("type", "noEnd"):
        case "noEnd":
            return []
        case "endDate" if day := day_in(over.get("endDate")):
            return [f"UNTIL={day.replace('-', '')}"]
        case "numbered" if isinstance(count := over.get("numberOfOccurrences"), int):
            return [f"COUNT={count}"]
        case _:
            return None
