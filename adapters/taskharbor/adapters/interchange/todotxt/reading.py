"""A line of todo.txt as the draft of a task.

`+project` is the list, `@context` a tag, `due:` and `t:` (the threshold) are dates, `uid:` is the uid. The other
`key:value` are kept, and so is the line, so that it comes out as it was as long as the task says the same.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any, Final

from taskharbor.adapters.interchange.text_lines import LineSplitter, TextLine
from taskharbor.adapters.interchange.todotxt.line import UNDERSTOOD, TodoTxtLine, line_from
from taskharbor.adapters.interchange.todotxt.rec import recurrence_from
from taskharbor.application.interchange.fitting import CUT_LIST_NAME, NOT_IN_LINE, UNTITLED, fitted_line, fitted_tags
from taskharbor.application.interchange.numbered_names import NumberedNames
from taskharbor.application.ports.interchange import ReadItem, TaskDraft, TaskReader, Unreadable
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.recurrence import wall_of
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.calendar_time import CalendarTime, calendar_time_from, is_due_before_start
from taskharbor.domain.values.uid import Uid, uid_named

FILED_UNDER: Final = "todotxt"

MAX_LINE_BYTES: Final = 65_536
MAX_KEPT_LENGTH: Final = 24_576
"""Of a line, in characters: twice as much fits into the foreign data of a task."""

LOWEST: Final = 9

BREAKS_A_LINE: Final = re.compile("[\x00\x0a-\x0d\x1c-\x1e\x85\u2028\u2029\ud800-\udfff]")

_DATE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2})(?::[0-9]{2})?)?")


class TodoTxtReader(TaskReader):
    """Reads one file."""

    def __init__(self) -> None:
        self._splitter = LineSplitter(longest=MAX_LINE_BYTES)
        self._names = NumberedNames()

    def feed(self, data: bytes) -> Iterator[ReadItem]:
        """Go on with the next bytes."""
        return map(self._read, self._splitter.feed(data))

    def end(self) -> Iterator[ReadItem]:
        """Yield what is left."""
        return map(self._read, self._splitter.end())

    def _read(self, found: TextLine | Unreadable) -> ReadItem:
        if isinstance(found, Unreadable):
            return found
        line = line_from(found.text)
        uid, name = self._uid_of(line)
        return draft_of(found, line, uid, name)

    def _uid_of(self, line: TodoTxtLine) -> tuple[Uid, str | None]:
        if "uid" in line.values:
            return uid_named(line.values["uid"][0]), None
        name = name_of(line)
        return self._names.next_uid(name), name


def name_of(line: TodoTxtLine) -> str:
    """Return that by which a line without a uid is known again: its text and when it was made.

    Not whether it is done, how urgent it is or when it is due: these change, and distinguish lines of one name.
    """
    return f"todo.txt {line.created or '-'} {line.text}"


def title_of(line: TodoTxtLine) -> str:
    """Return the title that a line makes: without a text its projects and contexts."""
    words = [word for word in line.words if word[0] in "+@" and len(word) > 1]
    return fitted_line(line.text) or fitted_line(" ".join(words)) or UNTITLED


def draft_of(found: TextLine, line: TodoTxtLine, uid: Uid, name: str | None = None) -> TaskDraft:
    """Return the draft that a line is."""
    return _LineReader(found, line).draft(uid, name)


class _LineReader:
    def __init__(self, found: TextLine, line: TodoTxtLine) -> None:
        self._found = found
        self._place = f"line {found.number}"
        self._line = line
        self._remarks: list[str] = [f"{self._place}: {found.flaw}"] if found.flaw else []
        # Of what comes twice the first counts; the others come out again.
        self._kept = {
            key: more for key, values in line.values.items() if (more := values[1:] if key in UNDERSTOOD else values)
        }

    def draft(self, uid: Uid, name: str | None) -> TaskDraft:
        line = self._line
        start, due = self._times()
        recurrence = self._recurrence(start or due)
        tags, no_tags = fitted_tags(line.contexts)
        for text, reason in no_tags:
            self._remark(f"@{text[:40]} is no tag here, as it {reason}: kept")
        # Without a space for control characters, which no project has.
        list_name, *more = (fitted_line(NOT_IN_LINE.sub("", each)) for each in line.projects or ("",))
        for each in more:
            self._remark(f"of several projects the first is the list: +{each} is kept")
        if line.projects and list_name != line.projects[0]:
            self._remark(f"+{line.projects[0][:40]}: {CUT_LIST_NAME}")
        title = title_of(line)
        if line.text and title != line.text:
            self._remark("its text is too long for a title, or has control characters: cut")
        if line.no_date:
            self._remark(f"{line.no_date} is no date: read as a part of the text")
        return TaskDraft(
            place=self._place,
            uid=uid,
            name=name,
            changes=TaskChanges(
                title=title,
                progress=Progress.COMPLETED if line.is_completed else Progress.NEEDS_ACTION,
                priority=_priority(line),
                start=None if start is None else start.as_json(),
                due=None if due is None else due.as_json(),
                tags=tags,
                recurrence=recurrence,
            ),
            created=_instant(line.created),
            completed=_instant(line.completed) if line.is_completed else None,
            list_name=list_name or None,
            foreign={FILED_UNDER: self._foreign(more, [text for text, _ in no_tags])},
            remarks=tuple(self._remarks),
        )

    def _foreign(self, projects: list[str], contexts: list[str]) -> dict[str, Any]:
        text = self._found.text.rstrip()
        if len(text) > MAX_KEPT_LENGTH:
            self._remark(f"{len(text)} characters are too many to keep")
            return {}
        foreign: dict[str, Any] = {"line": text}
        if BREAKS_A_LINE.search(text):
            self._remark("what other programs take for the end of a line is read as a space, and not kept")
            foreign = {}
        kept = {"values": self._kept, "projects": projects, "contexts": contexts}
        return foreign | {key: value for key, value in kept.items() if value}

    def _times(self) -> tuple[CalendarTime | None, CalendarTime | None]:
        start, due = self._time("t"), self._time("due")
        if start and due and is_due_before_start(due, start):
            self._keep("t", "is after due: kept, and not read as the start")
            start = None
        return start, due

    def _time(self, key: str) -> CalendarTime | None:
        if key not in self._line.values:
            return None
        found = _DATE.fullmatch(self._line.values[key][0])
        if found is None:
            self._keep(key, "must be a date such as 2026-12-01: kept, and not read")
            return None
        try:
            wire = {"localDateTime": f"{found[1]}T{found[2]}:00"} if found[2] else {"date": found[1]}
            return calendar_time_from(key, wire)
        except InvalidValue as invalid:
            self._keep(key, f"{invalid.reason}: kept, and not read")
            return None

    def _recurrence(self, moment: CalendarTime | None) -> dict[str, object] | None:
        """Return its recurrence; a completed line has none, as its successor is a line of its own."""
        values = self._line.values.get("rec", [])
        if not values:
            return None
        if moment is None or self._line.is_completed or len(values) > 1:
            recurrence = None
        else:
            recurrence = recurrence_from(values[0], wall_of(moment))
        if recurrence is None:
            reason = "is no rule that is known here" if moment else "counts from no date"
            self._keep("rec", f"{values[0][:40]} {reason}: kept")
        return recurrence

    def _keep(self, key: str, message: str) -> None:
        self._kept[key] = self._line.values[key]
        self._remarks.append(f"{self._place} ({key}): {message}")

    def _remark(self, message: str) -> None:
        self._remarks.append(f"{self._place}: {message}")


def _priority(line: TodoTxtLine) -> int:
    """A is 1, the highest; from I on all are 9, the lowest."""
    return 0 if line.priority is None else min(ord(line.priority[0]) - ord("A") + 1, LOWEST)


def _instant(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, tzinfo=UTC)
