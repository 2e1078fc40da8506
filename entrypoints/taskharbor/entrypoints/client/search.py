"""Looking for tasks on a server."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.count_tasks import CountFacets, CountTasks, Facets
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.application.search.find_tasks import FindTasks, FoundTasks
from taskharbor.application.search.find_tasks_as_of import FindTasksAsOf
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, WorkspaceId
from taskharbor.domain.tasks.progress import Progress
from taskharbor.entrypoints.client.answers import TASK_MEMBERS, saved_filter_of, tasks_of
from taskharbor.entrypoints.client.messages import Reply
from taskharbor.entrypoints.client.reading import Reading
from taskharbor.entrypoints.client.wire import criteria_of


class RemoteSearch(Reading):
    """What `SearchUseCases` does, by asking a server."""

    async def find_tasks(self, query: FindTasks, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> FoundTasks:
        """Return a page of tasks."""
        asked = criteria_of(query) | {"sort": query.sort, "cursor": query.cursor, "limit": query.limit}
        if query.skip:
            asked["skip"] = query.skip
        # A saved filter can sort by urgency, too.
        by_urgency = "urgency" in (query.sort or "") or (query.sort is None and query.saved is not None)
        if query.with_urgency or by_urgency:
            asked["fields"] = ",".join((*TASK_MEMBERS, "urgency"))
        elif query.sort is None and not criteria_of(query):
            asked["sort"] = "id"  # makes it a search, whose pages have cursors
        return _found(await self._find(query, asked, workspace))

    async def find_tasks_as_of(self, query: FindTasksAsOf, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> FoundTasks:
        """Return a page of tasks as they were."""
        asked = criteria_of(query) | {
            "as_of": query.as_of,
            "sort": query.sort,
            "cursor": query.cursor,
            "limit": query.limit,
            "fields": ",".join(TASK_MEMBERS),
        }
        return _found(await self._find(query, asked, workspace))

    async def count_tasks(self, query: CountTasks, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> int:
        """Return how many tasks there are."""
        asked = criteria_of(query) | {"count": True, "limit": 1, "fields": "id"}
        return int((await self._find(query, asked, workspace)).headers["x-total-count"])

    async def count_facets(self, query: CountFacets, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> Facets:
        """Return how many tasks there are of each sort."""
        found = (await self._get("/tasks/facets", workspace, criteria_of(query), name=query.saved)).json
        return Facets(
            total=found["total"],
            progress={Progress(name): count for name, count in found["progress"].items()},
            lists={int(number): count for number, count in found["lists"].items()},
            tags=found["tags"],
            due=found["due"],
        )

    async def get_saved_filter(self, name: str, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> SavedFilter:
        """Return one saved filter."""
        return saved_filter_of((await self._get(f"/filters/{quote(name, safe='')}", workspace, name=name)).json)

    async def list_saved_filters(self, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> Sequence[SavedFilter]:
        """Return all saved filters, in the order of their names."""
        return [saved_filter_of(one) for one in (await self._get("/filters/", workspace)).json]

    async def _find(self, question: TaskCriteria, asked: dict[str, Any], workspace: WorkspaceId) -> Reply:
        return await self._get("/tasks/", workspace, asked, name=question.saved)


def _found(reply: Reply) -> FoundTasks:
    return FoundTasks(items=tasks_of(reply.json), next_cursor=reply.next.get("cursor"))
