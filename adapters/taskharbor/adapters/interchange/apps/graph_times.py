"""dateTimeTimeZone of Microsoft Graph: a local date-time, and the name of its zone, of Windows or IANA."""

from datetime import UTC, datetime

from taskharbor.adapters.interchange.apps.values import object_in, text_in, zone_in
from taskharbor.domain.values.calendar_time import utc_instant
from taskharbor.domain.values.time_zone import zone


def moment_of(value: object) -> dict[str, object] | None:
    """Return the wire form of a calendar time: a whole day at midnight, else a time in its zone."""
    wall, name = _both(value)
    if wall is None or name is None:
        return None
    if (wall.hour, wall.minute, wall.second) == (0, 0, 0):
        return {"date": wall.date().isoformat()}
    return {"localDateTime": wall.isoformat(), "timeZone": name}


def instant_of(value: object) -> datetime | None:
    """Return the instant that it is."""
    wall, name = _both(value)
    return None if wall is None or name is None else utc_instant(wall, zone(name))


def _both(value: object) -> tuple[datetime | None, str | None]:
    said = object_in(value)
    try:
        found = datetime.fromisoformat(text_in(said.get("dateTime"))[:40])
        if found.tzinfo is not None:
            return found.astimezone(UTC).replace(tzinfo=None, microsecond=0), "UTC"
    except (ValueError, OverflowError):
        return None, None
    name = said.get("timeZone")
    return found.replace(microsecond=0), "UTC" if name is None or name == "" else _zone(text_in(name))


def _zone(name: str) -> str | None:
    if (found := zone_in(name)) is not None:
        return found
    try:
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # noqa: PLC0415  # an extra has it
    except ImportError:
        return None
    return zone_in(WINDOWS_TO_OLSON.get(name, ""))
