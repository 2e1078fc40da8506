"""Which tasks depend on which, whether they are open or not, as far as the store knows."""

from collections.abc import Collection
from typing import Final

from taskharbor.application.ports.task_search import TaskQuery, TaskSearch
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import And, Has, Or, Present

_IDS_AT_ONCE: Final = 100
_PAGE: Final = 1_000


class Dependents:
    """Finds the live tasks that depend on some others, each of which it asks for once."""

    def __init__(self, search: TaskSearch, workspace: WorkspaceId) -> None:
        self._search = search
        self._workspace = workspace
        self._waiting: dict[TaskId, set[TaskId]] = {}

    async def of(self, needed: Collection[TaskId]) -> set[TaskId]:
        """Return the tasks that depend on any of these."""
        unasked = [task_id for task_id in needed if task_id not in self._waiting]
        for start in range(0, len(unasked), _IDS_AT_ONCE):
            await self._ask(unasked[start : start + _IDS_AT_ONCE])
        return {waiting for task_id in needed for waiting in self._waiting[task_id]}

    async def _ask(self, needed: Collection[TaskId]) -> None:
        found: dict[TaskId, set[TaskId]] = {task_id: set() for task_id in needed}
        # Most tasks depend on nothing: a store that looks at each of them need not compare any id then.
        wanted = And((Present(Field.DEPENDS_ON), Or(tuple(Has(Field.DEPENDS_ON, task_id) for task_id in needed))))
        after: tuple[TaskId, ...] | None = None
        while True:
            page = await self._search.find_tasks(self._workspace, TaskQuery(filter=wanted, after=after, limit=_PAGE))
            for view in page:
                for task_id in found.keys() & set(view.depends_on):
                    found[task_id].add(view.id)
            if len(page) < _PAGE:
                break
            after = (page[-1].id,)
        self._waiting.update(found)
