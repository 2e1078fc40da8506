"""What the history says of a change: before and after, field by field."""

import json
from collections.abc import Mapping
from typing import Final

from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.task_document import Json, Members, members_of, object_of
from taskharbor.domain.foreign import foreign_as_json
from taskharbor.domain.instant import instant_as_json
from taskharbor.domain.task import Task

_LACKING: Final = frozenset({"null", "false", "0", '""', "[]", "{}"})
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def recorded_state(task: Task) -> Json:
    """Return all of a task that a change can change, and that the history keeps, in the wire form."""
    state: Json = json.loads(object_of(_recorded(task, members_of(task))))
    return state


def changes_between(before: Task | None, after: Task, members: Members | None = None) -> str:
    """Return as JSON text what makes `after` of `before`; of a new task, whatever it does not lack.

    `members` are those of the document of `after`, if they are known already.
    """
    now = _recorded(after, members or members_of(after))
    if before is None:
        return object_of({name: f"[null,{text}]" for name, text in now.items() if text not in _LACKING})
    then = _recorded(before, members_of(before))
    return object_of({name: f"[{then[name]},{text}]" for name, text in now.items() if text != then[name]})


def _recorded(task: Task, members: Members) -> Members:
    """Return the members of a document without those that follow from others, and with what it leaves out."""
    recorded = members | {
        "comments": _encode([comment.as_json() for comment in task.comments]) if task.comments else "[]",
        "foreign": _encode(foreign_as_json(task.foreign)) if task.foreign else "{}",
        "deleted": "null" if task.deleted is None else _encode(instant_as_json(task.deleted)),
    }
    del recorded["is_completed"], recorded["comment_count"]
    return recorded


def changes_of_records(documents: Mapping[RecordKey, tuple[str | None, str | None]]) -> str:
    """Return as JSON text what became of records: their documents before and after."""
    return _encode({f"{found_by.kind} {found_by.key}": both for found_by, both in documents.items()})
