"""Which of several tasks of one name a file means, where the format has no uids.

Lines are archived, reordered and edited between two imports, so their order says little: each is the task that says
most of the same. A task that was done and is not in the file any more is not opened again by a line that says
something else.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from itertools import count
from typing import Final, TypeAlias

from taskharbor.application.ports.interchange import TaskDraft
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid, uid_named

Mirrored: TypeAlias = Callable[[Task], Awaitable[TaskDraft]]
"""Returns what the format says of a task as it is."""

MAX_ALIKE: Final = 50
"""The most namesakes that are compared one by one; more of them are distinguished by their order."""

_ROUNDS: Final = ((1, 2), tuple(range(3, 11)), tuple(range(11, MAX_ALIKE + 2)))

_SAME: Final = 64
_LIST: Final = 16
_DATES: Final = 8
_TAGS: Final = 4
_PROGRESS: Final = 2
_PRIORITY: Final = 1


async def tell_namesakes_apart(
    drafts: Sequence[TaskDraft], uow: UnitOfWork, mirrored: Mirrored, taken: Collection[Uid]
) -> tuple[list[TaskDraft], set[Uid]]:
    """Return drafts, those that have names with the uids of the tasks that they are, and these uids.

    Args:
        drafts: as they were read.
        uow: the unit of work, to look tasks up.
        mirrored: says how the format has a task.
        taken: which tasks others of the same file are.
    """
    by_name: dict[str, list[TaskDraft]] = {}
    for draft in drafts:
        if draft.name is not None:
            by_name.setdefault(draft.name, []).append(draft)
    if not by_name:
        return list(drafts), set()
    numbers = await _numbers(by_name, uow)
    uids: dict[int, Uid] = {}
    for name, several in by_name.items():
        if max(len(several), len(numbers[name])) > MAX_ALIKE:
            uids |= {id(draft): draft.uid for draft in several}
        else:
            ids = [numbers[name][number] for number in sorted(numbers[name])]
            known = [task for id_ in ids if (task := await uow.tasks.find(id_)) and task.uid not in taken]
            uids |= await _matched(name, several, known, uow, mirrored, taken)
    return [replace(each, uid=uids[id(each)]) if each.name else each for each in drafts], {*uids.values()}


async def _numbers(names: Collection[str], uow: UnitOfWork) -> dict[str, dict[int, TaskId]]:
    """Return the tasks that have each name, deleted ones too, by their numbers."""
    found: dict[str, dict[int, TaskId]] = {name: {} for name in names}
    wanted = set(names)
    for numbers in _ROUNDS:
        uids = {_uid(name, number): (name, number) for name in wanted for number in numbers}
        there = await uow.tasks.find_uids(uids)
        for uid, id_ in there.items():
            name, number = uids[uid]
            found[name][number] = id_
        wanted = {name for name in wanted if numbers[-1] in found[name]}
        await uow.tasks.prefetch(there.values())
    return found


async def _matched(
    name: str,
    drafts: Sequence[TaskDraft],
    known: Sequence[Task],
    uow: UnitOfWork,
    mirrored: Mirrored,
    taken: Collection[Uid],
) -> dict[int, Uid]:
    """Return the uid of each draft, by its identity: of the task that is most like it, or of none that is there."""
    pairs: list[tuple[int, int, int]] = []
    mirrors = [await mirrored(task.restore(at=uow.now)) for task in known]
    for at, draft in enumerate(drafts):
        alike = ((_likeness(draft, other), which) for which, other in enumerate(mirrors))
        pairs += [(-points, at, which) for points, which in alike if points is not None]
    uids: dict[int, Uid] = {}
    used: set[int] = set()
    for _, at, which in sorted(pairs):
        if id(drafts[at]) not in uids and which not in used:
            uids[id(drafts[at])] = known[which].uid
            used.add(which)
    not_free = {task.uid for task in known} | set(taken)
    free = (uid for number in count(1) if (uid := _uid(name, number)) not in not_free)
    return uids | {id(draft): next(free) for draft in drafts if id(draft) not in uids}


def _likeness(draft: TaskDraft, other: TaskDraft) -> int | None:
    """Return how much two say the same; None if the other was done, and this is to be done at another time or place."""
    one, two = draft.changes, other.changes
    same_list = draft.list_name == other.list_name
    same_dates = (one.start, one.due) == (two.start, two.due)
    if _is_open(one.progress) and not _is_open(two.progress) and not (same_list and same_dates):
        return None
    points = (
        (draft.foreign == other.foreign, _SAME),
        (same_list, _LIST),
        (same_dates, _DATES),
        (_set(one.tags) == _set(two.tags), _TAGS),
        (one.progress == two.progress, _PROGRESS),
        (one.priority == two.priority, _PRIORITY),
    )
    return sum(worth for is_same, worth in points if is_same)


def _is_open(progress: object) -> bool:
    return progress not in {Progress.COMPLETED, Progress.CANCELLED}


def _set(tags: object) -> frozenset[object]:
    return frozenset(tags) if isinstance(tags, list | tuple) else frozenset()


def _uid(name: str, number: int) -> Uid:
    return uid_named(name if number == 1 else f"{name} {number}")
