"""Which of several tasks of one name a file means, where the format has no uids.

Lines are archived, reordered and edited between two imports, so their order says little: each is the task that says
most of the same. A task that was done and is not in the file any more is not opened again by a line that says
something else.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Final

from taskharbor.application.interchange.lines.line_names import MAX_ALIKE, Namesakes, tasks_named
from taskharbor.application.interchange.mirrors import Mirrored
from taskharbor.application.interchange.numbered_names import uid_of_name
from taskharbor.application.ports.interchange import TaskDraft
from taskharbor.application.turns import in_turns
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.uid import Uid

_SAME: Final = 64
_LIST: Final = 16
_DATES: Final = 8
_TAGS: Final = 4
_PROGRESS: Final = 2
_PRIORITY: Final = 1


async def tell_namesakes_apart(
    drafts: Sequence[TaskDraft], uow: UnitOfWork, mirrored: Mirrored, taken: Collection[Uid]
) -> list[TaskDraft]:
    """Return drafts, those that have names with the uids of the tasks that they are.

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
        return list(drafts)
    there = await tasks_named(by_name, uow)
    ids = await uow.tasks.find_uids({uid for namesakes in there.values() for uid in namesakes.tasks})
    await uow.tasks.prefetch(ids.values())
    uids: dict[int, Uid] = {}
    few: dict[str, list[TaskDraft]] = {}
    for name, several in by_name.items():
        if max(len(several), len(there[name].taken)) > MAX_ALIKE:
            uids |= {id(draft): draft.uid for draft in several}
        else:
            few[name] = several
    known = {uid: task for uid, id_ in ids.items() if uid not in taken and (task := await uow.tasks.find(id_))}
    uids |= await _matched(few, there, known, uow, mirrored)
    for name, several in few.items():
        free = (uid for n in count(1) if (uid := uid_of_name(name, n)) not in there[name].taken and uid not in taken)
        uids |= {id(draft): next(free) for draft in several if id(draft) not in uids}
    return [replace(each, uid=uids[id(each)]) if each.name else each for each in drafts]


async def _matched(
    by_name: Mapping[str, Sequence[TaskDraft]],
    there: Mapping[str, Namesakes],
    known: Mapping[Uid, Task],
    uow: UnitOfWork,
    mirrored: Mirrored,
) -> dict[int, Uid]:
    """Return the uids of those drafts that are tasks which are there, by their identities: the most alike first."""
    mirrors: dict[Uid, TaskDraft] = {}
    pairs: list[tuple[int, int, int, Uid, int]] = []
    async for name, several in in_turns(by_name.items()):
        for which, uid in enumerate(there[name].tasks):
            if uid not in known:
                continue
            if uid not in mirrors:
                mirrors[uid] = await mirrored(known[uid].restore(at=uow.now))
            for at, draft in enumerate(several):
                points = _likeness(draft, mirrors[uid])
                if points is not None:
                    pairs.append((-points, at, which, uid, id(draft)))
    uids: dict[int, Uid] = {}
    used: set[Uid] = set()
    for _, _, _, uid, draft_id in sorted(pairs):
        if draft_id not in uids and uid not in used:
            uids[draft_id] = uid
            used.add(uid)
    return uids


def _likeness(draft: TaskDraft, other: TaskDraft) -> int | None:
    """Return how much two say the same; None if the other was done, and this is to be done at another time or place."""
    one, two = draft.changes, other.changes
    same_list = draft.list_name in {UNSET, other.list_name}
    same_dates = one.start in (UNSET, two.start) and one.due in (UNSET, two.due)
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
