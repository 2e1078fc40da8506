"""Values as apps write them, whatever type they turn out to have."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, cast
from zoneinfo import ZoneInfo

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.time_zone import time_zone_from

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_MILLISECONDS: Final = 250_000_000_000_000


def object_in(value: object) -> Mapping[str, object]:
    """Return an object, an empty one in place of anything else."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def list_in(value: object) -> Sequence[object]:
    """Return a list, an empty one in place of anything else."""
    return cast("Sequence[object]", value) if isinstance(value, list) else ()


def text_in(value: object) -> str:
    """Return a text or a whole number as text, an empty one in place of anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def instant_in(value: object) -> datetime | None:
    """Return the instant that an ISO 8601 date-time with an offset, or a number of milliseconds since 1970, is.

    One without an offset is in UTC.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _EPOCH + timedelta(milliseconds=value) if 0 < value < _MOST_MILLISECONDS else None
        found = datetime.fromisoformat(text_in(value)[:40])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day_in(value: object) -> str | None:
    """Return the date with which a text begins, such as 2026-12-01, or None."""
    text = text_in(value)[:10]
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        return None


def zone_in(value: object) -> str | None:
    """Return the IANA name of a time zone that there is, or None."""
    try:
        return time_zone_from("timeZone", text_in(value))
    except InvalidValue:
        return None


def zoned_wire(instant: datetime, zone: str | None) -> dict[str, object]:
    """Return the wire form of an instant on the clocks of a zone, of UTC if there is none."""
    name = zone or "UTC"
    try:
        wall = instant.astimezone(UTC if name == "UTC" else ZoneInfo(name))
    except (OverflowError, OSError, ValueError):
        name, wall = "UTC", instant
    return {"localDateTime": wall.replace(tzinfo=None, microsecond=0).isoformat(), "timeZone": name}


def reminder_at(instant: datetime) -> dict[str, object]:
    """Return the wire form of a reminder at an instant."""
    return {"when": f"{instant.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()}Z"}
