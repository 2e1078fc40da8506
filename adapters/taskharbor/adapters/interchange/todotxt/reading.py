"""A line of todo.txt as the draft of a task.

`+project` is the list, `@context` a tag, `due:` and `t:` (the threshold) are dates, `uid:` is the uid. The other
`key:value` are kept, and so is the line, so that it comes out as it was as long as the task says the same.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any, Final

from taskharbor.adapters.interchange.text_lines import LineSplitter, TextLine
from taskharbor.adapters.interchange.todotxt.line import TodoTxtLine, line_from
from taskharbor.adapters.interchange.todotxt.rec import recurrence_told
from taskharbor.application.ports.interchange import ReadItem, TaskDraft, TaskReader, Unreadable
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.recurrence import wall_of
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.calendar_time import calendar_time_from
from taskharbor.domain.values.uid import Uid, uid_named

FILED_UNDER: Final = "todotxt"

MAX_LINE_BYTES: Final = 65_536
LOWEST: Final = 9

UNDERSTOOD: Final = frozenset({"due", "t", "uid", "pri", "rec"})

_DATE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2})(?::[0-9]{2})?)?")


class TodoTxtReader(TaskReader):
    """Reads one file."""

    def __init__(self) -> None:
        self._splitter = LineSplitter(longest=MAX_LINE_BYTES)
        self._seen: Counter[str] = Counter()

    def feed(self, data: bytes) -> Iterator[ReadItem]:
        """Go on with the next bytes."""
        return map(self._read, self._splitter.feed(data))

    def end(self) -> Iterator[ReadItem]:
        """Yield what is left."""
        return map(self._read, self._splitter.end())

    def _read(self, found: TextLine | Unreadable) -> ReadItem:
        if isinstance(found, Unreadable):
            return found
        place = f"line {found.number}"
        try:
            line = line_from(found.text)
            return draft_of(place, found.text, line, self._uid_of(line))
        except InvalidValue as invalid:
            return Unreadable(place=f"{place} ({invalid.field})", reason=invalid.reason)

    def _uid_of(self, line: TodoTxtLine) -> Uid:
        if "uid" in line.values:
            return uid_named(line.values["uid"][0])
        name = name_of(line)
        self._seen[name] += 1
        # The same line twice is two tasks.
        return uid_named(name if self._seen[name] == 1 else f"{name} {self._seen[name]}")


def name_of(line: TodoTxtLine) -> str:
    """Return that by which a line without a uid is known again: its text and when it was made.

    Not whether it is done, how urgent it is or when it is due: these change.
    """
    return f"todo.txt {line.created or '-'} {line.text}"


def draft_of(place: str, text: str, line: TodoTxtLine, uid: Uid) -> TaskDraft:
    """Return the draft that a line is.

    Raises:
        InvalidValue: for what is wrong with it.
    """
    start, due = _date(line, "t"), _date(line, "due")
    recurrence = _recurrence(line, start or due)
    kept = {key: values for key, values in line.values.items() if key not in UNDERSTOOD}
    remarks = [f"{place}: of several projects the first is the list: +{name} is kept" for name in line.projects[1:]]
    if "rec" in line.values and recurrence is None:
        kept["rec"] = line.values["rec"]
        reason = "is no rule that is known here" if start or due else "counts from no date"
        remarks.append(f"{place} (rec): {line.values['rec'][0][:40]} {reason}: kept")
    list_name, *more = line.projects or (None,)
    foreign: dict[str, Any] = {"line": text.strip()}
    foreign |= {"values": kept} if kept else {}
    foreign |= {"projects": more} if more else {}
    return TaskDraft(
        place=place,
        uid=uid,
        changes=TaskChanges(
            title=line.text or " ".join(line.words),
            progress=Progress.COMPLETED if line.is_completed else Progress.NEEDS_ACTION,
            priority=_priority(line),
            start=start,
            due=due,
            tags=line.contexts,
            recurrence=recurrence,
        ),
        created=_instant(line.created),
        completed=_instant(line.completed) if line.is_completed else None,
        list_name=list_name,
        foreign={FILED_UNDER: foreign},
        remarks=tuple(remarks),
    )


def _priority(line: TodoTxtLine) -> int:
    """A is 1, the highest; from I on all are 9, the lowest."""
    return 0 if line.priority is None else min(ord(line.priority[0]) - ord("A") + 1, LOWEST)


def _recurrence(line: TodoTxtLine, moment: dict[str, object] | None) -> dict[str, object] | None:
    """Return how it comes again; of a line that is done, nothing does: its successor is a line of its own."""
    values = line.values.get("rec", [])
    if len(values) != 1 or moment is None or line.is_completed:
        return None
    try:
        return recurrence_told(values[0], wall_of(calendar_time_from("due", moment)))
    except InvalidValue:  # a date that does not exist: whoever takes it will say so
        return None


def _date(line: TodoTxtLine, key: str) -> dict[str, object] | None:
    if key not in line.values:
        return None
    found = _DATE.fullmatch(line.values[key][0])
    if found is None:
        raise InvalidValue(key, "must be a date such as 2026-12-01")
    return {"localDateTime": f"{found[1]}T{found[2]}:00"} if found[2] else {"date": found[1]}


def _instant(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, tzinfo=UTC)
