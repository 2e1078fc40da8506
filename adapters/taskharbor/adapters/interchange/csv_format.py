"""CSV (RFC 4180), for spreadsheets: written only, as it cannot tell what it does not hold."""

import csv
import io
from typing import Final

from taskharbor.adapters.interchange.losses import foreign_lost, order_lost
from taskharbor.application.ports.interchange import EncodedTask, Format, ReferenceNames, TaskWriter
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import CalendarTime, Zoned
from taskharbor.domain.values.instant import instant_as_json

COLUMNS: Final = (
    "id",
    "uid",
    "title",
    "description",
    "progress",
    "percent_complete",
    "priority",
    "start",
    "start_time_zone",
    "due",
    "due_time_zone",
    "estimated_duration",
    "rrule",
    "tags",
    "links",
    "list",
    "parent",
    "depends_on",
    "created",
    "updated",
    "completed",
)

_STARTS_A_FORMULA: Final = frozenset("=+-@\t\r")


class CsvWriter(TaskWriter):
    """Writes one file, in UTF-8, with a heading."""

    def head(self) -> bytes:
        """Return the heading."""
        return _row(COLUMNS)

    def write(self, task: Task, names: ReferenceNames) -> EncodedTask:
        """Return the row of a task."""
        return EncodedTask(_row([_harmless(value) for value in _values(task, names)]), _losses(task))

    def tail(self) -> bytes:
        """Return nothing."""
        return b""


class CsvFormat(Format):
    """A table with a row for each task."""

    name = "csv"
    media_type = "text/csv"
    suffixes = (".csv",)

    def reader(self) -> None:
        """Return None: it is written only."""
        return

    def writer(self) -> CsvWriter:
        """Return a writer for one file."""
        return CsvWriter()


def _values(task: Task, names: ReferenceNames) -> list[str]:
    depends_on = [str(names.tasks[id_].uid) for id_ in task.depends_on if id_ in names.tasks]
    parent = None if task.parent is None else names.tasks.get(task.parent)
    return [
        str(task.id),
        task.uid,
        task.title,
        task.description or "",
        task.progress.value,
        str(task.percent_complete),
        str(task.priority),
        *_time(task.start),
        *_time(task.due),
        "" if task.estimated_duration is None else task.estimated_duration.as_json(),
        "" if task.recurrence is None or task.recurrence.rule is None else task.recurrence.rule.text,
        ", ".join(task.tags),
        " ".join(task.links),
        "" if task.list == INBOX else names.lists.get(task.list, ""),
        "" if parent is None else parent.uid,
        " ".join(depends_on),
        instant_as_json(task.created),
        instant_as_json(task.updated),
        "" if task.completed is None else instant_as_json(task.completed),
    ]


def _time(moment: CalendarTime | None) -> tuple[str, str]:
    if moment is None:
        return "", ""
    return moment.local, moment.time_zone if isinstance(moment, Zoned) else ""


def _harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, which could send the table elsewhere."""
    return f"'{text}" if text[:1] in _STARTS_A_FORMULA else text


def _row(values: "list[str] | tuple[str, ...]") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(values)
    return text.getvalue().encode()


def _losses(task: Task) -> tuple[str, ...]:
    lost = {"reminders": bool(task.reminders), "comments": bool(task.comments)}
    lost["all of how it comes again but the rule"] = task.recurrence is not None
    return (*(name for name, is_lost in lost.items() if is_lost), *order_lost(task), *foreign_lost(task, but=None))
