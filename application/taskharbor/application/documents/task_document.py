"""A task as text, and back: what rows hold, pages show, files carry and the history compares.

A task has two texts. Its *document* is JSON in the wire form: what readers are answered with. Its *details* are what
pages leave out, since it can be long: comments and foreign data. `revision`, `deleted` and whatever depends on other
tasks stand in neither: a store has columns for them.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, TypeAlias, cast

from taskharbor.application.documents.json_encoding import (
    instant_text,
    items_text,
    json_text,
    reminders_text,
    string_text,
    value_text,
)
from taskharbor.domain.fast_replace import replace
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.recurrence.occurrence import OccurrenceOf
from taskharbor.domain.recurrence.recurrence import Anchor, Overdue, Recurrence
from taskharbor.domain.recurrence.rule_parser import recurrence_rule_from
from taskharbor.domain.tasks.comment import Comment, Comments
from taskharbor.domain.tasks.foreign_data import ForeignData, foreign_as_json, foreign_from
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.reminder import Reminders, reminders_from
from taskharbor.domain.tasks.task import BLANK, Task
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.duration import Duration, duration_from
from taskharbor.domain.values.instant import instant_of

Json: TypeAlias = dict[str, Any]
"""A JSON object."""

PROGRESS: Final = {progress.value: progress for progress in Progress}

_BEFORE_ID: Final = '{"id":'


def document_of(task: Task) -> str:
    """Return the document of `task`."""
    return (
        f'{{"id":{task.id},"uid":"{task.uid}","title":{string_text(task.title)},'
        f'"description":{"null" if task.description is None else string_text(task.description)},'
        f'"progress":"{task.progress}","is_completed":{"true" if task.is_completed else "false"},'
        f'"percent_complete":{task.percent_complete},"priority":{task.priority},'
        f'"start":{value_text(task.start)},"due":{value_text(task.due)},'
        f'"estimated_duration":{value_text(task.estimated_duration)},'
        f'"tags":{items_text(task.tags)},"links":{items_text(task.links)},'
        f'"reminders":{reminders_text(task.reminders)},"recurrence":{value_text(task.recurrence)},'
        f'"occurrence_of":{value_text(task.occurrence_of)},'
        f'"list":{task.list},"parent":{"null" if task.parent is None else task.parent},'
        f'"depends_on":{items_text(task.depends_on)},"rank":"{task.rank}",'
        f'"subtask_count":{task.subtask_count},"open_subtask_count":{task.open_subtask_count},'
        f'"comment_count":{task.comment_count},"created":{instant_text(task.created)},'
        f'"updated":{instant_text(task.updated)},"completed":{instant_text(task.completed)}}}'
    )


def id_in(document: str) -> TaskId:
    """Return the id of the task that has this document, without reading all of it: `document_of` puts it first."""
    return int(document[len(_BEFORE_ID) : document.index(",", len(_BEFORE_ID))])


def details_of(task: Task) -> str | None:
    """Return the details of `task`, or None if it has none."""
    return json_text(details_as_json(task)) if task.last_comment_id or task.foreign else None


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
    return replace(
        BLANK,
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


def _foreign_of(members: Json) -> ForeignData:
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
