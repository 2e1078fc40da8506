"""From what an agent writes to what commands take."""

import re
from typing import Any, Final

from taskharbor.domain.errors import InvalidValue

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?: (\S+))?", re.ASCII)

_MOMENTS: Final = ("start", "due")


def fields_from(item: dict[str, Any], place: str, time_zone: str) -> dict[str, Any]:
    """Return the fields of a task, all but its list; dates and times are taken from short texts.

    Raises:
        InvalidValue: for a date that is none.
    """
    fields = {name: value for name, value in item.items() if name in FIELDS}
    for name in _MOMENTS:
        if isinstance(fields.get(name), str):
            fields[name] = _moment_from(f"{place}.{name}", fields[name], time_zone)
    if isinstance(fields.get("recurrence"), str):
        fields["recurrence"] = {"rrule": fields["recurrence"]}
    return fields


FIELDS: Final = frozenset(
    {
        "title",
        "description",
        "start",
        "due",
        "priority",
        "tags",
        "parent",
        "depends_on",
        "estimated_duration",
        "recurrence",
        "links",
    }
)
"""What an agent can set, beside the list."""


def _moment_from(place: str, text: str, time_zone: str) -> dict[str, str]:
    if _DATE.fullmatch(text):
        return {"date": text}
    found = _TIME.fullmatch(text)
    if found is None:
        raise InvalidValue(place, "must be 2026-12-01 or 2026-12-01T17:00")
    day, clock, seconds, named = found.groups()
    return {"localDateTime": f"{day}T{clock}{seconds or ':00'}", "timeZone": named or time_zone}
