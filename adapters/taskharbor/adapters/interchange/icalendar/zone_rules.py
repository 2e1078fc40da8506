"""Which zone a VTIMEZONE of somebody's own describes. RFC 5545 section 3.6.5."""

import re
from datetime import datetime, timedelta, tzinfo
from functools import cache
from typing import Final, cast
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.timezone import tzp
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from taskharbor.adapters.interchange.icalendar.components import Part
from taskharbor.adapters.interchange.icalendar.properties import Property, properties_of
from taskharbor.adapters.interchange.icalendar.zone_names import iana_name_of
from taskharbor.domain.values.time_zone import known_time_zones

_MAX_LINES: Final = 600
_PROBED_YEAR: Final = datetime(2025, 1, 1, 12)  # noqa: DTZ001  # it is local
_PROBES: Final = tuple(_PROBED_YEAR + timedelta(days=day) for day in range(0, 365, 3))
_RULE: Final = re.compile(
    r"RRULE:(?:;?(?:FREQ=YEARLY|(?:BYMONTH|BYDAY|BYMONTHDAY|INTERVAL|UNTIL|WKST)=[A-Z0-9,+-]+))+", re.IGNORECASE
)


def described_zone(part: Part) -> tuple[str, str | None]:
    """Return the TZID of a VTIMEZONE, and the IANA name of a zone with the same rules, or None.

    X-LIC-LOCATION names it in most calendars. Else the offsets are compared, over the days of a year.
    """
    named = {found.name: found for found in properties_of(part.lines) if isinstance(found, Property)}
    tzid = named["TZID"].text if "TZID" in named else ""
    location = named.get("X-LIC-LOCATION")
    name = iana_name_of(tzid) or (iana_name_of(location.text) if location else None)
    return tzid, name or _zone_with(part)


def _zone_with(part: Part) -> str | None:
    rules = [line.text for sub in part.parts for line in sub.lines]
    if len(rules) > _MAX_LINES or any(text.upper().startswith("RRULE") and not _RULE.fullmatch(text) for text in rules):
        return None  # a rule made to be expensive, perhaps
    try:
        theirs = Timezone.from_ical(_text_of(part))
        offsets = _offsets(cast("Timezone", theirs).to_tz(tzp, lookup_tzid=False))
    except Exception:  # noqa: BLE001  # whatever two libraries make of a stranger's rules
        return None
    return _by_offsets().get(offsets)


def _text_of(part: Part) -> str:
    lines = ["BEGIN:VTIMEZONE", "TZID:their-own"]
    for sub in part.parts:
        lines += [f"BEGIN:{sub.name}", *(line.text for line in sub.lines), f"END:{sub.name}"]
    return "\r\n".join([*lines, "END:VTIMEZONE", ""])


def _offsets(zone: tzinfo) -> tuple[timedelta | None, ...]:
    return tuple(probe.replace(tzinfo=zone).utcoffset() for probe in _PROBES)


@cache
def _by_offsets() -> dict[tuple[timedelta | None, ...], str]:
    """Return for each course of offsets a zone that is well known: the one that Windows is mapped to, if any."""
    usual = dict.fromkeys(name for name in WINDOWS_TO_OLSON.values() if name in known_time_zones())
    found: dict[tuple[timedelta | None, ...], str] = {}
    for name in (*_FIRST, *usual, *sorted(known_time_zones())):
        found.setdefault(_offsets(ZoneInfo(name)), name)
    return found


_FIRST: Final = ("UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Chicago", "America/Denver")
"""Where many places have the same rules, the ones that most people mean."""
