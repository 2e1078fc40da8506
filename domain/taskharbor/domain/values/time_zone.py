"""Time zones by their IANA names: RFC 8984 section 1.4.8, RFC 6557."""

from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.primitives import string_from

DEFAULT_TIME_ZONE: Final = "UTC"
"""In which zone days begin where nothing says so."""

# Names that the data base has, but that mean another thing on each machine, or nothing.
_NO_ZONES: Final = frozenset({"localtime", "Factory"})


@cache
def known_time_zones() -> frozenset[str]:
    """Return the names of all zones, links such as `US/Eastern` and `UTC` included. The first call takes longer."""
    return frozenset(available_timezones() - _NO_ZONES)


def time_zone_from(field: str, value: object) -> str:
    """Return `value` as the name of a zone, spelt exactly as in the IANA data base.

    Raises:
        InvalidValue: for `field`.
    """
    # Not by trying ZoneInfo(): it opens files named by the caller, ignores case on some systems, takes names that
    # hold leap seconds ("right/UTC"), and a name with a thousand slashes makes it recurse too deep.
    if (name := string_from(field, value)) not in known_time_zones():
        raise InvalidValue(field, "must be the IANA name of a time zone, such as Europe/Berlin or UTC")
    return name


@cache
def zone(name: str) -> ZoneInfo:
    """Return the rules of the zone with this name.

    Raises:
        InvalidValue: for `timeZone`; a stored name can be unknown on a machine with older data.
    """
    return ZoneInfo(time_zone_from("timeZone", name))
