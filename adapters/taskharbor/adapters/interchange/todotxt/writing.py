"""A task as a line of todo.txt."""

import json
import re
from typing import Any, Final, cast

from pytodotxt import Task as TodoTxtTask
from pytodotxt import serialize_relaxed

from taskharbor.adapters.interchange.losses import foreign_lost, order_lost
from taskharbor.adapters.interchange.todotxt.line import line_from
from taskharbor.adapters.interchange.todotxt.reading import FILED_UNDER, draft_of, name_of
from taskharbor.adapters.interchange.todotxt.rec import rec_of
from taskharbor.application.ports.interchange import EncodedTask, ReferenceNames, TaskDraft, TaskWriter
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.tasks.foreign_data import ForeignData
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating
from taskharbor.domain.values.uid import uid_named


class TodoTxtWriter(TaskWriter):
    """Writes a line for each task: the one that it came with, as long as it says the same."""

    def head(self) -> bytes:
        """Return nothing: there is no heading."""
        return b""

    def write(self, task: Task, names: ReferenceNames) -> EncodedTask:
        """Return the line of a task."""
        kept = _kept_of(task.foreign)
        line, losses = _line_of(task, names, kept)
        original = kept.get("line")
        if isinstance(original, str) and _say_the_same(original, line):
            line = original
        return EncodedTask(f"{line}\n".encode(), losses)

    def tail(self) -> bytes:
        """Return nothing."""
        return b""


def _line_of(task: Task, names: ReferenceNames, kept: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    line = TodoTxtTask(serializer=serialize_relaxed)
    line.is_completed = task.progress in {Progress.COMPLETED, Progress.CANCELLED}
    line.creation_date = task.created.date() if task.created.year >= _FOUR_DIGITS else None
    if line.is_completed:
        completed = task.completed or task.updated
        line.completion_date = completed.date() if completed.year >= _FOUR_DIGITS else None
    elif task.priority:
        line.priority = _letter(task)
    name = names.lists.get(task.list) if task.list != INBOX else None
    words = [task.title]
    words += [f"+{_one_word(name)}"] if name else []
    words += [f"+{_one_word(other)}" for other in _list(kept.get("projects"))]
    words += [f"@{_one_word(tag)}" for tag in task.tags]
    words += [f"t:{_date_text(task.start)}"] if task.start else []
    words += [f"due:{_date_text(task.due)}"] if task.due else []
    rec = None if line.is_completed else rec_of(task)
    words += [f"rec:{rec}"] if rec else []
    words += [f"pri:{_letter(task)}"] if line.is_completed and task.priority else []
    values = kept.get("values")
    for key, items in cast("dict[str, Any]", values if isinstance(values, dict) else {}).items():
        if key == "rec" and rec:
            continue
        words += [f"{_one_word(key)}:{_one_word(item)}" for item in _list(items)]
    line.description = " ".join(words)
    read_back = line_from(line.serialize())
    if uid_named(name_of(read_back)) != task.uid and not _is_twin(task, kept):
        line.description += f" uid:{task.uid}"
    return line.serialize(), _losses(task, name, is_other_title=read_back.text != task.title, has_rec=rec is not None)


def _is_twin(task: Task, kept: dict[str, Any]) -> bool:
    """Tell whether the task comes from a line that was there several times, so that its place says who it is."""
    original = kept.get("line")
    if not isinstance(original, str):
        return False
    name = name_of(line_from(original))
    return any(uid_named(f"{name} {number}") == task.uid for number in range(2, _MOST_TWINS))


def _say_the_same(original: str, ours: str) -> bool:
    try:
        theirs = _comparable(draft_of("", "", line_from(original), _NOBODY))
        return theirs == _comparable(draft_of("", "", line_from(ours), _NOBODY))
    except InvalidValue:
        return False


def _comparable(draft: TaskDraft) -> tuple[object, ...]:
    said = draft.changes
    kept = cast("dict[str, Any]", draft.foreign[FILED_UNDER])
    what = (
        said.title,
        said.progress,
        said.priority,
        said.start,
        said.due,
        said.recurrence,
        frozenset(map(str, _list(said.tags))),
    )
    return (*what, draft.list_name, kept.get("values"), kept.get("projects"))


def _list(value: object) -> list[Any]:
    return list(cast("list[Any]", value)) if isinstance(value, list | tuple) else []


def _kept_of(foreign: ForeignData) -> dict[str, Any]:
    data: Any = next((json.loads(text) for name, text in foreign if name == FILED_UNDER), None)
    if not isinstance(data, dict):
        return {}
    kept = cast("dict[str, Any]", data)
    line = kept.get("line")
    return (
        kept if isinstance(line, str) and line.strip() and not _BREAKS_A_LINE.search(line) else {**kept, "line": None}
    )


def _letter(task: Task) -> str:
    return chr(ord("A") + task.priority - 1)


def _one_word(text: object) -> str:
    return "_".join(str(text).split())


def _date_text(moment: CalendarTime) -> str:
    if isinstance(moment, AllDay):
        return moment.local
    return moment.local[:16] if isinstance(moment, Floating) else moment.wall.date().isoformat()


def _losses(task: Task, list_name: str | None, *, is_other_title: bool, has_rec: bool) -> tuple[str, ...]:
    lost = {
        "the title as it is: some of its words mean something else there": is_other_title,
        "the description": bool(task.description),
        "that it was cancelled": task.progress is Progress.CANCELLED,
        "that it is in process": task.progress is Progress.IN_PROCESS,
        "the percentage": task.percent_complete not in {0, 100},
        "the time and zone of its start": not isinstance(task.start, AllDay | None),
        "the time and zone of its due": not isinstance(task.due, AllDay | None),
        "the estimated duration": task.estimated_duration is not None,
        "spaces in tags": any(" " in tag for tag in task.tags),
        "spaces in the name of its list": bool(list_name) and " " in str(list_name),
        "links": bool(task.links),
        "reminders": bool(task.reminders),
        "how it comes again": task.recurrence is not None and not has_rec,
        "of what it is an occurrence": task.occurrence_of is not None,
        "of what it is a part": task.parent is not None,
        "dependencies": bool(task.depends_on),
        "comments": bool(task.comments),
    }
    return (
        *(name for name, is_lost in lost.items() if is_lost),
        *order_lost(task),
        *foreign_lost(task, but=FILED_UNDER),
    )


_BREAKS_A_LINE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_NOBODY: Final = uid_named("nobody")
_MOST_TWINS: Final = 50
_FOUR_DIGITS: Final = 1000
"""The library writes earlier years with fewer."""
