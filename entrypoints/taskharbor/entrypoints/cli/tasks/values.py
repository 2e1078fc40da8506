"""From the words of options to the values of tasks."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any, Final

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import ListId
from taskharbor.domain.search.date_expressions import Viewpoint, span_from
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.output.output import Output
from taskharbor.entrypoints.cli.tasks.showing import all_lists
from taskharbor.entrypoints.embedded.harbor import Harbor

NONE: Final = "none"
"""Takes away what can be absent."""

_1970: Final = datetime(1970, 1, 1)  # noqa: DTZ001  # of the clock on the wall
_DAY: Final = timedelta(days=1)
_A_DAY: Final = re.compile(r"[se]o[dwmqy](?:[+-]\d+(?:d|w|mo|[yq]))*", re.ASCII)
_AN_INSTANT: Final = re.compile(r"[^T]*+T.*(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_NUMBER: Final = re.compile(r"[1-9]\d{0,15}", re.ASCII)


def time_from(option: str, text: str, out: Output) -> CalendarTime | None:
    """Return the day or the time that a text means, in the words of filters: `2026-12-01`, `today+7d`, `eow`.

    Raises:
        InvalidValue: for the option.
    """
    if text == NONE:
        return None
    span = span_from(option, text.replace(" ", "T", 1), Viewpoint(datetime.now(UTC), out.zone))
    begin, end = (_1970 + timedelta(microseconds=each) for each in span.wall)
    if end - begin > _DAY:
        raise InvalidValue(option, "must be a day or a time, not a longer span")
    if end - begin == _DAY or _A_DAY.fullmatch(text):
        return AllDay(begin.date())
    whole = begin.replace(microsecond=0)
    return Zoned(whole, out.zone_name) if _AN_INSTANT.fullmatch(text) else Floating(whole)


async def list_from(harbor: Harbor, text: str) -> ListId:
    """Return the id of the list with this name, or number.

    Raises:
        CommandFailed: if there is none, or several; it suggests one that is spelt alike.
    """
    lists = await all_lists(harbor)
    found = [each.id for each in lists if each.name.casefold() == text.casefold()]
    if not found and _NUMBER.fullmatch(text):
        return int(text)
    if len(found) == 1:
        return found[0]
    if found:
        numbers = ", ".join(map(str, found))
        reason = f"several lists are called {text}: name one by its number, {numbers}"
        raise CommandFailed(reason, exit_code=CommandFailed.NOT_FOUND)
    names = {each.name.casefold(): each.name for each in lists}
    near = get_close_matches(text.casefold(), names, n=1)
    hint = f"did you mean {names[near[0]]}?" if near else "`taskharbor lists` shows them all"
    raise CommandFailed(f"there is no list called {text}; {hint}", exit_code=CommandFailed.NOT_FOUND)


async def fields_from(  # a line for each option
    harbor: Harbor,
    out: Output,
    *,
    description: str | None = None,
    due: str | None = None,
    start: str | None = None,
    priority: int | None = None,
    estimate: str | None = None,
    tags: Sequence[str] = (),
    list: str | None = None,
    repeat: str | None = None,
) -> dict[str, Any]:
    """Return the fields that options name; those that were not given are left out.

    Raises:
        InvalidValue: if a date does not exist.
        CommandFailed: if there is no such list.
    """
    fields: dict[str, Any] = {}
    if description is not None:
        fields["description"] = None if description == NONE else description
    if due is not None:
        fields["due"] = time_from("--due", due, out)
    if start is not None:
        fields["start"] = time_from("--start", start, out)
    if priority is not None:
        fields["priority"] = priority
    if estimate is not None:
        fields["estimated_duration"] = None if estimate == NONE else estimate
    if tags:
        fields["tags"] = [tag for each in tags for tag in each.split(",") if each != NONE]
    if list is not None:
        fields["list"] = await list_from(harbor, list)
    if repeat is not None:
        fields["recurrence"] = None if repeat == NONE else {"rrule": repeat}
    return fields
