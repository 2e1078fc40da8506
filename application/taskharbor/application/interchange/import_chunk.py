"""Take some drafts in one unit of work."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal, TypeAlias

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.interchange.draft_taking import changed_by, new_task_of
from taskharbor.application.interchange.import_lists import ListNames
from taskharbor.application.interchange.import_report import Finding
from taskharbor.application.interchange.series_standing import first_occurrence, left_where_it_stands, moved_past
from taskharbor.application.ports.interchange import Format, ListDraft, Surroundings, TaskDraft, named_by
from taskharbor.application.ports.occurrences import Occurrences
from taskharbor.application.structure.task_dependencies import require_dependencies
from taskharbor.application.structure.task_places import find_place
from taskharbor.application.structure.waiting_circles import require_no_circle
from taskharbor.application.transaction.unit_of_work import UnitOfWork
from taskharbor.domain.calendar_time import CalendarTime
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.occurrence import OccurrenceOf
from taskharbor.domain.task import Task
from taskharbor.domain.task_changes import TaskChanges
from taskharbor.domain.uid import Uid
from taskharbor.domain.unset import UNSET

SHARE: Final = 20
"""After how many tasks others get a turn, as reading and checking them takes a millisecond each."""

Outcome: TypeAlias = Literal["created", "updated", "unchanged"]


@dataclass(slots=True)
class ChunkOutcome:
    """What became of some drafts.

    Attributes:
        outcomes: of each draft that was taken, by its uid.
        problems: what could not be taken.
        postponed: drafts that name a task which has not come yet.
    """

    outcomes: dict[Uid, Outcome] = field(default_factory=dict[Uid, Outcome])
    problems: list[Finding] = field(default_factory=list[Finding])
    postponed: list[TaskDraft] = field(default_factory=list[TaskDraft])


async def take_chunk(
    drafts: Sequence[TaskDraft],
    format: Format,
    lists: ListNames,
    uow: UnitOfWork,
    *,
    list_drafts: Sequence[ListDraft] = (),
    occurrences: Occurrences,
    new: Collection[Uid] = (),
    are_all_there: bool = False,
) -> ChunkOutcome:
    """Take drafts, without a commit. A draft that cannot be taken leaves no trace; the others are taken.

    Args:
        drafts: what to take.
        format: what they were written in.
        lists: the lists of the workspace by name; those that are missing are made.
        uow: the unit of work.
        list_drafts: what the file tells of lists, to be taken first.
        occurrences: tells where a series moves on to.
        new: tasks that an earlier unit of work of this import has made, which keep the past that they came with.
        are_all_there: whether a task that is not there now will not come any more.
    """
    taking = _Taking(format, lists, uow, new, occurrences)
    await taking.take_lists(list_drafts)
    await taking.look_up(drafts)
    for place, draft in enumerate(drafts):
        if place % SHARE == 0:
            await asyncio.sleep(0)
        await taking.take(draft)
    for draft in drafts:
        if draft.uid in taking.found.outcomes:
            await taking.relate(draft, are_all_there=are_all_there)
    taking.move_on()
    await uow.tasks.settle()
    return taking.found


class _Taking:
    def __init__(
        self, format: Format, lists: ListNames, uow: UnitOfWork, new: Collection[Uid], occurrences: Occurrences
    ) -> None:
        self.found = ChunkOutcome()
        self._format = format
        self._lists = lists
        self._uow = uow
        self._new = new
        self._occurrences = occurrences
        self._done: dict[TaskId, dict[CalendarTime, datetime]] = {}
        self._place: dict[TaskId, str] = {}
        self._ids: dict[Uid, TaskId] = {}
        self._parents: set[TaskId] = set()

    async def take_lists(self, drafts: Sequence[ListDraft]) -> None:
        """Make lists, or change those that are there."""
        for draft in drafts:
            before = self._uow.bookmark()
            try:
                await self._lists.take(draft, self._uow)
            except InvalidValue as invalid:
                self._uow.return_to(before)
                self.found.problems.append(Finding(f"{draft.place} ({invalid.field})", invalid.reason))

    async def look_up(self, drafts: Sequence[TaskDraft]) -> None:
        """Find which of the tasks that the drafts are, or name, are there, and read them."""
        self._ids.update(await self._uow.tasks.find_uids({uid for draft in drafts for uid in _looked_up(draft)}))
        await self._uow.tasks.prefetch(self._ids.values())

    async def take(self, draft: TaskDraft) -> None:
        """Make a task of a draft, or change the one that it is; what it has to do with others comes later."""
        before = self._uow.bookmark()
        try:
            task_id = self._ids.get(draft.uid)
            if task_id is None:
                await self._create(draft)
            else:
                await self._change(task_id, draft)
        except InvalidValue as invalid:
            self._uow.return_to(before)
            self.found.problems.append(Finding(f"{draft.place} ({invalid.field})", invalid.reason))

    async def relate(self, draft: TaskDraft, *, are_all_there: bool) -> None:
        """Give a task the parent and the dependencies that its draft names."""
        missing = [uid for uid in _named(draft) if uid not in self._ids]
        if missing and not are_all_there:
            self.found.postponed.append(draft)
            return
        for uid in missing:
            self.found.problems.append(Finding(draft.place, f"it names the task {uid}, which is not there: left out"))
        task = self._uow.tasks.seen(self._ids[draft.uid])
        if draft.occurrence_of and (series := self._ids.get(draft.occurrence_of[0])) and series != task.id:
            task = self._belong(draft, task, OccurrenceOf(series, draft.occurrence_of[1]))
            if not task.is_open:
                self._done.setdefault(series, {})[draft.occurrence_of[1]] = task.completed or task.updated
                self._place[series] = draft.place
        if draft.parent is not UNSET:
            parent = None if draft.parent is None else self._ids.get(draft.parent)
            await self._carry_out(draft, task, TaskChanges(parent=parent))
        task = self._uow.tasks.seen(task.id)
        if draft.depends_on is not UNSET:
            ids = sorted({self._ids[uid] for uid in draft.depends_on if uid in self._ids})
            await self._carry_out(draft, task, TaskChanges(depends_on=ids))

    def move_on(self) -> None:
        """Let each series move past those of its occurrences that are done."""
        for series, done in self._done.items():
            task = self._uow.tasks.seen(series)
            try:
                moved = moved_past(task, done, self._occurrences)
            except TaskharborError as refusal:
                self.found.problems.append(Finding(self._place[series], f"{refusal}: the series has not moved on"))
                continue
            if moved != task:
                is_new = task.uid in self._new or self.found.outcomes.get(task.uid) == "created"
                self._uow.tasks.save(moved if is_new else replace(moved, updated=max(self._uow.now, moved.updated)))
                if self.found.outcomes.get(task.uid) == "unchanged":
                    self.found.outcomes[task.uid] = "updated"

    def _belong(self, draft: TaskDraft, task: Task, occurrence_of: OccurrenceOf) -> Task:
        if task.occurrence_of == occurrence_of:
            return task
        if self.found.outcomes[draft.uid] == "unchanged":
            self.found.outcomes[draft.uid] = "updated"
        return self._uow.tasks.save(replace(task, occurrence_of=occurrence_of))

    async def _create(self, draft: TaskDraft) -> None:
        task = new_task_of(draft, await self._uow.tasks.next_id(), at=self._uow.now)
        if isinstance(draft.list_name, str):
            placed = replace(task, list=await self._lists.id_of(draft.list_name, self._uow))
            task = replace(await find_place(None, placed, self._uow, list_named=True), updated=task.updated)
        self._uow.tasks.add(task)
        self._ids[draft.uid] = task.id
        self.found.outcomes[draft.uid] = "created"

    async def _change(self, task_id: TaskId, draft: TaskDraft) -> None:
        before = await self._uow.tasks.get_even_deleted(task_id)
        task = before.restore(at=self._uow.now)
        if (occurrence := first_occurrence(draft)) and occurrence in self._ids:
            draft = left_where_it_stands(draft, task)
        mirrored = await self._mirrored(task)
        task = changed_by(task, draft, mirrored, at=self._uow.now)
        # A subtask is in the list of its parent.
        if draft.list_name is not UNSET and draft.list_name != mirrored.list_name and not _has_parent(draft):
            changes = TaskChanges(list=await self._lists.id_of(draft.list_name, self._uow))
            task = await find_place(task, task.change(changes, at=self._uow.now), self._uow, list_named=True)
        self._uow.tasks.save(task)
        await require_no_circle(before, task, self._uow)
        if self.found.outcomes.get(draft.uid) != "created":
            self.found.outcomes[draft.uid] = "unchanged" if task == before else "updated"

    async def _mirrored(self, task: Task) -> TaskDraft:
        """Return what the format says of a task as it is."""
        ids = named_by(task)
        await self._uow.tasks.prefetch(ids)
        others = {id_: other for id_ in ids if (other := await self._uow.tasks.find(id_))}
        writer, reader = self._format.writer(), self._format.reader()
        if reader is None:
            raise ValueError(f"{self._format.name} cannot be read")
        surroundings = Surroundings(lists=self._lists.names, tasks=others)
        data = writer.head() + writer.write(task, surroundings).data + writer.tail()
        readings = (*reader.feed(data), *reader.end())
        return next((each for each in readings if isinstance(each, TaskDraft)), TaskDraft(place="", uid=task.uid))

    async def _carry_out(self, draft: TaskDraft, task: Task, changes: TaskChanges) -> None:
        before = self._uow.bookmark()
        try:
            changed = task.change(changes, at=self._uow.now)
            if changed == task:
                return
            if changes.parent is not UNSET:
                if task.id in self._parents:  # a task that has subtasks must know of them, or a circle is not noticed
                    await self._uow.tasks.settle()
                    task = self._uow.tasks.seen(task.id)
                    changed = task.change(changes, at=self._uow.now)
                changed = await find_place(task, changed, self._uow, list_named=False)
            is_new = self.found.outcomes[draft.uid] == "created" or draft.uid in self._new
            self._uow.tasks.save(replace(changed, updated=task.updated) if is_new else changed)
            if changes.depends_on is not UNSET:
                await require_dependencies(task, changed, changes.depends_on, self._uow)
            # Not as if it were new: of two new tasks each may wait for the other.
            named = () if changes.depends_on is UNSET else changes.depends_on
            await require_no_circle(task, changed, self._uow, named=named)
        except ConcurrentUpdate:
            raise
        except TaskharborError as refusal:
            self._uow.return_to(before)
            field, reason = (
                (refusal.field, refusal.reason) if isinstance(refusal, InvalidValue) else (None, str(refusal))
            )
            self.found.problems.append(Finding(f"{draft.place} ({field or 'parent'})", f"{reason}: left out"))
        else:
            if isinstance(changes.parent, int):
                self._parents.add(changes.parent)
            if self.found.outcomes[draft.uid] == "unchanged":
                self.found.outcomes[draft.uid] = "updated"


def _has_parent(draft: TaskDraft) -> bool:
    return isinstance(draft.parent, str)


def _looked_up(draft: TaskDraft) -> Iterable[Uid]:
    occurrence = first_occurrence(draft)
    return (draft.uid, *_named(draft), *([occurrence] if occurrence else []))


def _named(draft: TaskDraft) -> Iterable[Uid]:
    parents = [draft.parent] if isinstance(draft.parent, str) else []
    series = [draft.occurrence_of[0]] if draft.occurrence_of else []
    return (*series, *parents, *(draft.depends_on if isinstance(draft.depends_on, tuple) else ()))
