"""What happens between a request about a task's place, comments or urgency and a use case."""

from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.tasks.comments import AddComment, CommentView, DeleteComment, EditComment
from taskharbor.application.tasks.urgency import UTC_ZONE, GetUrgency
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import Revision
from taskharbor.entrypoints.http.requests.body import read_json
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.claim_fence import fence_of
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.headers import JSON, MERGE_PATCH
from taskharbor.entrypoints.http.requests.parameter import read_query, refuse_query
from taskharbor.entrypoints.http.requests.parameters import COMMENT_ID, TASK_ID, URGENCY_ZONE
from taskharbor.entrypoints.http.requests.preconditions import if_matching
from taskharbor.entrypoints.http.requests.validation import validated
from taskharbor.entrypoints.http.responses.links import location_of
from taskharbor.entrypoints.http.responses.not_modified import document_unless_known
from taskharbor.entrypoints.http.responses.responses import (
    deleted,
    document_answer,
    document_created,
    json_answer,
    task_answer,
)
from taskharbor.entrypoints.http.schemas.bodies import EDIT_COMMENT, MOVE, NEW_COMMENT
from taskharbor.entrypoints.http.schemas.documents import comment_document, task_document, urgency_document


class RelationEndpoints:
    """These operations as functions from request to response."""

    def __init__(self, use_cases: UseCases, *, callers: Callers, max_body_bytes: int) -> None:
        self._use_cases = use_cases
        self._callers = callers
        self._max_body_bytes = max_body_bytes

    async def move(self, request: Request) -> Response:
        """Put a task into another place."""
        context = await self._callers.context(request)
        task_id = TASK_ID.in_path_of(request)
        refuse_query(request.scope)
        body = await read_json(request, JSON, self._max_body_bytes)
        place = validated(MOVE, body, not_yours={})

        async def move(expected: Revision | None) -> TaskView:
            return await self._use_cases.execute(
                MoveTask(id=task_id, if_match=expected, fence=fence_of(request.scope), **place), **context
            )

        try:
            return task_answer(await if_matching(request.scope, move))
        except InvalidValue as refused:
            if refused.field != "after":  # which elsewhere is a parameter of the query
                raise
            raise InvalidRequest.at("body.after", refused.reason, code=refused.code) from None

    async def urgency(self, request: Request) -> Response:
        """Say how urgent a task is."""
        workspace = await self._callers.workspace(request)
        time_zone = read_query(request.scope, URGENCY_ZONE).get("time_zone", UTC_ZONE)
        query = GetUrgency(id=TASK_ID.in_path_of(request), time_zone=time_zone)
        try:
            found = await self._use_cases.get_urgency(query, workspace=workspace)
        except InvalidValue as refused:
            raise InvalidRequest.at(f"query.{refused.field}", refused.reason, code=refused.code) from None
        return json_answer(urgency_document(found))

    async def comments(self, request: Request) -> Response:
        """Return all comments of a task."""
        workspace = await self._callers.workspace(request)
        refuse_query(request.scope)
        page = await self._use_cases.list_comments(TASK_ID.in_path_of(request), workspace=workspace)
        documents = [comment_document(comment) for comment in page.items]
        return document_unless_known(request.scope, documents, page.revision)

    async def add_comment(self, request: Request) -> Response:
        """Say something of a task."""
        context = await self._callers.context(request)
        task_id = TASK_ID.in_path_of(request)
        refuse_query(request.scope)
        body = await read_json(request, JSON, self._max_body_bytes)
        said = validated(NEW_COMMENT, body, not_yours={})

        async def add(expected: Revision | None) -> CommentView:
            command = AddComment(id=task_id, if_match=expected, fence=fence_of(request.scope), **said)
            return await self._use_cases.execute(command, **context)

        comment = await if_matching(request.scope, add)
        return document_created(comment_document(comment), comment.revision, location_of(request.scope, comment.id))

    async def edit_comment(self, request: Request) -> Response:
        """Give a comment another text."""
        context = await self._callers.context(request)
        task_id, comment_id = TASK_ID.in_path_of(request), COMMENT_ID.in_path_of(request)
        refuse_query(request.scope)
        body = await read_json(request, MERGE_PATCH, self._max_body_bytes)
        said = validated(EDIT_COMMENT, body, not_yours={})

        async def edit(expected: Revision | None) -> CommentView:
            command = EditComment(
                id=task_id, comment_id=comment_id, if_match=expected, fence=fence_of(request.scope), **said
            )
            return await self._use_cases.execute(command, **context)

        comment = await if_matching(request.scope, edit)
        return document_answer(comment_document(comment), comment.revision)

    async def delete_comment(self, request: Request) -> Response:
        """Take a comment away."""
        context = await self._callers.context(request)
        task_id, comment_id = TASK_ID.in_path_of(request), COMMENT_ID.in_path_of(request)
        refuse_query(request.scope)

        async def delete(expected: Revision | None) -> TaskView:
            command = DeleteComment(id=task_id, comment_id=comment_id, if_match=expected, fence=fence_of(request.scope))
            return await self._use_cases.execute(command, **context)

        task = await if_matching(request.scope, delete)
        return deleted(request.scope, task_document(task), task.revision)
