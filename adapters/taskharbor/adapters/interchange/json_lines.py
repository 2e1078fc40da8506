"""JSON Lines: everything that Taskharbor knows of a task, on one line. Nothing is lost but its history.

A line is what the HTTP API answers, with `comments` and `foreign`, and with the names of what the API has numbers for,
since another store has other numbers: `list_name`, `parent_uid`, `depends_on_uids`. Lists come first, a line each: what
the API answers, with `"kind": "list"`, and `inbox` in place of the number.
"""

import json
from typing import Any, Final, cast

from taskharbor.adapters.interchange.json_lines_reading import FILED_UNDER, JsonLinesReader, are_read_alike
from taskharbor.adapters.interchange.losses import awaited_dependencies, awaited_parent
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.documents.task_document import details_as_json, document_of
from taskharbor.application.interchange.fitting import fitted_text
from taskharbor.application.lists.list_records import list_as_json
from taskharbor.application.ports.interchange import (
    EncodedTask,
    Format,
    ReferenceNames,
    TaskWriter,
)
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.tasks.comment import MAX_COMMENT_LENGTH
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid

_TEXTS: Final = frozenset({"title", "description", "tags", "links", "comments", "list_name"})
_STAMPS: Final = frozenset({"created", "updated", "completed"})


class JsonLinesWriter(TaskWriter):
    """Writes one file."""

    def head(self) -> bytes:
        """Return nothing: every line stands by itself."""
        return b""

    def write_list(self, task_list: TaskList) -> bytes:
        """Return the line of a list."""
        members = {name: value for name, value in list_as_json(task_list).items() if name not in {"id", "revision"}}
        members = {"kind": "list", "inbox": task_list.is_inbox} | members
        return f"{json_text(members)}\n".encode()

    def write(self, task: Task, names: ReferenceNames) -> EncodedTask:
        """Return the line of a task."""
        more = {
            "list_name": names.lists.get(task.list) if task.list != INBOX else None,
            "occurrence_of_uid": _uid_of(task.occurrence_of.task, names) if task.occurrence_of else None,
            "parent_uid": _uid_of(task.parent, names) if task.parent is not None else awaited_parent(task),
            "depends_on_uids": [
                *(uid for id_ in task.depends_on if (uid := _uid_of(id_, names))),
                *awaited_dependencies(task),
            ],
        }
        details = details_as_json(task)
        preserved = _preserved(details)
        # The document goes on with more members. Who works on the task at the moment is nothing for another store.
        text = f"{document_of(task.claimed(None))[:-1]},{json_text(more | details)[1:]}"
        if preserved:
            text = json_text(_with_preserved(json.loads(text), preserved))
        return EncodedTask(f"{text}\n".encode())

    def tail(self) -> bytes:
        """Return nothing."""
        return b""


class JsonLinesFormat(Format):
    """One JSON object on each line."""

    name = "jsonl"
    media_type = "application/jsonl"
    suffixes = (".jsonl", ".ndjson")

    def reader(self) -> JsonLinesReader:
        """Return a reader for one file."""
        return JsonLinesReader()

    def writer(self) -> JsonLinesWriter:
        """Return a writer for one file."""
        return JsonLinesWriter()


def _uid_of(task_id: int, names: ReferenceNames) -> Uid | None:
    return names.tasks[task_id].uid if task_id in names.tasks else None


def _with_preserved(members: dict[str, Any], preserved: dict[str, Any]) -> dict[str, Any]:
    """Return a line with what came where it stood, if the task has nothing there, or what was taken of it.

    A date that the task has in any case stays in the foreign data.
    """
    ours = dict(members)
    for name, came in preserved.items():
        value = _comments(ours["comments"], came) if name == "comments" and ours.get(name) else came
        if not ours.get(name) or (name in _TEXTS and are_read_alike(name, value, ours[name])):
            members[name] = value
        elif name in _STAMPS:
            foreign = members["foreign"]
            members["foreign"] = foreign | {FILED_UNDER: foreign.get(FILED_UNDER, {}) | {name: value}}
    return members


def _comments(ours: list[dict[str, Any]], came: object) -> list[dict[str, Any]]:
    """Return comments with the texts that they came with."""
    items: list[Any] = came if isinstance(came, list) else []
    texts = [
        text
        for each in items
        if isinstance(each, dict) and isinstance(text := cast("dict[str, Any]", each).get("text"), str)
    ]
    came_as = {fitted_text(text.strip(), MAX_COMMENT_LENGTH).strip(): text for text in texts}
    return [each | {"text": came_as.get(each["text"], each["text"])} for each in ours]


def _preserved(details: dict[str, Any]) -> dict[str, Any]:
    """Take out of the foreign data what could not be read of a line, for it to stand where it stood."""
    foreign = cast("dict[str, Any]", details.get("foreign", {}))
    if not isinstance(foreign.get(FILED_UNDER), dict):
        return {}
    details["foreign"] = {name: data for name, data in foreign.items() if name != FILED_UNDER}
    return cast("dict[str, Any]", foreign[FILED_UNDER])
