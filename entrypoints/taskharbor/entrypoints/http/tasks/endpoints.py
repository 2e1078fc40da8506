"""What happens between a request and a use case."""

from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.batch.commands import SingleTaskCommand
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.history.as_of import ListTasksAsOf
from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.progress.list_occurrences import ListOccurrences
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision
from taskharbor.entrypoints.http.history.endpoints import HistoryEndpoints
from taskharbor.entrypoints.http.openapi.operation import Endpoint
from taskharbor.entrypoints.http.requests.body import json_from, read_body, read_json, refuse_body
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.claim_fence import fence_of
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.headers import JSON, MERGE_PATCH, headers_of, require_media_type
from taskharbor.entrypoints.http.requests.parameter import Parameter, read_query
from taskharbor.entrypoints.http.requests.parameters import (
    AS_OF,
    COMPLETED,
    DEPENDENCIES,
    FROM,
    OCCURRENCE,
    OCCURRENCES_LIMIT,
    SUBTASKS,
    SUBTASKS_OF_DELETED,
    TASK_ID,
    TIME_ZONE,
    TO,
)
from taskharbor.entrypoints.http.requests.preconditions import if_matching
from taskharbor.entrypoints.http.requests.validation import require_something, validated
from taskharbor.entrypoints.http.responses.links import location_of, next_link, next_occurrences_link
from taskharbor.entrypoints.http.responses.not_modified import page_unless_known, task_unless_known
from taskharbor.entrypoints.http.responses.responses import created, deleted, occurrences_answer, task_answer
from taskharbor.entrypoints.http.schemas.bodies import (
    CHANGE_TASK,
    CREATE_TASK,
    NOT_AT_CREATION,
    NOT_CHANGEABLE,
    ChangeTaskBody,
)
from taskharbor.entrypoints.http.schemas.documents import task_document
from taskharbor.entrypoints.http.search.documents import selected
from taskharbor.entrypoints.http.search.endpoints import SearchEndpoints
from taskharbor.entrypoints.http.search.queries import SearchPage, tasks_page_of

_OF_OCCURRENCE: Final = (OCCURRENCE, TIME_ZONE)
_NAMES: Final = {"from": "since", "to": "before"}


class TaskEndpoints:
    """The operations on tasks, as functions from request to response.

    They read the request themselves, where FastAPI could do it from their signatures, because that costs as much as
    all else that happens here together.
    """

    def __init__(
        self,
        use_cases: UseCases,
        search: SearchEndpoints,
        past: HistoryEndpoints,
        *,
        callers: Callers,
        max_body_bytes: int,
    ) -> None:
        self._use_cases = use_cases
        self._search = search
        self._past = past
        self._max_body_bytes = max_body_bytes
        self._workspace = callers.workspace
        self._context = callers.context
        self.complete = self._move(CompleteTask, SUBTASKS, DEPENDENCIES, *_OF_OCCURRENCE)
        self.skip = self._move(SkipOccurrence, *_OF_OCCURRENCE)
        self.reopen = self._move(ReopenTask)
        self.start = self._move(StartTask)
        self.cancel = self._move(CancelTask)
        self.restore = self._move(RestoreTask)

    async def create(self, request: Request) -> Response:
        """Make a task."""
        context = await self._context(request)
        rules = read_query(request.scope, DEPENDENCIES)
        body = await read_json(request, JSON, self._max_body_bytes)
        command = CreateTask(**validated(CREATE_TASK, body, not_yours=NOT_AT_CREATION), **rules)
        task = await self._use_cases.execute(command, **context)
        return created(task, location_of(request.scope, task.id))

    async def get(self, request: Request) -> Response:
        """Return one task."""
        workspace = await self._workspace(request)
        given = read_query(request.scope, AS_OF)
        if given:
            return await self._past.get(request, workspace, given["as_of"])
        task = await self._use_cases.get_task(TASK_ID.in_path_of(request), workspace=workspace)
        return task_unless_known(request.scope, task)

    async def list(self, request: Request) -> Response:
        """Return a page of tasks."""
        workspace = await self._workspace(request)
        asked = tasks_page_of(request.scope)
        if isinstance(asked, SearchPage):
            return await self._search.find(request, workspace, asked)
        if isinstance(asked, ListTasksAsOf):
            return await self._past.list(request, workspace, asked)
        page = await self._use_cases.list_tasks(asked.query, workspace=workspace)
        link = next_link(request.scope, after=page.next_after, limit=asked.query.limit, more=asked.link)
        return page_unless_known(request.scope, selected(page.items, asked.fields), link)

    async def occurrences(self, request: Request) -> Response:
        """Return when a task recurs."""
        workspace = await self._workspace(request)
        asked = read_query(request.scope, FROM, TO, OCCURRENCES_LIMIT)
        asked = {_NAMES.get(name, name): value for name, value in asked.items()}
        query = ListOccurrences(id=TASK_ID.in_path_of(request), **asked)
        page = await self._use_cases.list_occurrences(query, workspace=workspace)
        return occurrences_answer(page, next_occurrences_link(request.scope, query, page.next))

    async def change(self, request: Request) -> Response:
        """Change what the request names."""
        context = await self._context(request)
        task_id = TASK_ID.in_path_of(request)
        fence = fence_of(request.scope)
        changes, rules = await self._changes(request)

        async def change(expected: Revision | None) -> TaskView:
            command = ChangeTask(id=task_id, if_match=expected, fence=fence, **changes, **rules)
            return await self._use_cases.execute(command, **context)

        return task_answer(await if_matching(request.scope, change))

    async def delete(self, request: Request) -> Response:
        """Leave only a tombstone."""
        task = await self._carry_out(DeleteTask, request, SUBTASKS_OF_DELETED)
        return deleted(request.scope, task_document(task), task.revision)

    def _move(
        self,
        command: Callable[..., SingleTaskCommand],
        *parameters: Parameter[Any],
    ) -> Endpoint:
        async def move(request: Request) -> Response:
            return task_answer(await self._carry_out(command, request, *parameters))

        return move

    async def _carry_out(
        self,
        command: Callable[..., SingleTaskCommand],
        request: Request,
        *parameters: Parameter[Any],
    ) -> TaskView:
        context = await self._context(request)
        task_id = TASK_ID.in_path_of(request)
        rules = read_query(request.scope, *parameters)
        if command is not RestoreTask:  # on what is deleted there is no claim
            rules["fence"] = fence_of(request.scope)
        refuse_body(await read_body(request, self._max_body_bytes))

        async def change(expected: Revision | None) -> TaskView:
            return await self._use_cases.execute(command(id=task_id, if_match=expected, **rules), **context)

        return await if_matching(request.scope, change)

    async def _changes(self, request: Request) -> tuple[ChangeTaskBody, dict[str, Any]]:
        rules = read_query(request.scope, COMPLETED, SUBTASKS, DEPENDENCIES, TIME_ZONE)
        completed = rules.pop("completed", None)
        body = await read_body(request, self._max_body_bytes)
        if completed is not None:
            if body:
                raise InvalidRequest.at("body", "cannot be combined with ?completed=", code="unexpected_body")
            return {"is_completed": completed}, rules
        if not body:
            raise InvalidRequest.at("body", "is required unless ?completed= is given", code="missing")
        require_media_type(headers_of(request.scope), MERGE_PATCH)
        changes = validated(CHANGE_TASK, json_from(body), not_yours=NOT_CHANGEABLE)
        require_something(changes)
        return changes, rules
