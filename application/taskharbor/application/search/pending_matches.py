"""The tasks that match a filter as a unit of work sees them, with what it has done so far."""

from collections.abc import Mapping, Sequence
from functools import partial

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.task_search import TaskQuery, TaskSearch
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import TaskharborError, counted
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import Filter, asks_for_flag
from taskharbor.domain.search.matching import Facts, matches
from taskharbor.domain.search.words import words_of_task
from taskharbor.domain.tasks.task import Task


class TooManyMatches(TaskharborError):
    """More tasks match than `max_affected` allows, so none was changed.

    Attributes:
        matched: how many match.
        max_affected: how many were allowed.
    """

    code = "too_many_matches"

    def __init__(self, *, matched: int, max_affected: int) -> None:
        super().__init__(f"{counted(matched, 'task')} matched, more than max_affected={max_affected}; none was changed")
        self.matched = matched
        self.max_affected = max_affected


async def find_matching(filter: Filter, uow: UnitOfWork, search: TaskSearch, *, max_affected: int) -> list[TaskId]:
    """Return the live tasks that match, by ascending id. The commit fails unless they are as they were then.

    The store finds those with which this unit of work has nothing to do. Whatever it has changed, or blocks now or no
    longer does, is looked at here.

    Raises:
        TooManyMatches: if more match than `max_affected`.
        ConcurrentUpdate: if one of them has been changed already.
    """
    matching = _Matching(filter, uow)
    affected = await matching.affected()
    query = TaskQuery(filter=filter, limit=max_affected + 1 + len(affected))
    stored = [view for view in await search.find_tasks(uow.workspace, query) if view.id not in affected]
    changed = [task for task in affected.values() if await matching.holds_now(task)]
    found = len(stored) + len(changed)
    if found > max_affected:
        before = [task for task in affected.values() if await matching.held_before(task.id)]
        matched = await search.count_tasks(uow.workspace, filter) - len(before) + len(changed)
        raise TooManyMatches(matched=max(matched, found), max_affected=max_affected)
    await uow.tasks.prefetch([view.id for view in stored])
    await matching.guard_stored(stored)
    await matching.guard(changed)
    return sorted([*(view.id for view in stored), *(task.id for task in changed)])


class _Matching:
    """A filter, and tasks as one unit of work sees them."""

    def __init__(self, filter: Filter, uow: UnitOfWork) -> None:
        self._filter = filter
        self._uow = uow
        self._asks_for_blocked = asks_for_flag(filter, Field.BLOCKED)

    async def affected(self) -> Mapping[TaskId, Task]:
        """Return the tasks that can match otherwise than the store says."""
        tasks = self._uow.tasks
        affected = {task.id: task for task in (*tasks.added, *tasks.changed)}
        if self._asks_for_blocked:
            turned = [
                task.id for task in tasks.changed if _is_in_the_way(task) != _is_in_the_way(tasks.as_read(task.id))
            ]
            waiting = await self._uow.waiting.of(turned)
            await tasks.prefetch(waiting)
            affected |= {id_: task for id_ in waiting if id_ not in affected and (task := await tasks.find(id_))}
        return affected

    async def holds_now(self, task: Task) -> bool:
        """Return whether a task matches with what this unit of work has done."""
        blocked = self._asks_for_blocked and await self._uow.tasks.is_blocked(task)
        return self._holds(task, blocked=blocked)

    async def held_before(self, task_id: TaskId) -> bool:
        """Return whether a task matched before this unit of work did anything."""
        tasks = self._uow.tasks
        task = tasks.as_read(task_id)
        if task is None:
            return False
        await tasks.prefetch(task.depends_on)
        return self._holds(task, blocked=any(_is_in_the_way(tasks.as_read(id_)) for id_ in task.depends_on))

    async def guard_stored(self, found: Sequence[TaskView]) -> None:
        """Let the commit fail unless all that the store found are as they were then."""
        tasks = [await self._uow.tasks.find(view.id) for view in found]
        for view, task in zip(found, tasks, strict=True):
            if task is None or task.revision != view.revision:
                raise ConcurrentUpdate(view.id)
        await self.guard([task for task in tasks if task is not None])
        if self._asks_for_blocked:
            for view, task in zip(found, tasks, strict=True):
                if task is not None and await self._uow.tasks.is_blocked(task) != view.blocked:
                    raise ConcurrentUpdate(view.id)

    async def guard(self, found: Sequence[Task]) -> None:
        """Let the commit fail unless all these are as they are here, and blocked or not as they are here."""
        tasks = self._uow.tasks
        for task in found:
            tasks.guard(task)
        if not self._asks_for_blocked:
            return
        needed = {id_ for task in found for id_ in task.depends_on}
        await tasks.prefetch(needed)
        for id_ in needed:
            task_needed = await tasks.find(id_)
            if task_needed is not None:
                tasks.guard(task_needed)

    def _holds(self, task: Task, *, blocked: bool) -> bool:
        facts = Facts(blocked=blocked, words=partial(words_of_task, task), blocking=_is_not_needed)
        return not task.is_deleted and matches(self._filter, task, facts)


def _is_in_the_way(task: Task | None) -> bool:
    return task is not None and task.is_open and not task.is_deleted


def _is_not_needed() -> bool:
    raise NotImplementedError("no filter asks whether others wait for a task")
