"""CSV (RFC 4180), for spreadsheets: written only, as it does not hold all of a task."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from taskharbor.adapters.interchange.losses import assignees_lost, foreign_lost, order_lost
from taskharbor.application.ports.interchange import EncodedTask, Format, ReferenceNames, TaskWriter
from taskharbor.domain.identifiers import INBOX, ListId, TaskId
from taskharbor.domain.tasks.fields import FIELDS_BY_NAME, TASK_FIELDS, FieldType, Part, TaskField
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import CalendarTime, Zoned
from taskharbor.domain.values.duration import Duration
from taskharbor.domain.values.instant import instant_as_json

_Cells: TypeAlias = Callable[[Any, ReferenceNames], tuple[str, ...]]

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
    return [cell for name, _, cells in _CELLS for cell in cells(getattr(task, name), names)]


def _time(moment: CalendarTime | None, _: ReferenceNames) -> tuple[str, str]:
    if moment is None:
        return "", ""
    return moment.local, moment.time_zone if isinstance(moment, Zoned) else ""


def _list_name(list_id: ListId, names: ReferenceNames) -> tuple[str]:
    return ("" if list_id == INBOX else names.lists.get(list_id, ""),)


def _uids(ids: Iterable[TaskId], names: ReferenceNames) -> tuple[str]:
    return (" ".join(names.tasks[id_].uid for id_ in ids if id_ in names.tasks),)


def _one(text_of: Callable[[Any], str]) -> _Cells:
    return lambda value, _: ("" if value is None else text_of(value),)


_BY_TYPE: Final[Mapping[FieldType, _Cells]] = {
    FieldType.NUMBER: _one(str),
    FieldType.UID: _one(str),
    FieldType.TEXT: _one(str),
    FieldType.PROGRESS: _one(str),
    FieldType.CALENDAR: _time,
    FieldType.DURATION: _one(Duration.as_json),
    FieldType.INSTANT: _one(instant_as_json),
    FieldType.RECURRENCE: _one(lambda recurrence: recurrence.rule.text if recurrence.rule else ""),
    FieldType.TAGS: _one(", ".join),
    FieldType.LINKS: _one(" ".join),
    FieldType.IDS: _uids,
}
"""The cells of the values of each type that a table can hold."""

_BY_NAME: Final[Mapping[str, _Cells]] = {
    "list": _list_name,
    "parent": lambda parent, names: _uids([parent] if parent else (), names),
}
_LEFT_OUT: Final = frozenset({"subtask_count", "open_subtask_count"})


def _headings(field: TaskField) -> tuple[str, ...]:
    match field.type:
        case FieldType.CALENDAR:
            return field.name, f"{field.name}_time_zone"
        case FieldType.RECURRENCE:
            return ("rrule",)
        case _:
            return (field.name,)


def _shown() -> list[TaskField]:
    """Return the fields in the order of the columns: that of the document, but the rule stands beside the times."""
    in_document = [field for field in TASK_FIELDS if field.part is Part.DOCUMENT and not field.is_computed]
    shown = [field for field in in_document if field.type in _BY_TYPE and field.name not in _LEFT_OUT]
    shown.remove(rule := FIELDS_BY_NAME["recurrence"])
    shown.insert(shown.index(FIELDS_BY_NAME["tags"]), rule)
    return shown


_CELLS: Final = [(field.name, _headings(field), _BY_NAME.get(field.name, _BY_TYPE[field.type])) for field in _shown()]
COLUMNS: Final = tuple(heading for _, headings, _ in _CELLS for heading in headings)


def _harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, which could send the table elsewhere."""
    return f"'{text}" if text[:1] in _STARTS_A_FORMULA else text


def _row(values: "list[str] | tuple[str, ...]") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(values)
    return text.getvalue().encode()


def _losses(task: Task) -> tuple[str, ...]:
    lost = {"reminders": bool(task.reminders), "comments": bool(task.comments)}
    lost["all of the recurrence but the rule"] = task.recurrence is not None
    return (
        *(name for name, is_lost in lost.items() if is_lost),
        *order_lost(task),
        *assignees_lost(task),
        *foreign_lost(task, but=None),
    )
