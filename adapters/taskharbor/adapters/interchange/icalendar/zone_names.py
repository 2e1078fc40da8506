"""What a TZID means: the IANA name of the zone. RFC 5545 section 3.2.19 lets it be any text."""

import re
from functools import cache
from typing import Final

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from taskharbor.domain.values.time_zone import known_time_zones

# GMT+0200, UTC+02:00, (UTC+02:00) Somewhere: whole hours only, as there are no other fixed zones.
_OFFSET: Final = re.compile(r"(?:GMT|UTC)?([+-])([0-9]{1,2}):?(?:00)?")
_LONGEST: Final = 255


@cache
def _by_folded_name() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(known_time_zones(), reverse=True)}


def iana_name_of(tzid: str) -> str | None:
    """Return the name of the zone that `tzid` means by itself, without a look at its VTIMEZONE; None if it is unclear.

    Understood are IANA names, in any case and after a prefix as in /freeassociation.sourceforge.net/Europe/Berlin
    (a 'globally unique' TZID), the names that Windows has, and whole hours from UTC.
    """
    name = tzid.strip().strip('"')
    if name in known_time_zones():
        return name
    if len(name) > _LONGEST:
        return None
    if windows := WINDOWS_TO_OLSON.get(name):
        return windows if windows in known_time_zones() else None
    parts = name.casefold().split("/")
    for first in range(len(parts)):
        if found := _by_folded_name().get("/".join(parts[first:])):
            return found
    return _fixed(name)


def _fixed(name: str) -> str | None:
    found = _OFFSET.fullmatch(name)
    if found is None:
        return None
    hours = int(found[2])
    # Etc/GMT-2 is two hours ahead of UTC: its sign is that of POSIX.
    zone = f"Etc/GMT{'-' if found[1] == '+' else '+'}{hours}" if hours else "Etc/GMT"
    return zone if zone in known_time_zones() else None
