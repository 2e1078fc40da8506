"""All of a task, for people."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.table import Table
from rich.text import Text

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.tasks.comments import CommentView
from taskharbor.domain.identifiers import ListId, TaskId
from taskharbor.domain.values.calendar_time import CalendarTime, Zoned
from taskharbor.entrypoints.cli.output.due_words import ago_in_words, due_in_words
from taskharbor.entrypoints.cli.output.table import MARKS
from taskharbor.entrypoints.cli.output.text import harmless, harmless_lines


def task_details(
    tasks: Sequence[TaskView],
    comments: Mapping[TaskId, Sequence[CommentView]],
    lists: Mapping[ListId, str],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Group:
    """Return tasks, one below the other."""
    parts: list[Table | Text] = []
    for task in tasks:
        if parts:
            parts.append(Text())
        parts.append(Text.assemble((f"{task.id} ", "cyan"), (harmless(task.title), "bold")))
        grid = Table.grid(padding=(0, 2))
        for name, value in _rows(task, lists, now, zone):
            grid.add_row(Text(name, style="dim"), Text(value))
        parts.append(grid)
        if task.description:
            parts += [Text(), Text(harmless_lines(task.description))]
        for comment in comments.get(task.id, ()):
            head = f"{harmless(comment.author or 'somebody')}, {ago_in_words(comment.created, now)}"
            parts += [Text(), Text(head, style="dim"), Text(harmless_lines(comment.text))]
    return Group(*parts)


def _rows(task: TaskView, lists: Mapping[ListId, str], now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Yield what the table says of a task; what it lacks is left out."""
    blocked = ", blocked" if task.blocked else ""
    values = {
        "progress": f"{MARKS[task.progress]} {task.progress.value}{_percent(task)}{blocked}",
        "due": _time(task.due, now, zone, is_open=task.completed is None),
        "start": _time(task.start, now, zone),
        "recurs": str(task.recurrence.as_json().get("rrule")) if task.recurrence else "",
        "priority": str(task.priority or ""),
        "estimate": task.estimated_duration.as_json() if task.estimated_duration else "",
        "list": harmless(lists.get(task.list, str(task.list))),
        "tags": " ".join(harmless(tag) for tag in task.tags),
        "parent": str(task.parent or ""),
        "depends on": ", ".join(map(str, task.depends_on)),
        "subtasks": f"{task.open_subtask_count} open of {task.subtask_count}" if task.subtask_count else "",
        "links": " ".join(harmless(link) for link in task.links),
        "claim": _claim(task, now, zone),
        "created": ago_in_words(task.created, now),
        "updated": f"{ago_in_words(task.updated, now)}, revision {task.revision}",
        "uid": str(task.uid),
    }
    yield from ((name, value) for name, value in values.items() if value)


def _claim(task: TaskView, now: datetime, zone: ZoneInfo) -> str:
    claim = task.claim
    if claim is None or not claim.holds(now):
        return ""
    return f"{harmless(claim.holder)} until {claim.until.astimezone(zone):%H:%M:%S}, fence {claim.fence}"


def _time(moment: CalendarTime | None, now: datetime, zone: ZoneInfo, *, is_open: bool = False) -> str:
    if moment is None:
        return ""
    due = due_in_words(moment, now, zone)
    return f"{due.words}{', overdue' if due.is_past and is_open else ''} ({_exact(moment)})"


def _percent(task: TaskView) -> str:
    return f" {task.percent_complete} %" if 0 < task.percent_complete < 100 else ""  # noqa: PLR2004


def _exact(moment: CalendarTime) -> str:
    zone = f" {moment.time_zone}" if isinstance(moment, Zoned) else ""
    return f"{moment.local.replace('T', ' ')}{zone}"
