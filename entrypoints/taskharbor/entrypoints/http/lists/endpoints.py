"""What happens between a request about lists and a use case."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList, ListLists
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.entrypoints.http.requests.body import read_json
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.headers import JSON, MERGE_PATCH
from taskharbor.entrypoints.http.requests.parameter import read_query, refuse_query
from taskharbor.entrypoints.http.requests.parameters import LIST_ID, LISTS_AFTER, LISTS_LIMIT, MOVE_TO, TASKS
from taskharbor.entrypoints.http.requests.preconditions import if_matching
from taskharbor.entrypoints.http.requests.validation import require_something, validated
from taskharbor.entrypoints.http.responses.links import location_of, next_link
from taskharbor.entrypoints.http.responses.not_modified import document_unless_known, page_unless_known
from taskharbor.entrypoints.http.responses.page_body import PageBody
from taskharbor.entrypoints.http.responses.responses import deleted, document_answer, document_created, encoded
from taskharbor.entrypoints.http.schemas.bodies import (
    CHANGE_LIST,
    CREATE_LIST,
    NOT_AT_CREATION_OF_LIST,
    NOT_CHANGEABLE_OF_LIST,
)
from taskharbor.entrypoints.http.schemas.documents import list_document


def lists_query_of(scope: Scope) -> ListLists:
    """Return which page of lists is asked for.

    Raises:
        InvalidRequest: if a parameter is unknown or no number.
        InvalidValue: if a number is out of its range.
    """
    return ListLists(**read_query(scope, LISTS_LIMIT, LISTS_AFTER))


def tasks_of_deleted_list(scope: Scope) -> dict[str, Any]:
    """Return what `DeleteList` wants to know of the tasks: `?move_to=1` or `?tasks=delete`.

    Raises:
        InvalidRequest: if a parameter is unknown or has another value, or both are there, or none.
    """
    found = read_query(scope, MOVE_TO, TASKS)
    if len(found) != 1:
        raise InvalidRequest.at("query", "must have either move_to=<list> or tasks=delete", code="missing")
    return {"delete_tasks": True} if "tasks" in found else found


class ListEndpoints:
    """The operations on lists, as functions from request to response."""

    def __init__(self, use_cases: UseCases, *, callers: Callers, max_body_bytes: int) -> None:
        self._use_cases = use_cases
        self._callers = callers
        self._max_body_bytes = max_body_bytes

    async def create(self, request: Request) -> Response:
        """Make a list."""
        context = await self._callers.context(request)
        refuse_query(request.scope)
        body = await read_json(request, JSON, self._max_body_bytes)
        command = CreateList(**validated(CREATE_LIST, body, not_yours=NOT_AT_CREATION_OF_LIST))
        made = await self._use_cases.execute(command, **context)
        return document_created(list_document(made), made.revision, location_of(request.scope, made.id))

    async def get(self, request: Request) -> Response:
        """Return one list."""
        workspace = await self._callers.workspace(request)
        refuse_query(request.scope)
        found = await self._use_cases.get_list(LIST_ID.in_path_of(request), workspace=workspace)
        return document_unless_known(request.scope, list_document(found), found.revision)

    async def list(self, request: Request) -> Response:
        """Return a page of lists."""
        workspace = await self._callers.workspace(request)
        query = lists_query_of(request.scope)
        page = await self._use_cases.list_lists(query, workspace=workspace)
        link = next_link(request.scope, after=page.next_after, limit=query.limit)
        body = PageBody.of(encoded([list_document(one) for one in page.items]))
        return page_unless_known(request.scope, body, link)

    async def change(self, request: Request) -> Response:
        """Change what the request names."""
        context = await self._callers.context(request)
        list_id = LIST_ID.in_path_of(request)
        refuse_query(request.scope)
        body = await read_json(request, MERGE_PATCH, self._max_body_bytes)
        changes = validated(CHANGE_LIST, body, not_yours=NOT_CHANGEABLE_OF_LIST)
        require_something(changes)

        async def change(expected: Revision | None) -> TaskList:
            command = ChangeList(id=list_id, if_match=expected, **changes)
            return await self._use_cases.execute(command, **context)

        changed = await if_matching(request.scope, change)
        return document_answer(list_document(changed), changed.revision)

    async def delete(self, request: Request) -> Response:
        """Delete a list."""
        context = await self._callers.context(request)
        list_id = LIST_ID.in_path_of(request)
        tasks = tasks_of_deleted_list(request.scope)

        async def delete(expected: Revision | None) -> TaskList:
            return await self._use_cases.execute(DeleteList(id=list_id, if_match=expected, **tasks), **context)

        task_list = await if_matching(request.scope, delete)
        return deleted(request.scope, list_document(task_list), task_list.revision)
