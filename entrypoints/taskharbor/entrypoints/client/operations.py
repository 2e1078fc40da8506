"""Which operation of the HTTP API carries out which command."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from taskharbor.application.claims.claim_task import ClaimTask, ReleaseClaim, RenewClaim
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList
from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.quick_add.quick_add import QuickAdd
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.reminders.manage_alerts import DismissReminder, SnoozeReminder
from taskharbor.application.saved_filters.manage_saved_filters import ChangeSavedFilter, DeleteSavedFilter, SaveFilter
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import AddComment, DeleteComment, EditComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.undo.undo_actor import UndoActor
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.domain.frozen import frozen
from taskharbor.entrypoints.client.answers import (
    actor_undo_of,
    comment_of,
    list_of,
    matching_of,
    quick_added_of,
    saved_filter_of,
    task_of,
    undo_of,
)
from taskharbor.entrypoints.client.messages import Reply

Answer = Callable[[Reply, Any], Any]


@frozen
class Operation:
    """How a command is sent.

    Attributes:
        method: that of HTTP.
        path: the path; what is in braces is a field of the command.
        answer: makes the result of the reply and the command.
        query: the fields that are parameters.
        subject: whose revision `if_match` is: that of a `task`, a `list` or a `filter`.
        has_body: whether the fields that are neither in the path nor parameters are the body; else it has none.
        renamed: the names of members where they are not those of the fields.
    """

    method: str
    path: str
    answer: Answer
    query: tuple[str, ...] = ()
    subject: str = "task"
    has_body: bool = False
    renamed: Mapping[str, str] | None = None


def _task(reply: Reply, _command: object) -> object:
    return task_of(reply.json)


def _list(reply: Reply, _command: object) -> object:
    return list_of(reply.json)


def _filter(reply: Reply, _command: object) -> object:
    return saved_filter_of(reply.json)


def _comment(reply: Reply, command: AddComment | EditComment) -> object:
    return comment_of(reply.json, command.id, reply.revision)


def _matching(reply: Reply, _command: object) -> object:
    return matching_of(reply.json)


def _actor_undo(reply: Reply, _command: object) -> object:
    return actor_undo_of(reply.json)


def _undo(reply: Reply, _command: object) -> object:
    return undo_of(reply.json)


def _quick_added(reply: Reply, _command: object) -> object:
    return quick_added_of(reply.json)


_COMPLETING: Final = ("subtasks", "dependencies", "time_zone")
_OF_OCCURRENCE: Final = ("occurrence", "time_zone")
_COMMENT: Final = "/tasks/{id}/comments/{comment_id}"

OPERATIONS: Final[Mapping[type[Any], Operation]] = {
    CreateTask: Operation("POST", "/tasks/", _task, ("dependencies",), has_body=True),
    QuickAdd: Operation("POST", "/tasks/quick", _quick_added, has_body=True),
    ChangeTask: Operation("PATCH", "/tasks/{id}", _task, _COMPLETING, has_body=True),
    DeleteTask: Operation("DELETE", "/tasks/{id}", _task, ("subtasks",)),
    CompleteTask: Operation("POST", "/tasks/{id}/complete", _task, (*_COMPLETING, "occurrence")),
    SkipOccurrence: Operation("POST", "/tasks/{id}/skip", _task, _OF_OCCURRENCE),
    ReopenTask: Operation("POST", "/tasks/{id}/reopen", _task),
    StartTask: Operation("POST", "/tasks/{id}/start", _task),
    CancelTask: Operation("POST", "/tasks/{id}/cancel", _task),
    RestoreTask: Operation("POST", "/tasks/{id}/restore", _task),
    MoveTask: Operation("POST", "/tasks/{id}/move", _task, has_body=True),
    ClaimTask: Operation("POST", "/tasks/{id}/claim", _task, has_body=True),
    RenewClaim: Operation("POST", "/tasks/{id}/renew", _task, has_body=True),
    ReleaseClaim: Operation("POST", "/tasks/{id}/release", _task, ("force",)),
    SnoozeReminder: Operation("POST", "/tasks/{id}/reminders/{reminder}/snooze", _task, has_body=True),
    DismissReminder: Operation("POST", "/tasks/{id}/reminders/{reminder}/dismiss", _task),
    AddComment: Operation("POST", "/tasks/{id}/comments", _comment, has_body=True),
    EditComment: Operation("PATCH", _COMMENT, _comment, has_body=True),
    DeleteComment: Operation("DELETE", _COMMENT, _task),
    ChangeMatching: Operation("POST", "/tasks/bulk", _matching, has_body=True),
    UndoActor: Operation("POST", "/undo", _actor_undo, has_body=True),
    UndoCommit: Operation("POST", "/commits/{revision}/undo", _undo),
    CreateList: Operation("POST", "/lists/", _list, subject="list", has_body=True),
    ChangeList: Operation("PATCH", "/lists/{id}", _list, subject="list", has_body=True),
    DeleteList: Operation("DELETE", "/lists/{id}", _list, ("move_to", "tasks"), "list"),
    SaveFilter: Operation("POST", "/filters/", _filter, subject="filter", has_body=True),
    ChangeSavedFilter: Operation(
        "PATCH", "/filters/{name}", _filter, subject="filter", has_body=True, renamed={"new_name": "name"}
    ),
    DeleteSavedFilter: Operation("DELETE", "/filters/{name}", _filter, subject="filter"),
}
"""All commands but a batch, which is sent as a whole."""
