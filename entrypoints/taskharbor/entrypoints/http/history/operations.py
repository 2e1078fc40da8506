"""The operations that deal with what was."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from taskharbor.application.errors import CommitNotFound, ConcurrentUpdate, HistoryForgotten
from taskharbor.application.undo.undo_actor import MAX_UNDONE
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.entrypoints.http.history.bodies import UNDO_ACTOR
from taskharbor.entrypoints.http.history.documents import (
    ActorUndoDocument,
    DeletedTaskDocument,
    HistoryDocument,
    RefusedUndoDocument,
    UndoDocument,
    UndoneRecordDocument,
)
from taskharbor.entrypoints.http.history.endpoints import HistoryEndpoints
from taskharbor.entrypoints.http.history.parameters import BEFORE_PLACE, BEFORE_REVISION, HISTORY_LIMIT, REVISION
from taskharbor.entrypoints.http.openapi.descriptions import ETAG, LINK, RequestBody, answer
from taskharbor.entrypoints.http.openapi.operation import BODY_ERRORS, UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.tags import HISTORY
from taskharbor.entrypoints.http.requests.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType
from taskharbor.entrypoints.http.requests.headers import JSON
from taskharbor.entrypoints.http.requests.parameters import IF_NONE_MATCH, LIMIT, TASK_ID
from taskharbor.entrypoints.http.responses.responses import json_answer
from taskharbor.entrypoints.http.schemas.examples import OPEN_TASK, task_example
from taskharbor.entrypoints.http.schemas.undo_documents import (
    ConflictDocument,
    RecordConflictDocument,
    UndoneDocument,
)

_AT: Final = datetime(2026, 3, 15, 18, tzinfo=UTC)


def _as_json(document: object) -> Any:  # noqa: ANN401  # JSON
    return json.loads(bytes(json_answer(document).body))


_ENTRY: Final = HistoryDocument(
    8, _AT, "change_task", "bob@example.org", {"title": ["Water the plants", "Water the garden"], "priority": [0, 5]}
)
_UNDONE: Final = UndoDocument(
    12,
    [UndoneDocument(42, ["priority"])],
    [ConflictDocument(42, ["title"], "changed_since", "It has been changed since")],
    [UndoneRecordDocument("list", "7", "restored")],
    [RecordConflictDocument("filter", "my week", "changed_since", "It has been changed since")],
)
_ACTOR_UNDONE: Final = ActorUndoDocument(
    12,
    _UNDONE.undone,
    _UNDONE.conflicts,
    _UNDONE.records,
    _UNDONE.record_conflicts,
    [11, 9],
    [RefusedUndoDocument(7, "invalid_value", "revision: must not be a commit that created a list")],
    None,
)


def history_operations(endpoints: HistoryEndpoints) -> list[Operation]:
    """Return these operations."""
    return [
        Operation(
            name="task_history",
            topic=HISTORY,
            needs=Permission.READ,
            method="GET",
            path="/tasks/{task_id}/history",
            endpoint=endpoints.history,
            summary="List the history of a task",
            description="Returns what each commit did to a live or deleted task, latest first: every changed field "
            "before and after, the command, the actor and the time.",
            model=list[HistoryDocument],
            parameters=[TASK_ID, BEFORE_REVISION, HISTORY_LIMIT],
            success=answer("A page of entries", headers=LINK, example=[_as_json(_ENTRY)]),
            errors=[
                TaskNotFound(OPEN_TASK.id),
                InvalidRequest.at("query.limit", "must be an integer", code="wrong_type"),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="list_trash",
            topic=HISTORY,
            needs=Permission.READ,
            method="GET",
            path="/trash",
            endpoint=endpoints.trash,
            summary="List deleted tasks",
            description="Returns deleted tasks that can still be restored, most recently deleted first.",
            model=list[DeletedTaskDocument],
            parameters=[BEFORE_PLACE, LIMIT, IF_NONE_MATCH],
            success=answer(
                "A page of deleted tasks",
                headers=ETAG | LINK,
                example=[task_example() | {"deleted": "2026-03-15T18:00:00Z"}],
            ),
            errors=[
                InvalidRequest.at(
                    "query.before", "must come from the `next` link of an earlier page", code="invalid_value"
                ),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="undo_actor",
            topic=HISTORY,
            needs=Permission.WRITE,
            method="POST",
            path="/undo",
            endpoint=endpoints.undo_actor,
            summary="Undo what somebody did",
            description="Undoes all commits of one actor in a stretch of time, the latest first, in one new commit. "
            "What others have changed since stays as it is and is listed in `conflicts`; one that cannot be undone "
            "at all, such as one that created a list, in `refused`. "
            f"Up to {MAX_UNDONE} commits of the actor are undone at once; where that ends before `since`, "
            "`continue_until` says where to go on. For another actor than oneself, the permission `manage` is needed.",
            model=ActorUndoDocument,
            body=RequestBody(
                UNDO_ACTOR,
                JSON,
                {"of this evening": {"actor": "bot-1", "since": "2026-03-15T18:00:00Z", "dry_run": True}},
                required=True,
            ),
            success=answer("What was undone, and what was not", example=_as_json(_ACTOR_UNDONE)),
            errors=[
                *BODY_ERRORS,
                ConcurrentUpdate(OPEN_TASK.id),
                UnsupportedMediaType(JSON),
                InvalidRequest.at(
                    "body.since", "is revision 9, but the workspace is at revision 7", code="invalid_value"
                ),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="undo_commit",
            topic=HISTORY,
            needs=Permission.WRITE,
            method="POST",
            path="/commits/{revision}/undo",
            endpoint=endpoints.undo,
            summary="Undo a commit",
            description="Undoes a commit in a new one: deletes what it created, restores what it deleted, and sets "
            "every field that it changed back to its previous value. What has been changed since stays as it is and is "
            "listed in `conflicts`, as is anything that would now break a rule. Undoing an undo redoes the commit.",
            model=UndoDocument,
            parameters=[REVISION],
            success=answer("What was undone, and what was not", example=_as_json(_UNDONE)),
            errors=[
                CommitNotFound(8),
                HistoryForgotten(8),
                ConcurrentUpdate(OPEN_TASK.id),
                InvalidRequest.at("path.revision", f"must be an integer from 1 to {MAX_ID}", code="invalid_value"),
                BodyTooLarge(1_048_576),
                UNAVAILABLE,
            ],
        ),
    ]
