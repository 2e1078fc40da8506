"""What drafts that were taken have to do with others: their parents, dependencies and series."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.interchange.awaited import awaited_by, wait_for, with_awaited
from taskharbor.application.interchange.import_report import ChunkOutcome, Finding
from taskharbor.application.interchange.occurrence_names import remember_name, rest_of
from taskharbor.application.interchange.resume_series import begins_with_exception
from taskharbor.application.interchange.series_exceptions import Exceptions, moved_past, split
from taskharbor.application.ports.interchange import TaskDraft
from taskharbor.application.relations.dependencies import require_acyclic, require_dependencies
from taskharbor.application.relations.placement import resolve_placement
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.recurrence.occurrence import OccurrenceOf, occurrence_uid
from taskharbor.domain.recurrence.recurrence import in_form_of
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.foreign_data import AWAITED
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import CalendarTime
from taskharbor.domain.values.uid import Uid


class DraftLinker:
    """Gives tasks what their drafts say of others, and takes note of what cannot be."""

    def __init__(
        self,
        found: ChunkOutcome,
        ids: Mapping[Uid, TaskId],
        uow: UnitOfWork,
        new: Collection[Uid],
    ) -> None:
        """Relate tasks in this unit of work.

        Args:
            found: what became of their drafts; added to here.
            ids: the tasks that are there, by uid.
            uow: the unit of work.
            new: tasks that an earlier unit of work of this import has made.
        """
        self._found = found
        self._ids = ids
        self._uow = uow
        self._new = new
        self._exceptions: dict[TaskId, Exceptions] = {}
        self._splits: dict[TaskId, tuple[str, CalendarTime, TaskId]] = {}
        self._parents: set[TaskId] = set()

    async def relate(self, draft: TaskDraft, *, are_all_there: bool) -> None:
        """Give a task the parent and the dependencies that its draft names."""
        missing = [uid for uid in named_in(draft) if uid not in self._ids]
        if missing and not are_all_there:
            self._found.postponed.append(draft)
            return
        task = await self._wait(draft, self._uow.tasks.seen(self._ids[draft.uid]), missing)
        if draft.occurrence_of and (series := self._ids.get(draft.occurrence_of[0])) and series != task.id:
            task = await self._except(draft, task, series, draft.occurrence_of[1])
        if begins_with_exception(draft):
            self._exceptions.setdefault(task.id, Exceptions(place=draft.place))
        refused: list[Uid] = []
        if draft.parent is not UNSET:
            parent = None if draft.parent is None else self._ids.get(draft.parent)
            is_taken = await self._carry_out(draft, task, TaskChanges(parent=parent))
            refused += [] if is_taken or draft.parent is None else [draft.parent]
        if draft.depends_on is not UNSET:
            refused += await self._depend(draft, task.id, [uid for uid in draft.depends_on if uid in self._ids])
        if refused:
            task = self._uow.tasks.seen(task.id)
            foreign = with_awaited(task.foreign, awaited_by(draft, {*refused, *missing}))
            self._uow.tasks.save(replace(task, foreign=foreign))

    async def _depend(self, draft: TaskDraft, task_id: TaskId, on: Sequence[Uid]) -> list[Uid]:
        """Give a task its dependencies; return those that cannot be, which are said."""
        ids = sorted({self._ids[uid] for uid in on})
        before = len(self._found.remarks)
        if await self._carry_out(draft, self._uow.tasks.seen(task_id), TaskChanges(depends_on=ids)):
            return []
        if len(ids) == 1:
            return list(on)
        del self._found.remarks[before:]
        taken: list[TaskId] = []
        refused: list[Uid] = []
        for uid in on:
            changes = TaskChanges(depends_on=sorted({*taken, self._ids[uid]}))
            if await self._carry_out(draft, self._uow.tasks.seen(task_id), changes):
                taken.append(self._ids[uid])
            else:
                refused.append(uid)
        return refused

    async def _wait(self, draft: TaskDraft, task: Task, missing: Sequence[Uid]) -> Task:
        """Keep what a draft says of tasks that have not come: it is made good when they do."""
        for uid in missing:
            reason = f"it names the task {uid}, which is not there yet: kept, and made good when it comes"
            self._found.remarks.append(Finding(draft.place, reason))
        await wait_for(missing, task.uid, self._uow)
        if not missing and not any(name == AWAITED for name, _ in task.foreign):
            return task
        foreign = with_awaited(task.foreign, awaited_by(draft, missing))
        return task if foreign == task.foreign else self._uow.tasks.save(replace(task, foreign=foreign))

    def move_on(self) -> None:
        """Let each series go past those of its occurrences of which there are tasks, and end where one takes over."""
        for series, (place, recurrence_id, task_id) in self._splits.items():
            self._try(series, place, partial(self._split, task_id=task_id, recurrence_id=recurrence_id))
        for series, found in self._exceptions.items():
            walls = self._uow.services.occurrences
            self._try(series, found.place, partial(moved_past, exceptions=found, occurrences=walls))

    def _try(self, series: TaskId, place: str, step: Callable[[Task], Task]) -> None:
        task = self._uow.tasks.seen(series)
        try:
            moved = step(task)
        except TaskharborError as refusal:
            self._found.problems.append(Finding(place, f"{refusal}: the series has not moved on"))
            return
        if moved != task:
            is_new = task.uid in self._new or self._found.outcomes.get(task.uid) == "created"
            self._uow.tasks.save(moved if is_new else replace(moved, updated=max(self._uow.now, moved.updated)))
            if self._found.outcomes.get(task.uid) == "unchanged":
                self._found.outcomes[task.uid] = "updated"

    def _split(self, series: Task, *, task_id: TaskId, recurrence_id: CalendarTime) -> Task:
        ended, rest = split(series, self._uow.tasks.seen(task_id), recurrence_id, self._uow.services.occurrences)
        self._uow.tasks.save(rest)
        return ended

    async def _except(self, draft: TaskDraft, task: Task, series_id: TaskId, stated: CalendarTime) -> Task:
        """Take note of an occurrence that stands by itself, in whatever form the file says which one it is."""
        series = self._uow.tasks.seen(series_id)
        recurrence_id = in_form_of(series.recurrence.first, stated) if series.recurrence else stated
        task = self._belong(draft, task, OccurrenceOf(series_id, recurrence_id))
        if (name := occurrence_uid(series.uid, recurrence_id)) != task.uid:
            await remember_name(name, task.uid, self._uow)
        if draft.and_following:
            await remember_name(rest_of(series.uid), task.uid, self._uow)
            self._splits[series_id] = (draft.place, recurrence_id, task.id)
            return task
        found = self._exceptions.setdefault(series_id, Exceptions())
        found.place = draft.place
        if task.is_completed:
            found.done[recurrence_id] = task.completed or task.updated
        else:
            found.replaced.add(recurrence_id)
        return task

    def _belong(self, draft: TaskDraft, task: Task, occurrence_of: OccurrenceOf) -> Task:
        if task.occurrence_of == occurrence_of:
            return task
        if self._found.outcomes.get(draft.uid) == "unchanged":
            self._found.outcomes[draft.uid] = "updated"
        return self._uow.tasks.save(replace(task, occurrence_of=occurrence_of))

    async def _carry_out(self, draft: TaskDraft, task: Task, changes: TaskChanges) -> bool:
        """Change what a task has to do with others; return whether that can be. If not, it is said and kept."""
        before = self._uow.bookmark()
        try:
            changed = task.change(changes, at=self._uow.now)
            if changed == task:
                return True
            if changes.parent is not UNSET:
                if task.id in self._parents:  # a task that has subtasks must know of them, or a cycle is not noticed
                    await self._uow.tasks.settle()
                    task = self._uow.tasks.seen(task.id)
                    changed = task.change(changes, at=self._uow.now)
                changed = await resolve_placement(task, changed, self._uow, list_named=False)
            is_new = self._found.outcomes.get(draft.uid) == "created" or draft.uid in self._new
            self._uow.tasks.save(replace(changed, updated=task.updated) if is_new else changed)
            if changes.depends_on is not UNSET:
                await require_dependencies(task, changed, changes.depends_on, self._uow)
            # Not as if it were new: of two new tasks each may wait for the other.
            named = () if changes.depends_on is UNSET else changes.depends_on
            await require_acyclic(task, changed, self._uow, named=named)
        except ConcurrentUpdate:
            raise
        except TaskharborError as refusal:
            self._uow.return_to(before)
            field, reason = (
                (refusal.field, refusal.reason) if isinstance(refusal, InvalidValue) else (None, str(refusal))
            )
            place = f"{draft.place} ({(field or 'parent').partition('[')[0]})"
            self._found.remarks.append(Finding(place, f"{reason}: kept, and left out"))
            return False
        else:
            if isinstance(changes.parent, int):
                self._parents.add(changes.parent)
            if self._found.outcomes.get(draft.uid) == "unchanged":
                self._found.outcomes[draft.uid] = "updated"
            return True


def named_in(draft: TaskDraft) -> Iterable[Uid]:
    """Return the uids of the tasks that a draft names as its series, its parent and its dependencies."""
    parents = [draft.parent] if isinstance(draft.parent, str) else []
    series = [draft.occurrence_of[0]] if draft.occurrence_of else []
    return (*series, *parents, *(draft.depends_on if isinstance(draft.depends_on, tuple) else ()))
