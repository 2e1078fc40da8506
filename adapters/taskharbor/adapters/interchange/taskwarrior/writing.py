"""A task as `task import` takes it."""

import json
from typing import Any, Final, cast

from taskharbor.adapters.interchange.losses import assignees_lost, awaited_dependencies, foreign_lost, order_lost
from taskharbor.adapters.interchange.taskwarrior.annotations import texts_by_comment
from taskharbor.adapters.interchange.taskwarrior.dates import date_text, instant_for
from taskharbor.adapters.interchange.taskwarrior.reading import FILED_UNDER, KEPT_STATUSES, PRIORITY_OF
from taskharbor.adapters.interchange.taskwarrior.recur import TEMPLATE, attributes_of, occurrence_number
from taskharbor.application.interchange.fitting import UNTITLED, fitted_line
from taskharbor.application.ports.interchange import EncodedTask, ReferenceNames, TaskWriter
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.tasks.foreign_data import ForeignData
from taskharbor.domain.tasks.priority import Level, level_of
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import CalendarTime, Zoned
from taskharbor.domain.values.uid import Uid

_LETTER: Final = {Level.HIGH: "H", Level.MEDIUM: "M", Level.LOW: "L"}
_CONDITIONAL: Final = frozenset(
    {"uuid", "description", "tags", "priority", "scheduled", "status", "start", "end", "due", "project", "annotations"}
)
"""What is kept for the case that the task still says the same."""


class TaskwarriorWriter(TaskWriter):
    """Writes an array with one task on each line, as `task export` does."""

    def __init__(self) -> None:
        self._separator = ""

    def head(self) -> bytes:
        """Return the beginning of the array."""
        return b"[\n"

    def write(self, task: Task, names: ReferenceNames) -> EncodedTask:
        """Return the object of a task."""
        members = _members(task, names, kept_of(task.foreign))
        separator, self._separator = self._separator, ",\n"
        text = json.dumps(dict(sorted(members.items())), ensure_ascii=False, separators=(",", ":"))
        return EncodedTask(f"{separator}{text}".encode(), _losses(task, members))

    def tail(self) -> bytes:
        """Return the end of the array."""
        return b"\n]\n"


def kept_of(foreign: ForeignData) -> dict[str, Any]:
    """Return what is filed under `taskwarrior`."""
    data: Any = next((json.loads(text) for name, text in foreign if name == FILED_UNDER), None)
    members = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    return {name: value for name, value in members.items() if name not in _CONDITIONAL or _is_as_read(name, value)}


def _is_as_read(name: str, value: object) -> bool:
    """Return whether a value can be one that the reader has kept: foreign data can come from any client."""
    if name == "tags":
        return isinstance(value, list) and all(isinstance(tag, str) for tag in value)
    if name == "annotations":
        return isinstance(value, list)
    return isinstance(value, str) and (name != "status" or value in KEPT_STATUSES)


def _members(task: Task, names: ReferenceNames, kept: dict[str, Any]) -> dict[str, Any]:
    members: dict[str, Any] = {name: value for name, value in kept.items() if name not in _CONDITIONAL}
    members |= {
        "uuid": kept.get("uuid", task.uid),
        "description": _description(task, kept),
        "entry": date_text(task.created),
        "modified": date_text(task.updated),
    }
    members |= _status(task, kept)
    if task.due is not None:
        members["due"] = date_text(instant_for(task.due))
    members = _with_series(members, task, names, kept)
    if task.start is not None:
        members["scheduled"] = date_text(instant_for(task.start))
    elif "scheduled" in kept and task.due is not None:
        members["scheduled"] = kept["scheduled"]
    if level := level_of(task.priority):
        members["priority"] = _LETTER[level]
    elif "priority" in kept:
        members["priority"] = kept["priority"]
    if task.list != INBOX and task.list in names.lists:
        project, name = kept.get("project"), names.lists[task.list]
        members["project"] = project if project and fitted_line(project) == name else name
    if task.tags:
        as_they_were = cast("list[str]", kept.get("tags", []))
        members["tags"] = as_they_were if sorted(as_they_were) == sorted(task.tags) else list(task.tags)
    if task.comments:
        came = texts_by_comment(kept.get("annotations", []))
        members["annotations"] = [
            {"entry": date_text(each.created), "description": came.get(each.text, each.text)} for each in task.comments
        ]
    depends = [names.tasks[id_].uid for id_ in task.depends_on if id_ in names.tasks]
    depends += [Uid(uid) for uid in awaited_dependencies(task)]
    if depends:
        members["depends"] = depends
    return members


def _with_series(members: dict[str, Any], task: Task, names: ReferenceNames, kept: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes with what they say of the series that the task is, or of that which it comes from."""
    if _is_template(kept) and (task.recurrence is None or attributes_of(task.recurrence, kept) is None):
        members = {name: value for name, value in members.items() if name not in TEMPLATE or name == "due"}
        return members | {"status": "pending" if members["status"] == "recurring" else members["status"]}
    if task.recurrence is not None and (_is_template(kept) or _can_be_template(task)):
        recurrence = attributes_of(task.recurrence, kept)
        if recurrence is not None:
            status = members["status"]
            return members | recurrence | {"status": "recurring" if status in {"pending", "waiting"} else status}
    series = None if task.occurrence_of is None else names.tasks.get(task.occurrence_of.task)
    if series is None or series.recurrence is None or "parent" in kept or task.occurrence_of is None:
        return members
    template = kept_of(series.foreign)
    number = occurrence_number(series.recurrence, task.occurrence_of.recurrence_id)
    if not _is_template(template) or number is None:
        return members
    return members | {"parent": template.get("uuid", series.uid), "recur": template["recur"], "imask": number}


def _can_be_template(task: Task) -> bool:
    return task.is_open and task.recurrence is not None and task.due == task.recurrence.current


def _is_template(kept: dict[str, Any]) -> bool:
    return "due" in kept and "recur" in kept and "parent" not in kept


def _description(task: Task, kept: dict[str, Any]) -> str:
    whole = kept.get("description")
    return whole if isinstance(whole, str) and (fitted_line(whole) or UNTITLED) == task.title else task.title


def _status(task: Task, kept: dict[str, Any]) -> dict[str, Any]:
    if task.progress is Progress.COMPLETED:
        started = {"start": kept["start"]} if "start" in kept else {}
        return {"status": "completed", "end": date_text(task.completed or task.updated), **started}
    if task.progress is Progress.CANCELLED:
        started = {"start": kept["start"]} if "start" in kept else {}
        return {"status": "deleted", "end": kept.get("end", date_text(task.updated)), **started}
    found = {"status": kept.get("status", "pending")}
    if task.progress is Progress.IN_PROCESS:
        found["start"] = kept.get("start", date_text(task.updated))
    return found


def _losses(task: Task, members: dict[str, Any]) -> tuple[str, ...]:
    is_template, is_child = "recur" in members, "parent" in members
    lost = {
        "the description": bool(task.description),
        "links": bool(task.links),
        "reminders": bool(task.reminders),
        "the estimated duration": task.estimated_duration is not None,
        "the percentage": task.percent_complete not in {0, 100},
        "the exact priority": task.priority not in {0, *PRIORITY_OF.values()},
        "the recurrence": task.recurrence is not None and not is_template,
        "of what it is an occurrence": task.occurrence_of is not None and not is_child,
        "of what it is a part": task.parent is not None,
        "the kind and zone of its start": _is_not_utc(task.start),
        "the kind and zone of its due": _is_not_utc(task.due),
        "who commented": any(comment.author for comment in task.comments),
    }
    return (
        *(name for name, is_lost in lost.items() if is_lost),
        *order_lost(task),
        *assignees_lost(task),
        *foreign_lost(task, but=FILED_UNDER),
    )


def _is_not_utc(moment: CalendarTime | None) -> bool:
    return moment is not None and not (isinstance(moment, Zoned) and moment.time_zone == "UTC")
