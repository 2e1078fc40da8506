"""The parameters that only operations on reminders have."""

from datetime import UTC, datetime
from typing import Final

from taskharbor.application.reminders.list_reminders import DEFAULT_REMINDERS
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.parameter import TEXT, Parameter, text
from taskharbor.entrypoints.http.requests.parameters import in_query, limit_of


def _instant(given: str, location: str) -> datetime:
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise InvalidRequest.at(location, "must be an instant such as 2026-12-01T09:00:00Z", code="invalid_value")
    return found.astimezone(UTC)


REMINDER: Final = Parameter(
    name="reminder",
    where="path",
    schema=TEXT,
    description="Which reminder of the task, as its `alerts` name it: `due-PT15M`, or `2026-12-01T09:00:00Z`.",
    parse=text,
    example="due-PT15M",
    is_required=True,
)
BEFORE: Final = in_query(
    "before",
    "Only reminders that are due before this instant (RFC 3339; send a `+` as `%2B`).",
    TEXT | {"format": "date-time"},
    _instant,
    example="2026-12-01T00:00:00Z",
)
REMINDERS_AFTER: Final = in_query("after", "Start after this place: that of the `next` link.", TEXT, text)
REMINDERS_LIMIT: Final = limit_of("reminders", default=DEFAULT_REMINDERS)
