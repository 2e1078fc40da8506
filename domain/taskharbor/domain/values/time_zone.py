"""Time zones by their IANA names: RFC 8984 section 1.4.8, RFC 6557."""

# ruff: noqa: PLC0415  # zoneinfo and what finds it take 5 ms to load, and most who import this read no zone for long

from functools import cache
from typing import TYPE_CHECKING, Final

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.primitives import string_from

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DEFAULT_TIME_ZONE: Final = "UTC"
"""In which zone days begin where nothing says so."""

# Names that the data base has, but that mean another thing on each machine, or nothing.
_NO_ZONES: Final = frozenset({"localtime", "Factory"})


@cache
def known_time_zones() -> frozenset[str]:
    """Return the names of all zones, links such as `US/Eastern` and `UTC` included. The first call takes longer."""
    from zoneinfo import available_timezones

    return frozenset(available_timezones() - _NO_ZONES)


@cache
def _packed_time_zones() -> frozenset[str]:
    """Return the names that the package `tzdata` lists, where it is installed: found at once, unlike all of them."""
    from importlib.util import find_spec
    from pathlib import Path

    package = find_spec("tzdata")
    for folder in (package and package.submodule_search_locations) or ():
        try:
            return frozenset((Path(folder) / "zones").read_text(encoding="ascii").split()) - _NO_ZONES
        except (OSError, ValueError):
            continue
    return frozenset()


def is_time_zone(name: str) -> bool:
    """Return whether a zone has this name."""
    return name == DEFAULT_TIME_ZONE or name in _packed_time_zones() or name in known_time_zones()


def time_zone_from(field: str, value: object) -> str:
    """Return `value` as the name of a zone, spelt exactly as in the IANA data base.

    Raises:
        InvalidValue: for `field`.
    """
    # Not by trying ZoneInfo(): it opens files named by the caller, ignores case on some systems, takes names that
    # hold leap seconds ("right/UTC"), and a name with a thousand slashes makes it recurse too deep.
    if not is_time_zone(name := string_from(field, value)):
        raise InvalidValue(field, "must be the IANA name of a time zone, such as Europe/Berlin or UTC")
    return name


@cache
def zone(name: str) -> "ZoneInfo":
    """Return the rules of the zone with this name.

    Raises:
        InvalidValue: for `timeZone`; a stored name can be unknown on a machine with older data.
    """
    from zoneinfo import ZoneInfo

    return ZoneInfo(time_zone_from("timeZone", name))
