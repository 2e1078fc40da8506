"""The operations on a task's place, comments and urgency, one by one."""

from typing import Final

from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import CommentNotFound, InvalidValue, TaskNotFound
from taskharbor.entrypoints.http.openapi.descriptions import ETAG, LOCATION, RequestBody, answer, deleted
from taskharbor.entrypoints.http.openapi.operation import BODY_ERRORS, UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.tags import COMMENTS, STRUCTURE
from taskharbor.entrypoints.http.relations.endpoints import RelationEndpoints
from taskharbor.entrypoints.http.requests.errors import InvalidRequest, UnsupportedMediaType
from taskharbor.entrypoints.http.requests.headers import JSON, MERGE_PATCH
from taskharbor.entrypoints.http.requests.parameters import (
    COMMENT_ID,
    IF_CLAIM,
    IF_MATCH,
    IF_NONE_MATCH,
    TASK_ID,
    URGENCY_ZONE,
)
from taskharbor.entrypoints.http.schemas.bodies import EDIT_COMMENT, MOVE, NEW_COMMENT
from taskharbor.entrypoints.http.schemas.documents import CommentDocument, TaskDocument, UrgencyDocument
from taskharbor.entrypoints.http.schemas.examples import COMMENT_EXAMPLE, OPEN_TASK, URGENCY_EXAMPLE, task_example
from taskharbor.entrypoints.http.tasks.operations import CHANGE_ERRORS, NO_TASK_ID

_TEXT: Final = "The *blue* can leaks"
_NO_COMMENT: Final = CommentNotFound(OPEN_TASK.id, 3)


def relation_operations(endpoints: RelationEndpoints) -> list[Operation]:
    """Return these operations."""
    return [
        Operation(
            name="move_task",
            topic=STRUCTURE,
            needs=Permission.WRITE,
            method="POST",
            path="/tasks/{task_id}/move",
            endpoint=endpoints.move,
            summary="Move a task",
            description="Puts a task next to another one (`before` or `after`), or `first` or `last` in its list, and "
            "into another `list` or below another `parent`. Next to a neighbour it gets the neighbour's list and "
            "parent. Into a list it goes without a parent, below a parent into that one's list; it becomes the last "
            "there unless something else is said. Its subtasks follow it. The service makes the new `rank`.",
            parameters=[TASK_ID, IF_MATCH, IF_CLAIM],
            body=RequestBody(
                MOVE,
                JSON,
                {
                    "before another one": {"before": 7},
                    "into a list": {"list": 7, "first": True},
                    "below another task": {"parent": 12},
                },
                required=True,
            ),
            success=answer("The moved task", headers=ETAG, example=task_example()),
            errors=[
                *BODY_ERRORS,
                *CHANGE_ERRORS,
                NO_TASK_ID,
                UnsupportedMediaType(JSON),
                InvalidValue("before", "must be the id of a task of this workspace"),
            ],
        ),
        Operation(
            name="get_urgency",
            topic=STRUCTURE,
            needs=Permission.READ,
            method="GET",
            path="/tasks/{task_id}/urgency",
            endpoint=endpoints.urgency,
            summary="Get the urgency of a task",
            description="Returns the sum of Taskwarrior's weights, which the operator can change. It depends on the "
            "current time, so it is not a field of the task.",
            model=UrgencyDocument,
            parameters=[TASK_ID, URGENCY_ZONE],
            success=answer("The urgency", example=URGENCY_EXAMPLE),
            errors=[
                TaskNotFound(OPEN_TASK.id),
                InvalidRequest.at("query.time_zone", "must be the IANA name of a time zone", code="invalid_value"),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="list_comments",
            topic=COMMENTS,
            needs=Permission.READ,
            method="GET",
            path="/tasks/{task_id}/comments",
            endpoint=endpoints.comments,
            summary="List the comments of a task",
            description="Returns all comments, oldest first. The ETag is that of the task.",
            model=list[CommentDocument],
            parameters=[TASK_ID, IF_NONE_MATCH],
            success=answer("The comments", headers=ETAG, example=[COMMENT_EXAMPLE]),
            errors=[TaskNotFound(OPEN_TASK.id), NO_TASK_ID, UNAVAILABLE],
        ),
        Operation(
            name="add_comment",
            topic=COMMENTS,
            needs=Permission.WRITE,
            method="POST",
            path="/tasks/{task_id}/comments",
            endpoint=endpoints.add_comment,
            summary="Comment on a task",
            description="Adds a comment in Markdown. The ETag is that of the task.",
            status=201,
            model=CommentDocument,
            parameters=[TASK_ID, IF_MATCH, IF_CLAIM],
            body=RequestBody(NEW_COMMENT, JSON, {"a comment": {"text": _TEXT, "author": "Zoë"}}, required=True),
            success=answer("The new comment", headers=ETAG | LOCATION, example=COMMENT_EXAMPLE),
            errors=[
                *BODY_ERRORS,
                *CHANGE_ERRORS,
                UnsupportedMediaType(JSON),
                InvalidRequest.at("body.text", "is required", code="missing"),
            ],
        ),
        Operation(
            name="edit_comment",
            topic=COMMENTS,
            needs=Permission.WRITE,
            method="PATCH",
            path="/tasks/{task_id}/comments/{comment_id}",
            endpoint=endpoints.edit_comment,
            summary="Edit a comment",
            description="Replaces the text of a comment.",
            model=CommentDocument,
            parameters=[TASK_ID, COMMENT_ID, IF_MATCH, IF_CLAIM],
            body=RequestBody(EDIT_COMMENT, MERGE_PATCH, {"another text": {"text": _TEXT}}, required=True),
            success=answer("The edited comment", headers=ETAG, example=COMMENT_EXAMPLE),
            errors=[
                *BODY_ERRORS,
                *CHANGE_ERRORS,
                _NO_COMMENT,
                UnsupportedMediaType(MERGE_PATCH),
                InvalidRequest.at("body.text", "is required", code="missing"),
            ],
        ),
        Operation(
            name="delete_comment",
            topic=COMMENTS,
            needs=Permission.WRITE,
            method="DELETE",
            path="/tasks/{task_id}/comments/{comment_id}",
            endpoint=endpoints.delete_comment,
            summary="Delete a comment",
            description="Deletes a comment for good. Its number is not used again.",
            status=204,
            model=None,
            deleted=deleted(TaskDocument, task_example()),
            parameters=[TASK_ID, COMMENT_ID, IF_MATCH, IF_CLAIM],
            success=answer("The comment was deleted", headers=ETAG),
            errors=[*CHANGE_ERRORS, NO_TASK_ID, _NO_COMMENT],
        ),
    ]
