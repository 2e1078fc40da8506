"""`rec:` of todo.txt, as Simpletask, topydo and others have it, as the recurrence of a task, and back.

`rec:1w` counts from the day on which the task was done, `rec:+1w` from the day on which it was due. The units are `d`,
`b` (workdays), `w`, `m` and `y`.
"""

import re
from datetime import datetime
from typing import Final

from taskharbor.adapters.interchange.simple_recurrence import Interval, Unit, interval_of
from taskharbor.domain.recurrence.recurrence import Anchor, Overdue, wall_of
from taskharbor.domain.tasks.task import Task

_REC: Final = re.compile(r"(\+?)([1-9][0-9]{0,3})([dbwmy])")
_UNITS: Final = {"d": Unit.DAY, "b": Unit.WORKDAY, "w": Unit.WEEK, "m": Unit.MONTH, "y": Unit.YEAR}
_LETTERS: Final = {unit: letter for letter, unit in _UNITS.items()}


def recurrence_from(rec: str, first: datetime) -> dict[str, object] | None:
    """Return the wire form of the recurrence that `rec:` means for a task that begins, or is due, at `first`."""
    found = _REC.fullmatch(rec)
    rrule = Interval(_UNITS[found[3]], int(found[2])).rrule(first) if found else None
    if found is None or rrule is None:
        return None
    return {"rrule": rrule, "anchor": (Anchor.SCHEDULE if found[1] else Anchor.COMPLETION).value}


def rec_of(task: Task) -> str | None:
    """Return the `rec:` of a recurrence, or None if it cannot express it."""
    recurrence, moment = task.recurrence, task.start or task.due
    if recurrence is None or recurrence.rule is None or recurrence.overdue is not Overdue.SKIP or moment is None:
        return None
    rule = recurrence.rule
    if recurrence.rdate or recurrence.exdate or rule.count is not None or rule.until is not None:
        return None
    every = interval_of(rule, wall_of(recurrence.first))
    # It would be another rule if it began where the task stands: a month after the 28th of February, say.
    if every is None or every != interval_of(rule, wall_of(moment)) or every.unit not in _LETTERS:
        return None
    plus = "+" if recurrence.anchor is Anchor.SCHEDULE else ""
    return f"{plus}{every.number}{_LETTERS[every.unit]}"
