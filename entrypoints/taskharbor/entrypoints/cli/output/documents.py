"""What calls return, as the documents that the HTTP API answers with."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import Change, Tombstone
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.tasks.comments import CommentView
from taskharbor.application.undo.undo_commit import Undone
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.values.instant import instant_as_json

Document = dict[str, Any]


def task_document(task: TaskView) -> Document:
    """Return a task; its urgency is there if that was asked for."""
    document: Document = json.loads(task.as_json())
    return document if task.urgency is None else document | {"urgency": task.urgency}


def task_documents(tasks: Iterable[TaskView]) -> list[Document]:
    """Return several tasks."""
    return [task_document(task) for task in tasks]


def list_document(task_list: TaskList, open_tasks: int) -> Document:
    """Return a list, with how many open tasks it has."""
    document = asdict(task_list)
    for name in ("created", "updated"):
        document[name] = document[name] and instant_as_json(document[name])
    return document | {"open_tasks": open_tasks}


def comment_document(comment: CommentView) -> Document:
    """Return a comment."""
    document = asdict(comment)
    return document | {name: instant_as_json(document[name]) for name in ("created", "updated")}


def history_document(entry: HistoryEntry) -> Document:
    """Return an entry of the history."""
    return {
        "task": entry.task_id,
        "revision": entry.revision,
        "at": instant_as_json(entry.at),
        "command": entry.command,
        "actor": entry.actor,
        "changes": json.loads(entry.changes),
    }


def change_document(change: Change) -> Document:
    """Return an item of the feed."""
    if isinstance(change, Tombstone):
        return asdict(change) | {"deleted": instant_as_json(change.deleted)}
    document: Document = json.loads(change.as_json())
    return document


def undone_document(revision: int | None, undone: Undone) -> Document:
    """Return what became of an undo."""
    return {"revision": revision} | asdict(undone)
