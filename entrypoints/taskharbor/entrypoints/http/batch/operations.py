"""The operations on a workspace as a whole."""

from typing import Any

from pydantic import TypeAdapter

from taskharbor.application.errors import ConcurrentUpdate, TokenExpired
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.http.batch.documents import BatchDocument
from taskharbor.entrypoints.http.batch.endpoints import WorkspaceEndpoints
from taskharbor.entrypoints.http.batch.examples import BATCH_EXAMPLE, BATCH_REFUSALS, BATCHES, CHANGES_EXAMPLE
from taskharbor.entrypoints.http.openapi import tags as topics
from taskharbor.entrypoints.http.openapi.descriptions import RequestBody, answer
from taskharbor.entrypoints.http.openapi.operation import BODY_ERRORS, UNAVAILABLE, Operation
from taskharbor.entrypoints.http.requests.errors import InvalidRequest, UnsupportedMediaType
from taskharbor.entrypoints.http.requests.headers import JSON
from taskharbor.entrypoints.http.requests.parameters import CHANGES_LIMIT, SINCE
from taskharbor.entrypoints.http.schemas.change_documents import ChangesDocument
from taskharbor.entrypoints.http.schemas.examples import OPEN_TASK


def workspace_operations(endpoints: WorkspaceEndpoints) -> list[Operation]:
    """Return these operations."""
    return [
        Operation(
            name="list_changes",
            topic=topics.SYNC,
            needs=Permission.READ,
            method="GET",
            path="/changes",
            endpoint=endpoints.changes,
            summary="List what has changed since a token",
            description="Returns the changes since the token in commit order: tasks as they are now, and tombstones "
            "of deleted ones. Apply each page and continue with `next`. When `more` is false, your copy is exactly the "
            "workspace as of one revision; nothing is ever skipped.",
            model=ChangesDocument,
            parameters=[SINCE, CHANGES_LIMIT],
            success=answer("A page of changes", example=CHANGES_EXAMPLE),
            errors=[
                InvalidRequest.at(
                    "query.since", "must be * or the `next` of an earlier response", code="invalid_value"
                ),
                TokenExpired(),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="run_batch",
            topic=topics.BATCH,
            needs=Permission.WRITE,
            method="POST",
            path="/batch",
            endpoint=endpoints.batch,
            summary="Run many commands in one commit",
            description="Runs 1 to 1,000 commands in order, in one commit, which takes one revision. A command refers "
            "to its task by `id`, or by the `uid` that an earlier command of the batch gave to a new task, and to a "
            "list by number or name. If a command is refused, the batch fails with the error of that command, `errors` "
            "says which one it was, and nothing is changed. If `atomic` is false, the command is left out instead, and "
            "its result contains the error.\n\n"
            "Each result has the `status` that the command alone would have had, and the task as the whole batch left "
            "it; a deleted task has only its id and revision, unless `Prefer: return=representation` is sent. A "
            "dry run writes nothing: changed tasks keep their revision, and a new task has revision 0 and an id that "
            "it will not get.",
            model=BatchDocument,
            body=RequestBody(_batch, JSON, BATCHES, required=True),
            success=answer("The result of each command", example=BATCH_EXAMPLE),
            errors=[
                *BODY_ERRORS,
                *BATCH_REFUSALS,
                ConcurrentUpdate(OPEN_TASK.id),
                UnsupportedMediaType(JSON),
                UNAVAILABLE,
            ],
        ),
    ]


def _batch() -> TypeAdapter[Any]:
    from taskharbor.entrypoints.http.batch.bodies import BATCH  # noqa: PLC0415  # only batches need all commands

    return BATCH
