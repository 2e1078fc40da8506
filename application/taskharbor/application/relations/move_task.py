"""Move a task: to another place among its neighbours, into another list, below another task."""

from taskharbor.application.ports.task_relations import InList
from taskharbor.application.relations.dependencies import require_acyclic
from taskharbor.application.relations.placement import resolve_placement
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import ListId, Revision, TaskId
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.rank_between import between
from taskharbor.domain.tasks.relations import list_id_from, parent_from
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET, Unset


@frozen(kw_only=True)
class MoveTask:
    """Put a task next to another one, or first or last, and there into a list or below a parent.

    Attributes:
        id: which task.
        before: the task that shall come right after it.
        after: the task that shall come right before it.
        first: whether it shall come before all others of its list.
        last: whether it shall come after all others of its list. Without any of the four, what is put into another
            list or below another parent becomes the last.
        list: the list into which it is put, without a parent if none is named.
        parent: the task of which it becomes a part, or None; in the list of that task. Next to a neighbour, a task
            gets the list and the parent of its neighbour unless these are named; then they must be the neighbour's.
    """

    id: TaskId
    if_match: Revision | None = None
    fence: Revision | Unset = UNSET
    before: TaskId | None = None
    after: TaskId | None = None
    first: bool = False
    last: bool = False
    list: ListId | Unset = UNSET
    parent: TaskId | Unset | None = UNSET


async def move_task(command: MoveTask, uow: UnitOfWork) -> Task:
    """Carry out `command`. Its subtasks follow it into another list.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        InvalidValue: for `before`, `after`, `first`, `last`, `list` or `parent`, if it cannot be put there; for `rank`,
            if there is no room left between the two neighbours.
        TooManySubtasks: if more would follow than one command takes along.
    """
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    field = _position_of(command)
    neighbour = None if command.before is command.after is None else await _neighbour(command, field, uow)
    list_id, parent_id = _place_of(command, task, neighbour, field)
    moved = task.place(list=list_id, parent=parent_id, at=uow.now)
    moved = await resolve_placement(task, moved, uow, list_named=command.list is not UNSET or neighbour is not None)
    rank = await _rank_of(moved, neighbour, field, uow)
    moved = uow.tasks.save(moved.place(list=moved.list, parent=moved.parent, rank=rank, at=uow.now))
    await require_acyclic(task, moved, uow)
    return moved


def _position_of(command: MoveTask) -> str:
    named = [
        name
        for name, value in (
            ("before", command.before is not None),
            ("after", command.after is not None),
            ("first", command.first),
            ("last", command.last),
        )
        if value
    ]
    if len(named) > 1:
        raise InvalidValue(named[1], f"cannot be combined with {named[0]}")
    if not named and command.list is UNSET and command.parent is UNSET:
        raise InvalidValue("before", "is required, unless after, first, last, list or parent is given")
    return named[0] if named else "last"


async def _neighbour(command: MoveTask, field: str, uow: UnitOfWork) -> Task:
    task_id = command.after if command.before is None else command.before
    found = None if task_id is None else await uow.tasks.find(task_id)
    if found is None or found.is_deleted:
        raise InvalidValue(field, "must be the id of a task of this workspace")
    if found.id == command.id:
        raise InvalidValue(field, "must be another task")
    uow.tasks.guard(found)
    return found


def _place_of(command: MoveTask, task: Task, neighbour: Task | None, field: str) -> tuple[ListId, TaskId | None]:
    list_id = None if command.list is UNSET else list_id_from(command.list)
    parent_id = UNSET if command.parent is UNSET else parent_from(command.parent)
    if neighbour is not None:
        if list_id not in {None, neighbour.list} or parent_id not in {UNSET, neighbour.parent}:
            raise InvalidValue(field, "must be in the list and below the parent that are named")
        return neighbour.list, neighbour.parent
    if parent_id is UNSET:
        parent_id = task.parent if list_id is None else None
    if parent_id == task.id:
        raise InvalidValue("parent", "must be another task")
    return list_id or task.list, parent_id


async def _rank_of(task: Task, neighbour: Task | None, field: str, uow: UnitOfWork) -> Rank:
    """Return a rank at that place, or the one that it has if it is there already."""
    forwards = field in {"after", "first"}
    edge = None if neighbour is None else neighbour.rank
    found = await uow.tasks.related(InList(task.list), beyond=edge, backwards=not forwards, limit=2)
    other = next((one.rank for one in found if one.id != task.id), None)
    low, high = (edge, other) if forwards else (other, edge)
    if (low is None or low < task.rank) and (high is None or task.rank < high):
        return task.rank
    return between(low, high, task_id=task.id)
