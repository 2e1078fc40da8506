"""The time zone of this machine, by its IANA name."""

import os
from pathlib import Path


def local_zone_name() -> str:
    """Return the zone that `TZ` names, else that of `/etc/localtime`, else `UTC`."""
    named = os.environ.get("TZ", "").removeprefix(":")
    if _is_zone(named):
        return named
    try:
        link = Path("/etc/localtime").resolve()
    except OSError:
        return "UTC"
    name = str(link).rpartition("zoneinfo/")[2]
    return name if _is_zone(name) else "UTC"


def _is_zone(name: str) -> bool:
    from taskharbor.domain.values.time_zone import is_time_zone  # noqa: PLC0415

    return bool(name) and is_time_zone(name)
