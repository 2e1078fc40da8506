"""What the history says of a change: before and after, field by field."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from taskharbor.application.documents.json_encoding import (
    instant_text,
    items_text,
    json_text,
    reminders_text,
    string_text,
    value_text,
)
from taskharbor.application.documents.task_document import Json
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.domain.tasks.comment import Comments
from taskharbor.domain.tasks.foreign_data import Foreign, foreign_as_json
from taskharbor.domain.tasks.task import Task


def recorded_state(task: Task) -> Json:
    """Return all of a task that a change can change, and that the history keeps, in the wire form."""
    members = [f'"{name}":{text_of(getattr(task, name))}' for name, text_of in _RECORDED.items()]
    state: Json = json.loads(_object(members))
    return state


def changes_between(before: Task | None, after: Task) -> str:
    """Return as JSON text what makes `after` of `before`; of a new task, whatever it does not lack."""
    if before is None:
        return _object(
            [
                f'"{name}":[null,{text_of(value)}]'
                for name, text_of in _RECORDED.items()
                if (value := getattr(after, name))
            ]
        )
    return _object(
        [
            f'"{name}":[{text_of(then)},{text_of(now)}]'
            for name, text_of in _RECORDED.items()
            if (then := getattr(before, name)) is not (now := getattr(after, name)) and then != now
        ]
    )


def changes_of_records(documents: Mapping[RecordKey, tuple[str | None, str | None]]) -> str:
    """Return as JSON text what became of records: their documents before and after."""
    return json_text({f"{found_by.kind} {found_by.key}": both for found_by, both in documents.items()})


def _object(members: list[str]) -> str:
    return "{" + ",".join(members) + "}"


def _comments_text(comments: Comments) -> str:
    return json_text([comment.as_json() for comment in comments])


def _foreign_text(foreign: Foreign) -> str:
    return json_text(foreign_as_json(foreign))


_RECORDED: Final[Mapping[str, Callable[[Any], str]]] = {
    "id": str,
    "uid": string_text,
    "title": string_text,
    "description": json_text,
    "progress": string_text,
    "percent_complete": str,
    "priority": str,
    "start": value_text,
    "due": value_text,
    "estimated_duration": value_text,
    "tags": items_text,
    "links": items_text,
    "reminders": reminders_text,
    "recurrence": value_text,
    "occurrence_of": value_text,
    "list": str,
    "parent": json_text,
    "depends_on": items_text,
    "rank": string_text,
    "subtask_count": str,
    "open_subtask_count": str,
    "created": instant_text,
    "updated": instant_text,
    "completed": instant_text,
    "comments": _comments_text,
    "foreign": _foreign_text,
    "deleted": instant_text,
}
"""The fields that the history tells of, each with what makes text of it: the same that the document says."""
