"""A task as a line of todo.txt."""

import json
from typing import Any, Final, cast

from taskharbor.adapters.interchange.losses import assignees_lost, foreign_lost, order_lost
from taskharbor.adapters.interchange.text_lines import TextLine
from taskharbor.adapters.interchange.todotxt.line import is_key_value, line_from
from taskharbor.adapters.interchange.todotxt.reading import (
    BREAKS_A_LINE,
    FILED_UNDER,
    draft_of,
    name_of,
    title_of,
)
from taskharbor.adapters.interchange.todotxt.rec import rec_of
from taskharbor.application.interchange.numbered_names import uid_of_name
from taskharbor.application.ports.interchange import EncodedTask, ReferenceNames, TaskDraft, TaskWriter
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
        preserved = _preserved(task.foreign)
        line, losses = _line_of(task, names, preserved)
        original = preserved.get("line")
        if isinstance(original, str) and _say_the_same(original, line):
            line = original
        return EncodedTask(f"{line}\n".encode(), losses)

    def tail(self) -> bytes:
        """Return nothing."""
        return b""


def _line_of(task: Task, names: ReferenceNames, preserved: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    name = names.lists.get(task.list) if task.list != INBOX else None
    words = task.title.split()
    rec = rec_of(task) if task.is_open else None
    # A title of nothing but projects and contexts says them already.
    words += [word for word in _labels(task, name, preserved) if word not in words]
    words += [f"t:{_date_text(task.start)}"] if task.start else []
    words += [f"due:{_date_text(task.due)}"] if task.due else []
    words += [f"rec:{rec}"] if rec else []
    words += [f"pri:{_letter(task)}"] if not task.is_open and task.priority else []
    words += _preserved_values(preserved, but={"rec"} if rec else set())
    line = " ".join([*_beginning(task), *words])
    read_back = line_from(line)
    if "uid" in read_back.values or not _is_known_by(name_of(read_back), task, preserved):
        words.insert(0 if "uid" in read_back.values else len(words), f"uid:{task.uid}")  # of two the first counts
        line = " ".join([*_beginning(task), *words])
    is_other = title_of(line_from(line)) != task.title
    return line, _losses(task, name, is_other_title=is_other, has_rec=rec is not None)


def _beginning(task: Task) -> list[str]:
    """Return what comes before the text: the mark of a completed task and its date, the priority, when it was made."""
    created = [task.created.date().isoformat()]
    if task.is_open:
        return [*([f"({_letter(task)})"] if task.priority else []), *created]
    return ["x", (task.completed or task.updated).date().isoformat(), *created]


def _labels(task: Task, list_name: str | None, preserved: dict[str, Any]) -> list[str]:
    projects = [list_name] if list_name else []
    projects += _list(preserved.get("projects"))
    contexts = [*task.tags, *_list(preserved.get("contexts"))]
    return [*(f"+{_one_word(each)}" for each in projects), *(f"@{_one_word(each)}" for each in contexts)]


def _preserved_values(preserved: dict[str, Any], *, but: set[str]) -> list[str]:
    values = preserved.get("values")
    found: list[str] = []
    for key, items in cast("dict[str, Any]", values if isinstance(values, dict) else {}).items():
        if key not in but:
            found += [f"{key}:{value}" for each in _list(items) if is_key_value(key, value := _one_word(each))]
    return found


def _is_known_by(name: str, task: Task, preserved: dict[str, Any]) -> bool:
    """Return whether a line with this name is known for the task again, as one of several with it too."""
    most = _MOST_TWINS if isinstance(preserved.get("line"), str) else 2
    return any(uid_of_name(name, number) == task.uid for number in range(1, most))


def _say_the_same(original: str, ours: str) -> bool:
    theirs, line = line_from(original), line_from(ours)
    # What was added to a line to say whose it is, or when it was made, is nothing that the task says otherwise.
    return _comparable(draft_of(TextLine(0, original), theirs, _NO_TASK)) == _comparable(
        draft_of(TextLine(0, ours), line, _NO_TASK)
    )


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
    return (*what, draft.list_name, *(kept.get(name) for name in ("values", "projects", "contexts")))


def _list(value: object) -> list[Any]:
    return list(cast("list[Any]", value)) if isinstance(value, list | tuple) else []


def _preserved(foreign: ForeignData) -> dict[str, Any]:
    data: Any = next((json.loads(text) for name, text in foreign if name == FILED_UNDER), None)
    if not isinstance(data, dict):
        return {}
    kept = cast("dict[str, Any]", data)
    line = kept.get("line")
    return kept if isinstance(line, str) and line.strip() and not BREAKS_A_LINE.search(line) else {**kept, "line": None}


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
        "the recurrence": task.recurrence is not None and not has_rec,
        "of what it is an occurrence": task.occurrence_of is not None,
        "of what it is a part": task.parent is not None,
        "dependencies": bool(task.depends_on),
        "comments": bool(task.comments),
    }
    return (
        *(name for name, is_lost in lost.items() if is_lost),
        *order_lost(task),
        *assignees_lost(task),
        *foreign_lost(task, but=FILED_UNDER),
    )


_NO_TASK: Final = uid_named("nobody")
_MOST_TWINS: Final = 50
