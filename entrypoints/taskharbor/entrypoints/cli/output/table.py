"""Tasks as a table that fits the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.identifiers import INBOX, ListId, TaskId
from taskharbor.domain.tasks.progress import Progress
from taskharbor.entrypoints.cli.output.due_words import due_in_words
from taskharbor.entrypoints.cli.output.text import harmless

MARKS: Final = {
    Progress.NEEDS_ACTION: "\u25cb",
    Progress.IN_PROCESS: "\u25d0",
    Progress.COMPLETED: "\u2713",
    Progress.CANCELLED: "\u2717",
}
_NARROW: Final = 70
_HIGHEST: Final = 4
"""Up to this a priority is high (RFC 5545 section 3.8.1.9)."""


def task_table(
    tasks: Sequence[TaskView], lists: Mapping[ListId, str], *, now: datetime, zone: ZoneInfo, width: int | None
) -> Table:
    """Return the table of tasks; subtasks are below their parents, indented. Colour says nothing that words do not.

    `width` is that of the terminal; None keeps each task on one line. On a narrow one, lists and tags make room.
    """
    is_wide = width is None
    is_narrow = width is not None and width < _NARROW
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1), show_edge=False)
    table.add_column("id", justify="right", style="cyan", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("pri", no_wrap=True)
    table.add_column("due", no_wrap=True)
    table.add_column("title", ratio=None if is_wide else 1, overflow="fold", no_wrap=is_wide)
    if not is_narrow:
        table.add_column("list", no_wrap=True, overflow="ellipsis", max_width=None if is_wide else 16)
        table.add_column("tags", overflow="fold", max_width=None if is_wide else 24, style="green")
    for task, depth in nested(tasks):
        cells = [
            Text("" if task.list == INBOX else harmless(lists.get(task.list, str(task.list)))),
            Text(" ".join(harmless(tag) for tag in task.tags)),
        ]
        table.add_row(
            str(task.id),
            MARKS[task.progress],
            _priority(task),
            _due(task, now, zone),
            Text(f"{_indent(depth)}{harmless(task.title)}", style="dim" if task.progress in _OVER else ""),
            *([] if is_narrow else cells),
        )
    return table


def nested(tasks: Sequence[TaskView]) -> Iterator[tuple[TaskView, int]]:
    """Yield each task with its depth: in the order given, but each subtask right below its parent, if that is there."""
    below: dict[TaskId, list[TaskView]] = {}
    there = {task.id for task in tasks}
    roots = [task for task in tasks if task.parent not in there]
    for task in tasks:
        if task.parent is not None and task.parent in there:
            below.setdefault(task.parent, []).append(task)
    waiting = [(task, 0) for task in reversed(roots)]
    while waiting:
        task, depth = waiting.pop()
        yield task, depth
        waiting += [(part, depth + 1) for part in reversed(below.get(task.id, []))]


def _indent(depth: int) -> str:
    """Return what shows how deep a subtask is; spaces that break would be lost where a title is folded."""
    return "\u00a0\u00a0" * (depth - 1) + "\u2514 " if depth else ""


_OVER: Final = frozenset({Progress.COMPLETED, Progress.CANCELLED})


def _priority(task: TaskView) -> Text:
    return Text(str(task.priority) if task.priority else "", style="bold" if 0 < task.priority <= _HIGHEST else "")


def _due(task: TaskView, now: datetime, zone: ZoneInfo) -> Text:
    if task.due is None:
        return Text()
    due = due_in_words(task.due, now, zone)
    if task.progress in _OVER:
        return Text(due.words, style="dim")
    if due.is_past:
        return Text(f"{due.words} !", style="bold red")
    return Text(due.words, style="yellow" if due.is_today else "")
