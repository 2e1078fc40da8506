"""Todoist: a project as CSV, and its backup, a zip of such files.

Source: todoist.com/help, `Import or export a project as a CSV file` and `Backups`: a row is a `task`, a `section` or
a `note` on the task above it. The file's name is the project's, and so the list; a section is `Project / Section`.
INDENT makes subtasks; priorities 1 to 3 are 1, 5 and 9, 4 is none; `@label` in CONTENT is a tag. DATE is due, or the
start if there is a DEADLINE, which is due then; of a rule in words (see `todoist_dates`) the first date is the next
one when it is imported. There are no ids: a task is known by its project, the tasks above it, its words, and several
of them by what else they say. Completed tasks are not in such files.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

from taskharbor.adapters.interchange.apps.app_task import AppTask
from taskharbor.adapters.interchange.apps.expected import Members, one_of, time_zone
from taskharbor.adapters.interchange.apps.read_only import ReadOnlyFormat, WholeFileReader
from taskharbor.adapters.interchange.apps.table import Row, rows_of
from taskharbor.adapters.interchange.apps.todoist_dates import ParsedDate, parse_date
from taskharbor.adapters.interchange.apps.values import zone_in
from taskharbor.adapters.interchange.apps.zip_members import members_of
from taskharbor.application.interchange.numbered_names import NumberedNames
from taskharbor.application.ports.interchange import ReadItem, Skipped, Unreadable
from taskharbor.domain.values.uid import Uid

_APP: Final = "todoist"
_PRIORITY: Final = {"1": 1, "2": 5, "3": 9, "4": 0, "": 0}
_UNDERSTOOD: Final = frozenset(
    {"type", "content", "description", "priority", "indent", "date", "date_lang", "timezone", "deadline"}
    | {"deadline_lang", "duration", "duration_unit"}
)
_INBOX: Final = "Inbox"
_NUMBER_AT_END: Final = re.compile(r" ?\[[0-9A-Za-z]{1,40}\]$")
_UNITS: Final = {"minute": "PT{}M", "day": "P{}D", "": "PT{}M"}
_DEEPEST: Final = 9
_EXPECTED: Final[Members] = {
    "indent": one_of(*map(str, range(1, _DEEPEST + 1))),
    "timezone": time_zone,
    "duration_unit": one_of("minute", "day"),
}


class TodoistReader(WholeFileReader):
    """Reads one file."""

    def __init__(self, file_name: str | None = None, today: date | None = None) -> None:
        """Read a file with this name, which is that of the project, or a backup."""
        super().__init__()
        self._project = project_of(file_name)
        self._today = today or datetime.now(UTC).date()

    def items(self, data: bytes) -> Iterator[ReadItem]:
        """Yield its tasks."""
        if not data.startswith(b"PK"):
            yield from _Project(self._project, self._today, "").items(data)
            return
        for member in members_of(data, suffix=".csv"):
            if isinstance(member, Unreadable):
                yield member
            else:
                project = _Project(project_of(member.name), self._today, f"{member.name}, ")
                yield from project.items(member.data)


def project_of(file_name: str | None) -> str | None:
    """Return the name of the project from a file's name: without its folder, its suffix and the project's id."""
    if not file_name:
        return None
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    name = name[:-4] if name.lower().endswith(".csv") else name
    return _NUMBER_AT_END.sub("", name).strip() or None


class _Project:
    def __init__(self, name: str | None, today: date, before: str) -> None:
        self._name, self._today, self._before = name, today, before
        self._section = ""
        self._above: list[tuple[Uid, str]] = []
        self._names = NumberedNames()
        self._task: AppTask | None = None

    def items(self, data: bytes) -> Iterator[ReadItem]:
        for row in rows_of(data, having="content"):
            if isinstance(row, Unreadable):
                yield Unreadable(place=self._before + row.place, reason=row.reason, is_last=row.is_last)
                continue
            place, kind = self._before + row.place, row.values.get("type", "").strip().lower()
            if kind == "note" and self._task is not None:
                self._task.comment(row.values.get("content", ""), author=_name(row.values.get("author", "")))
                continue
            if self._task is not None:
                yield self._task.draft()
                self._task = None
            if kind == "section":
                self._section, self._above = row.values.get("content", "").strip(), []
            elif kind == "note":
                yield Skipped(place=place, reason="it is a comment on the project")
            elif row.values.get("content", "").strip() and not kind.startswith(("meta", "view_style")):
                self._task = self._begin(place, row)
            elif kind == "task":
                yield Unreadable(place=place, reason="it is a task without words")
        if self._task is not None:
            yield self._task.draft()

    def _begin(self, place: str, row: Row) -> AppTask:
        said = row.values
        content, labels = _labels_apart(said.get("content", ""))
        indent = said.get("indent", "").strip()
        depth = int(indent) if indent.isascii() and indent.isdecimal() and len(indent) == 1 and indent != "0" else 1
        self._above = self._above[: min(depth, _DEEPEST) - 1]
        path = f"{self._above[-1][1]}\n{content}" if self._above else f"{self._name or ''}\n{content}"
        name = f"{_APP} {path}"
        uid = self._names.next_uid(name)
        task = AppTask(_APP, place, uid, name)
        task.parent = self._above[-1][0] if self._above else None
        self._above.append((uid, f"{uid}"))
        task.text(content, said.get("description", ""))
        task.tags(labels)
        priority = said.get("priority", "").strip()
        task.set("priority", _PRIORITY.get(priority, 0))
        if priority not in _PRIORITY:
            task.keep_unread("priority", priority, "it is none of 1 to 4")
        self._dates(task, row)
        project = None if self._name == _INBOX else self._name
        names = [name for name in (self._name if self._section else project, self._section) if name]
        if names or self._name:
            task.list_name = " / ".join(names) or None
        duration = said.get("duration", "").strip()
        if duration:
            form = _UNITS.get(said.get("duration_unit", "").strip().lower(), "{}")
            task.set("estimated_duration", form.format(duration[:9]), source=duration)
        task.expect({"type": said.get("type", "").strip() or "none"}, {"type": one_of("task", "section", "note")})
        task.expect(said, _EXPECTED)
        task.keep_rest(said, but=_UNDERSTOOD)
        return task

    def _dates(self, task: AppTask, row: Row) -> None:
        words, zone = row.values.get("date", "").strip(), zone_in(row.values.get("timezone", "").strip())
        language = row.values.get("date_lang", "").strip().lower() or "en"
        deadline = row.values.get("deadline", "").strip()
        last = parse_date(deadline, self._today) if deadline else None
        if deadline and last is None:
            task.keep_unread("deadline", deadline, "it is no date that is certain")
        elif last is not None:
            set_deadline = task.set_at_first if last.is_relative else task.set
            set_deadline("due", _wire(last, zone), source=deadline)
        if not words:
            return
        said = parse_date(words, self._today) if language.startswith("en") or words[:4].isdecimal() else None
        if said is None:
            task.keep_unread("date", words, "it is no date that is certain")
            return
        field = "start" if last is not None else "due"
        if said.rrule is None and not said.is_relative:
            task.set(field, _wire(said, zone), source=words)
            return
        task.keep("date", words)
        task.set_at_first(field, _wire(said, zone), source=words)
        if said.rrule is None:
            return
        anchor = "completion" if said.from_completion else "schedule"
        task.set_at_first("recurrence", {"rrule": said.rrule, "anchor": anchor}, source=words)


def _wire(said: ParsedDate, zone: str | None) -> dict[str, object]:
    if said.time is None:
        return {"date": said.day.isoformat()}
    wire: dict[str, object] = {"localDateTime": f"{said.day.isoformat()}T{said.time}:00"}
    return wire | ({"timeZone": zone} if zone else {})


def _labels_apart(content: str) -> tuple[str, list[str]]:
    words = content.split(" ")
    labels = [word[1:] for word in words if len(word) > 1 and word.startswith("@")]
    rest = " ".join(word for word in words if not (len(word) > 1 and word.startswith("@"))).strip()
    return (rest, labels) if rest else (content, [])


def _name(author: str) -> str:
    return author.partition(" (")[0]


class TodoistFormat(ReadOnlyFormat):
    """A project as CSV, or a backup."""

    name = "todoist"
    media_type = "text/csv"
    suffixes = (".csv", ".zip")

    def __init__(self, file_name: str | None = None) -> None:
        """Read a file of this name."""
        self._file_name = file_name

    def reader(self) -> TodoistReader:
        """Return a reader for one file."""
        return TodoistReader(self._file_name)
