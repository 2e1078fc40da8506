"""What the history says of a change: before and after, field by field."""

import json
from collections.abc import Mapping
from typing import Final

from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.task_document import Json, details_as_json, task_as_json
from taskharbor.domain.instant import instant_as_json
from taskharbor.domain.task import Task

_DERIVED: Final = ("is_completed", "comment_count", "last_comment_id")
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def recorded_state(task: Task, document: Json | None = None) -> Json:
    """Return all of a task that a change can change, and that the history keeps, in the wire form.

    `document` is what the document of the task says, if that is known already.
    """
    state = (document or task_as_json(task)) | details_as_json(task)
    state["deleted"] = None if task.deleted is None else instant_as_json(task.deleted)
    for name in _DERIVED:
        del state[name]
    return state


def changes_between(before: Task | None, after: Task, document: Json | None = None) -> str:
    """Return as JSON text what makes `after` of `before`; of a new task, whatever it does not lack.

    `document` is what the document of `after` says, if that is known already.
    """
    state = recorded_state(after, document)
    if before is None:
        return _encode({name: (None, value) for name, value in state.items() if value})
    earlier = recorded_state(before)
    return _encode({name: (earlier[name], value) for name, value in state.items() if value != earlier[name]})


def changes_of_records(documents: Mapping[RecordKey, tuple[str | None, str | None]]) -> str:
    """Return as JSON text what became of records: their documents before and after."""
    return _encode({f"{found_by.kind} {found_by.key}": both for found_by, both in documents.items()})
