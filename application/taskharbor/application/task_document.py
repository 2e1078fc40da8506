"""A task as text, and back: what rows hold, pages show, files carry and the history compares.

A task has two texts. Its *document* is JSON in the wire form: what readers are answered with. Its *details* are what
pages leave out, since it can be long: comments and foreign data. `revision`, `deleted` and whatever depends on other
tasks stand in neither: a store has columns for them.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from json.encoder import encode_basestring as _text
from typing import Any, Final, TypeAlias, cast

from taskharbor.domain.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.comment import Comment, Comments
from taskharbor.domain.duration import Duration, duration_from
from taskharbor.domain.foreign import Foreign, foreign_as_json, foreign_from
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.instant import instant_as_json, instant_of
from taskharbor.domain.occurrence import OccurrenceOf
from taskharbor.domain.progress import Progress
from taskharbor.domain.recurrence import Anchor, Overdue, Recurrence
from taskharbor.domain.recurrence_rule_reading import recurrence_rule_from
from taskharbor.domain.reminder import Reminders, reminders_as_json, reminders_from
from taskharbor.domain.task import Task

Json: TypeAlias = dict[str, Any]
"""A JSON object."""

Members: TypeAlias = dict[str, str]
"""The members of a JSON object, each with its value as JSON text."""

PROGRESS: Final = {progress.value: progress for progress in Progress}

_BEFORE_ID: Final = '{"id":'
_NULL: Final = "null"
_EMPTY: Final = "[]"
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def document_of(task: Task) -> str:
    """Return the document of `task`."""
    return object_of(members_of(task))


def object_of(members: Members) -> str:
    """Return the JSON object that has these members."""
    return "{" + ",".join([f'"{name}":{text}' for name, text in members.items()]) + "}"


def id_in(document: str) -> TaskId:
    """Return the id of the task that has this document, without reading all of it: `document_of` puts it first."""
    return int(document[len(_BEFORE_ID) : document.index(",", len(_BEFORE_ID))])


def details_of(task: Task) -> str | None:
    """Return the details of `task`, or None if it has none."""
    return _encode(details_as_json(task)) if task.last_comment_id or task.foreign else None


def members_of(task: Task) -> Members:
    """Return the members of the document of `task`.

    Each is made a text at once, not by an encoder that would have to find out what it is, twice: the history of a
    commit is made of the same texts.
    """
    return {
        "id": str(task.id),
        "uid": _text(task.uid),
        "title": _text(task.title),
        "description": _NULL if task.description is None else _text(task.description),
        "progress": _text(task.progress),
        "is_completed": "true" if task.is_completed else "false",
        "percent_complete": str(task.percent_complete),
        "priority": str(task.priority),
        "start": _NULL if task.start is None else _encode(task.start.as_json()),
        "due": _NULL if task.due is None else _encode(task.due.as_json()),
        "estimated_duration": _NULL if task.estimated_duration is None else _text(task.estimated_duration.as_json()),
        "tags": _encode(task.tags) if task.tags else _EMPTY,
        "links": _encode(task.links) if task.links else _EMPTY,
        "reminders": _encode(reminders_as_json(task.reminders)) if task.reminders else _EMPTY,
        "recurrence": _NULL if task.recurrence is None else _encode(task.recurrence.as_json()),
        "occurrence_of": _NULL if task.occurrence_of is None else _encode(task.occurrence_of.as_json()),
        "list": str(task.list),
        "parent": _NULL if task.parent is None else str(task.parent),
        "depends_on": _encode(task.depends_on) if task.depends_on else _EMPTY,
        "rank": _text(task.rank),
        "subtask_count": str(task.subtask_count),
        "open_subtask_count": str(task.open_subtask_count),
        "comment_count": str(len(task.comments)),
        "created": _text(instant_as_json(task.created)),
        "updated": _text(instant_as_json(task.updated)),
        "completed": _NULL if task.completed is None else _text(instant_as_json(task.completed)),
    }


def task_as_json(task: Task) -> Json:
    """Return what the document of `task` says."""
    document: Json = json.loads(document_of(task))
    return document


def details_as_json(task: Task) -> Json:
    """Return what the details of `task` say."""
    return {
        "comments": [comment.as_json() for comment in task.comments],
        "last_comment_id": task.last_comment_id,
        "foreign": foreign_as_json(task.foreign),
    }


def task_from(document: str, details: str | None, *, deleted: datetime | None, revision: Revision) -> Task:
    """Return the task that has these texts. What a store gives back was checked when it was made."""
    members: Json = json.loads(document)
    more: Json = {} if details is None else json.loads(details)
    del members["is_completed"], members["comment_count"]
    return Task(
        **typed(members),
        comments=_comments_of(more.get("comments", [])),
        last_comment_id=more.get("last_comment_id", 0),
        foreign=_foreign_of(more.get("foreign", {})),
        deleted=deleted,
        revision=revision,
    )


def typed(members: Json) -> Json:
    """Return the members of a document as the types of the domain, in place."""
    for name, read in _READERS.items():
        value = members[name]
        if value is not None:
            members[name] = read(value)
    return members


def _calendar_time_of(members: Mapping[str, str]) -> CalendarTime:
    if "date" in members:
        return AllDay(date.fromisoformat(members["date"]))
    wall = datetime.fromisoformat(members["localDateTime"])
    return Zoned(wall, members["timeZone"]) if "timeZone" in members else Floating(wall)


def _duration_of(text: str) -> Duration:
    return duration_from("estimated_duration", text)


def _reminders_of(items: list[Any]) -> Reminders:
    return reminders_from(items) if items else ()


def _recurrence_of(members: Json) -> Recurrence:
    return Recurrence(
        rule=None if members["rrule"] is None else recurrence_rule_from("rrule", members["rrule"]),
        rdate=tuple(map(_calendar_time_of, members["rdate"])),
        exdate=tuple(map(_calendar_time_of, members["exdate"])),
        anchor=Anchor(members["anchor"]),
        overdue=Overdue(members["overdue"]),
        first=_calendar_time_of(members["first"]),
        current=_calendar_time_of(members["current"]),
    )


def _occurrence_of(members: Json) -> OccurrenceOf:
    return OccurrenceOf(members["task"], _calendar_time_of(members["recurrenceId"]))


def _comments_of(items: list[Json]) -> Comments:
    return tuple(
        Comment(
            id=item["id"],
            text=item["text"],
            author=item["author"],
            created=instant_of(item["created"]),
            updated=instant_of(item["updated"]),
        )
        for item in items
    )


def _foreign_of(members: Json) -> Foreign:
    return foreign_from(members) if members else ()


_READERS: Final = {
    "progress": cast("Any", PROGRESS.__getitem__),
    "start": _calendar_time_of,
    "due": _calendar_time_of,
    "estimated_duration": _duration_of,
    "tags": tuple,
    "links": tuple,
    "reminders": _reminders_of,
    "recurrence": _recurrence_of,
    "occurrence_of": _occurrence_of,
    "depends_on": tuple,
    "created": instant_of,
    "updated": instant_of,
    "completed": instant_of,
}
