"""What a task may depend on."""

from collections.abc import Mapping, Sequence

from taskharbor.application.relations.subtasks import subtasks_of
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.relations import MAX_DEPENDENCY_WALK
from taskharbor.domain.tasks.task import Task


async def require_dependencies(
    before: Task | None, after: Task, named: Sequence[TaskId], uow: UnitOfWork, *, deleted_too: bool = False
) -> None:
    """Make sure that there is what a task depends on now. Only what has been added is looked at.

    Whether that closes a cycle is checked by `require_acyclic`.

    Args:
        before: as it was, or None if it is new.
        after: as it shall become.
        named: its dependencies in the order in which the caller gave them; errors name places in it.
        uow: the unit of work.
        deleted_too: whether they may have been deleted, as when a task becomes what it was.

    Raises:
        InvalidValue: for an item of `depends_on`, if there is no such live task.
    """
    added = dependencies_added(before, after)
    await uow.tasks.prefetch(added)
    for task_id in added:
        found = await uow.tasks.find(task_id)
        if found is None or (found.is_deleted and not deleted_too):
            raise InvalidValue(place_of(task_id, named), "must be the id of a task of this workspace")


def dependencies_added(before: Task | None, after: Task) -> list[TaskId]:
    """Return what a task depends on now and did not before."""
    old = () if before is None else before.depends_on
    return [task_id for task_id in after.depends_on if task_id not in old]


def place_of(task_id: TaskId, named: Sequence[TaskId]) -> str:
    """Return where the caller named this dependency."""
    return f"depends_on[{list(named).index(task_id)}]"


async def require_acyclic(before: Task | None, after: Task, uow: UnitOfWork, *, named: Sequence[TaskId] = ()) -> None:
    """Make sure that a task which has been saved does not wait for itself, and will not when this is committed.

    A task waits for what it depends on, and a parent for its subtasks. Only where that has become more is looked: at
    the dependencies that were added, and at all for which this task waits if it has got another parent. Whatever was
    read on the way is guarded, deleted tasks too, as they can be restored: of two changes which together would close
    a cycle one finds a task changed that it had read. A parent changes when it gets a subtask, as it counts them.

    Args:
        before: as it was, or None if it is new and nothing depends on it.
        after: as it has been saved.
        uow: the unit of work.
        named: its dependencies in the order in which the caller gave them; errors name places in it.

    Raises:
        InvalidValue: for an item of `depends_on`, or for `parent`, if that closes a cycle; for one of the two, if it
            leads to more tasks than are walked over.
        ConcurrentUpdate: if what is below a task is changed at the same time.
    """
    parent = None if after.is_deleted else after.parent
    is_moved = parent is not None and (before is None or before.is_deleted or before.parent != parent)
    added = dependencies_added(before, after)
    if not added and not is_moved:
        return
    walk = _Walk(after.id, parent, uow)
    walk.begin({needed: place_of(needed, named) for needed in added})
    if is_moved:
        walk.begin(dict.fromkeys(after.depends_on, "parent"))
        await uow.tasks.settle()
        walk.begin({below.id: "parent" for below in await subtasks_of(uow.tasks.seen(after.id), uow)})
    if walk.is_needed:
        # What this unit of work has done to parents so far must be counted, or their subtasks cannot be found.
        await uow.tasks.settle()
        await walk.go()


class _Walk:
    """Goes along from a task to all for which it waits, all at the same distance at once."""

    def __init__(self, task_id: TaskId, parent: TaskId | None, uow: UnitOfWork) -> None:
        self._task_id = task_id
        self._ends = {task_id} if parent is None else {task_id, parent}
        self._uow = uow
        self._ways: dict[TaskId, str] = {}
        self._level: list[TaskId] = []

    @property
    def is_needed(self) -> bool:
        """Whether there is anywhere to begin."""
        return bool(self._level)

    def begin(self, places: Mapping[TaskId, str]) -> None:
        """Begin at these tasks, too; each with the place to be named if it leads back."""
        for task_id, place in places.items():
            self._reach(task_id, place)

    async def go(self) -> None:
        """Walk.

        Raises:
            InvalidValue: for the place from which one comes back, or goes on for too long.
        """
        while self._level:
            level, self._level = self._level, []
            await self._uow.tasks.prefetch(level)
            for task_id in level:
                found = await self._uow.tasks.find(task_id)
                if found is None and self._uow.principal.lists is None:
                    continue  # it has been purged
                if found is None:
                    # One that the caller does not see may lead back.
                    raise InvalidValue(self._ways[task_id], "must not lead to tasks outside of the caller's lists")
                self._uow.tasks.guard(found)
                place = self._ways[task_id]
                for needed in found.depends_on:
                    self._reach(needed, place)
                if len(self._ways) + found.subtask_count > MAX_DEPENDENCY_WALK:
                    field = place.partition("[")[0]
                    raise InvalidValue(field, f"must not lead to more than {MAX_DEPENDENCY_WALK} tasks in total")
                for below in await subtasks_of(found, self._uow):
                    self._reach(below.id, place)

    def _reach(self, task_id: TaskId, place: str) -> None:
        if task_id in self._ends:
            raise InvalidValue(place, self._reason(task_id, place))
        if task_id not in self._ways:
            self._ways[task_id] = place
            self._level.append(task_id)

    def _reason(self, task_id: TaskId, place: str) -> str:
        if place == "parent":
            return "must not be a task that this one waits for"
        if task_id == self._task_id:
            return "must not depend on this task: that would be a cycle"
        return "must not be an ancestor of this task, nor wait for one"
