"""TickTick: the CSV of `Generate Backup`.

Source: the help (help.ticktick.com, `Backup and Restore`) and the file's own preamble, which explains what its statuses
mean: 0 open, 1 done, 2 done and archived, -1 given up. `List Name` is the list, with `Column Name` as `List /
Column`; priorities 5, 3 and 1 are 1, 5 and 9. Dates are instants, shown in `Timezone`; whole days if `Is All Day`
says so. `Reminder` counts from the date, `Repeat` is an RRULE. The lines of a check list are subtasks, notes are
passed over. An id that is no number for this file only is the name of the task; else its list, title and time of
creation are.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from taskharbor.adapters.interchange.apps.app_task import AppTask
from taskharbor.adapters.interchange.apps.expected import Members, instant, one_of, time_zone
from taskharbor.adapters.interchange.apps.read_only import ReadOnlyFormat, WholeFileReader
from taskharbor.adapters.interchange.apps.table import Row, rows_of
from taskharbor.adapters.interchange.apps.values import instant_in, zone_in, zoned_wire
from taskharbor.application.interchange.numbered_names import NumberedNames
from taskharbor.application.ports.interchange import ReadItem, Skipped, Unreadable
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.uid import Uid, uid_named

_APP: Final = "ticktick"
_PRIORITY: Final = {"0": 0, "1": 9, "3": 5, "5": 1}
_PROGRESS: Final = {
    "0": Progress.NEEDS_ACTION,
    "1": Progress.COMPLETED,
    "2": Progress.COMPLETED,
    "-1": Progress.CANCELLED,
}
_UNDERSTOOD: Final = frozenset(
    {"folder name", "list name", "column name", "title", "kind", "tags", "content"}
    | {"is check list", "start date", "due date", "reminder"}
    | {"repeat", "priority", "status", "created time", "completed time", "timezone", "is all day", "is floating"}
    | {"taskid", "parentid", "order", "column order", "view mode", "projectkind"}
)
"""And what changes whenever something is moved."""

_ITEM: Final = {"▫": Progress.NEEDS_ACTION, "▪": Progress.COMPLETED}
_YES: Final = frozenset({"Y", "true", "TRUE", "1"})
_GLOBAL_ID_LENGTH: Final = 20
_FLAG: Final = one_of("Y", "N", "true", "false", "1", "0")
_EXPECTED: Final[Members] = {
    "kind": one_of("TEXT", "CHECKLIST", "NOTE"),
    "is check list": _FLAG,
    "is all day": _FLAG,
    "is floating": _FLAG,
    "created time": instant,
    "completed time": instant,
    "timezone": time_zone,
}


class TickTickReader(WholeFileReader):
    """Reads one file."""

    def items(self, data: bytes) -> Iterator[ReadItem]:
        """Yield its tasks and the items of their check lists."""
        rows: list[Row] = []
        for row in rows_of(data, having="title"):
            if isinstance(row, Unreadable):
                yield row
            else:
                rows.append(row)
        names = NumberedNames()
        begun = [_begin(row, names) for row in rows]
        by_id = {row.values.get("taskid", ""): task.uid for row, task in zip(rows, begun, strict=True)}
        for row, task in zip(rows, begun, strict=True):
            if row.values.get("kind", "").strip() == "NOTE":
                yield Skipped(place=row.place, reason="it is a note, not a task")
            else:
                yield from _task(row, task, by_id)


def _task(row: Row, task: AppTask, by_id: Mapping[str, Uid]) -> Iterator[ReadItem]:
    said = row.values
    content = said.get("content", "").replace("\r", "\n")
    lines = content.split("\n")
    is_list = said.get("is check list") in _YES or said.get("kind") == "CHECKLIST"
    items = [line for line in lines if is_list and line[:1] in _ITEM]
    task.text(said.get("title", ""), "\n".join(line for line in lines if line not in items) if items else content)
    status = said.get("status", "").strip() or "0"
    task.set("progress", _PROGRESS.get(status, Progress.NEEDS_ACTION))
    if status not in _PROGRESS:
        task.keep_unread("status", status, "it is none of 0, 1, 2 and -1")
    priority = said.get("priority", "")
    task.set("priority", _PRIORITY.get(priority, 0))
    if priority and priority not in _PRIORITY:
        task.keep_unread("priority", priority, "it is none of 0, 1, 3 and 5")
    task.tags([tag for tag in said.get("tags", "").split(",") if tag.strip()])
    _times(task, said)
    list_name, column = said.get("list name", "").strip(), said.get("column name", "").strip()
    if list_name:
        is_inbox = list_name == "Inbox"
        task.list_name = None if is_inbox and not column else f"{list_name} / {column}" if column else list_name
    task.created, task.completed = instant_in(said.get("created time")), instant_in(said.get("completed time"))
    parent = said.get("parentid", "")
    task.parent = by_id.get(parent) if parent else None
    if parent and task.parent is None:
        task.keep_unread("parentId", parent, "no such task is in the file")
    task.keep("folder", said.get("folder name"))
    task.expect(said, _EXPECTED)
    task.keep_rest(said, but=_UNDERSTOOD)
    yield task.draft()
    for at, line in enumerate(items):
        item = AppTask(_APP, f"{row.place}, item {at + 1}", uid_named(f"{task.uid} {at} {line[1:]}"))
        item.text(line[1:], "")
        item.set("progress", _ITEM[line[:1]])
        item.parent = task.uid
        yield item.draft()


def _times(task: AppTask, said: Mapping[str, str]) -> None:
    is_all_day, zone = said.get("is all day") in _YES, zone_in(said.get("timezone"))
    start, due = said.get("start date", ""), said.get("due date", "")
    if start == due or not due:
        start, due = "", due or start  # a single date is when it is to be done
    has_date = False
    for field, value in (("start", start), ("due", due)):
        if (instant := instant_in(value)) is None:
            if value:
                task.keep_unread(field, value, "it is no date and time")
            continue
        wire = zoned_wire(instant, zone)
        local = str(wire["localDateTime"])
        is_floating = said.get("is floating") in _YES
        bare: dict[str, object] = {"date": local[:10]} if is_all_day else {"localDateTime": local}
        task.set(field, bare if is_all_day or is_floating else wire, source=value)
        has_date = True
    if reminder := said.get("reminder", "").strip():
        offsets = [part.removeprefix("TRIGGER:").strip() for part in reminder.replace("\n", ",").split(",")]
        if has_date:
            counted = "start" if start else "due"
            wires = [{"offset": offset, "relativeTo": counted} for offset in offsets if offset]
            task.set("reminders", wires, source=reminder)
        else:
            task.keep_unread("reminder", reminder, "it has no date to count from")
    if repeat := said.get("repeat", "").strip():
        if has_date:
            task.set("recurrence", {"rrule": repeat.removeprefix("RRULE:")}, source=repeat)
        else:
            task.keep_unread("repeat", repeat, "it has no date to count from")


def _begin(row: Row, names: NumberedNames) -> AppTask:
    said, number = row.values, row.values.get("taskid", "")
    if len(number) >= _GLOBAL_ID_LENGTH:
        return AppTask(_APP, row.place, names.next_uid(f"{_APP} {number}"))
    name = f"{_APP} {said.get('list name')}\n{said.get('title')}\n{said.get('created time')}"
    return AppTask(_APP, row.place, names.next_uid(name), name)


class TickTickFormat(ReadOnlyFormat):
    """A backup."""

    name = "ticktick"
    media_type = "text/csv"
    suffixes = (".csv",)

    def reader(self) -> TickTickReader:
        """Return a reader for one file."""
        return TickTickReader()
