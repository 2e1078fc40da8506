"""Looking for tasks, changing all that match, and saved filters: what happens between request and use case."""

from collections.abc import Awaitable
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.saved_filters.manage_saved_filters import (
    ChangeSavedFilter,
    DeleteSavedFilter,
    SaveFilter,
)
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.find_tasks import FindTasks, FoundTasks
from taskharbor.application.search.find_tasks_as_of import FindTasksAsOf
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision, WorkspaceId
from taskharbor.entrypoints.http.requests.body import read_json
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.headers import JSON, MERGE_PATCH
from taskharbor.entrypoints.http.requests.parameter import refuse_query
from taskharbor.entrypoints.http.requests.preconditions import if_matching
from taskharbor.entrypoints.http.requests.validation import require_something, validated
from taskharbor.entrypoints.http.responses.links import link_to_next, location_of
from taskharbor.entrypoints.http.responses.not_modified import page_unless_known
from taskharbor.entrypoints.http.responses.responses import Answer, deleted, json_answer, page_answer, task_etag
from taskharbor.entrypoints.http.search.bodies import CHANGE_FILTER, NEW_FILTER, NOT_OF_A_FILTER, bulk_from
from taskharbor.entrypoints.http.search.documents import (
    bulk_document,
    facets_document,
    saved_filter_document,
    selected,
)
from taskharbor.entrypoints.http.search.parameters import FILTER_NAME
from taskharbor.entrypoints.http.search.queries import SearchPage, asked, facets_query_of


class SearchEndpoints:
    """These operations as functions from request to response."""

    def __init__(self, use_cases: UseCases, *, callers: Callers, max_body_bytes: int) -> None:
        self._use_cases = use_cases
        self._workspace = callers.workspace
        self._context = callers.context
        self._max_body_bytes = max_body_bytes

    async def find(self, request: Request, workspace: WorkspaceId, page: SearchPage) -> Response:
        """Return a page of tasks that is filtered, sorted, or shown in another way than the plain list."""
        found = await asked(self._found(page.query, workspace))
        link = b""
        if found.next_cursor is not None:
            link = link_to_next(request.scope, f"{page.link}{found.next_cursor}")
        body = selected(found.items, page.fields)
        if page.counted is None:
            return page_unless_known(request.scope, body, link)
        total = await asked(self._use_cases.search.count_tasks(page.counted, workspace=workspace))
        answer = page_answer(body, body.etag(link), link)
        answer.raw_headers.append((b"x-total-count", b"%d" % total))
        return answer

    async def facets(self, request: Request) -> Response:
        """Count tasks by what they are like."""
        workspace = await self._workspace(request)
        query = facets_query_of(request.scope)
        return json_answer(
            facets_document(await asked(self._use_cases.search.count_facets(query, workspace=workspace)))
        )

    async def bulk(self, request: Request) -> Response:
        """Change all tasks that match."""
        context = await self._context(request)
        refuse_query(request.scope)
        command = bulk_from(await read_json(request, JSON, self._max_body_bytes))
        return json_answer(bulk_document(await self._use_cases.execute(command, **context)))

    async def save(self, request: Request) -> Response:
        """Keep a new filter."""
        context = await self._context(request)
        refuse_query(request.scope)
        body = await read_json(request, JSON, self._max_body_bytes)
        command = SaveFilter(**validated(NEW_FILTER, body, not_yours=NOT_OF_A_FILTER))
        saved = await self._use_cases.execute(command, **context)
        answer = _shown(saved, status=201)
        location = location_of(request.scope, quote(saved.name, safe=""))
        answer.raw_headers.append((b"location", location.encode("ascii")))
        return answer

    async def list_saved(self, request: Request) -> Response:
        """Return all saved filters."""
        workspace = await self._workspace(request)
        refuse_query(request.scope)
        saved = await self._use_cases.search.list_saved_filters(workspace=workspace)
        return json_answer([saved_filter_document(one) for one in saved])

    async def get_saved(self, request: Request) -> Response:
        """Return one saved filter."""
        workspace = await self._workspace(request)
        refuse_query(request.scope)
        name = FILTER_NAME.in_path_of(request)
        return _shown(await self._use_cases.search.get_saved_filter(name, workspace=workspace))

    async def change_saved(self, request: Request) -> Response:
        """Change a saved filter."""
        context = await self._context(request)
        refuse_query(request.scope)
        body = await read_json(request, MERGE_PATCH, self._max_body_bytes)
        changes = validated(CHANGE_FILTER, body, not_yours=NOT_OF_A_FILTER)
        require_something(changes)
        values: dict[str, Any] = {("new_name" if name == "name" else name): value for name, value in changes.items()}

        async def change(expected: Revision | None) -> SavedFilter:
            command = ChangeSavedFilter(name=FILTER_NAME.in_path_of(request), if_match=expected, **values)
            return await self._use_cases.execute(command, **context)

        return _shown(await if_matching(request.scope, change))

    async def delete_saved(self, request: Request) -> Response:
        """Forget a saved filter."""
        context = await self._context(request)
        refuse_query(request.scope)

        async def delete(expected: Revision | None) -> SavedFilter:
            command = DeleteSavedFilter(name=FILTER_NAME.in_path_of(request), if_match=expected)
            return await self._use_cases.execute(command, **context)

        saved = await if_matching(request.scope, delete)
        return deleted(request.scope, saved_filter_document(saved), saved.revision)

    def _found(self, query: FindTasks | FindTasksAsOf, workspace: WorkspaceId) -> Awaitable[FoundTasks]:
        if isinstance(query, FindTasksAsOf):
            return self._use_cases.search.find_tasks_as_of(query, workspace=workspace)
        return self._use_cases.search.find_tasks(query, workspace=workspace)


def _shown(saved: SavedFilter, *, status: int = 200) -> Answer:
    answer = json_answer(saved_filter_document(saved))
    answer.status_code = status
    answer.raw_headers.append((b"etag", task_etag(saved.revision)))
    return answer
