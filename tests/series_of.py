"""The occurrences that a rule makes, as local times; for tests."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from taskharbor.adapters.recurrence.dateutil_occurrences import DateutilOccurrences
from taskharbor.domain.recurrence.recurrence import Recurrence, recurrence_from
from taskharbor.domain.recurrence.series import occurrences
from taskharbor.domain.values.calendar_time import CalendarTime, Floating

PATTERN = DateutilOccurrences().walls


def recurrence(rrule: str | None, first: CalendarTime | str, **members: Any) -> Recurrence:
    """Return a series at its first occurrence: a calendar time, or the text of a floating one."""
    moment = Floating(datetime.fromisoformat(first)) if isinstance(first, str) else first
    return recurrence_from("recurrence", {"rrule": rrule, **members}, moment=moment)


def series(rrule: str | None, first: CalendarTime | str, *, most: int = 100, **members: Any) -> list[str]:
    """Return all occurrences, the first included, as far as `most`."""
    found = recurrence(rrule, first, **members)
    current = [] if found.current in found.exdate else [found.current]
    return [moment.local for moment in islice([*current, *islice(coming(found), most)], most)]


def coming(found: Recurrence, *, since: datetime = datetime.min) -> Any:
    """Yield the occurrences after the current one."""
    return occurrences(found, PATTERN, since=since)


def with_the_first(vector: dict[str, Any]) -> Sequence[str]:
    """Return what is expected, but with the first occurrence, though it does not fit the rule.

    dateutil and rrule.js leave it out then, and call that undefined. RFC 5545 counts it always.
    """
    first, expected, exdate = vector["first"], vector["expected"], vector.get("exdate", ())
    if first in {*expected, *exdate}:
        return expected
    count = re.search(r"COUNT=(\d+)", vector["rrule"])
    is_spent = count is not None and len(expected) + len(exdate) >= int(count[1])
    return [first, *(expected[:-1] if is_spent else expected)]
