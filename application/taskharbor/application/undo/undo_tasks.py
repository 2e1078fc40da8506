"""Undoing what a commit did to tasks."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial

from taskharbor.application.errors import ConcurrentUpdate, StoreNotReady, StoreUnavailable
from taskharbor.application.history.list_history import changes_of
from taskharbor.application.history.rewind import rewound
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.relations.dependencies import require_acyclic
from taskharbor.application.relations.placement import restore_placement
from taskharbor.application.turns import in_turns
from taskharbor.application.undo.undo_fields import FieldStep, FieldUndoing
from taskharbor.application.unit_of_work.history_entries import recorded_state
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import HasSubtasks, InvalidValue, TaskharborError
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.task import Task

BOOKKEEPING = frozenset({"updated", "subtask_count", "open_subtask_count", "claim", "alerts"})
"""What follows from other changes, or is over by now: nothing brings an old claim or alert back."""


@frozen
class UndoneTask:
    """What was undone of one task.

    Attributes:
        task: its id.
        fields: which fields have become what they were; `deleted` if it was deleted or restored.
    """

    task: TaskId
    fields: list[str]


@frozen
class UndoConflict:
    """What could not be undone of one task.

    Attributes:
        task: its id.
        fields: which fields stay as they are; `deleted` if it should have been deleted or restored.
        code: why, for programs: `changed_since`, `deleted_since`, `task_not_found` if it has been purged, or the code
            of the rule that would be broken.
        why: the same for people.
    """

    task: TaskId
    fields: list[str]
    code: str
    why: str


class _Action:
    """A step that deletes or restores a task."""

    def __init__(self, task_id: TaskId, act: Callable[[], Awaitable[None]]) -> None:
        self.task_id = task_id
        self.names = ["deleted"]
        self.done = ["deleted"]
        self.take = act


class TaskUndoing:
    """Plans steps, and takes them in an order in which they are possible."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.undone: defaultdict[TaskId, set[str]] = defaultdict(set)
        self.conflicts: list[UndoConflict] = []
        self._uow = uow
        # Whatever a task says while it is deleted breaks no rule: where it can be is found out when it is restored.
        self._before_restores: list[FieldUndoing] = []
        self._restores: list[_Action] = []
        self._changes: list[FieldUndoing] = []
        self._deletes: list[_Action] = []
        self._after_deletes: list[FieldUndoing] = []
        self._places: dict[TaskId, Task] = {}
        """What was restored, with the place that it is to have."""

    async def plan(self, entry: HistoryEntry, since: list[HistoryEntry]) -> None:
        """Find out what is to be done about one entry."""
        task = await self._uow.tasks.find(entry.task_id)
        changes = changes_of(entry)
        if task is None:
            self._conflict(entry.task_id, list(changes), "task_not_found", "It has been purged")
        elif not entry.previous:
            self._plan_delete_of_new(task, entry, since)
        else:
            planned = self._plan_life_of(task, *changes.pop("deleted", (None, None)))
            left = {name: values for name, values in changes.items() if name not in BOOKKEEPING}
            if left:
                deleted_since = any(changes_of(later).get("deleted", (None, None))[1] for later in since)
                may_be_deleted = planned is not self._changes or not deleted_since
                planned.append(FieldUndoing(task.id, left, self._uow, may_be_deleted=may_be_deleted))

    async def carry_out(self) -> None:
        """Restore, change back, delete."""
        await self._change_back(self._before_restores)
        await self._take(self._restores)
        await self._change_back(self._changes)
        await self._take(self._deletes)
        await self._change_back(self._after_deletes)
        self._name_those_elsewhere()

    async def _change_back(self, changes: Sequence[FieldUndoing]) -> None:
        await self._take([step async for change in in_turns(changes) for step in await change.steps()])
        for change in changes:
            for names, code, why in change.conflicts:
                self._conflict(change.task_id, names, code, why)

    async def _take(self, steps: Sequence[_Action | FieldStep]) -> None:
        """Take the steps as often as that gets on: one can make another one possible, a parent its subtasks."""
        while steps:
            refused: list[tuple[_Action | FieldStep, TaskharborError]] = []
            async for step in in_turns(steps):
                refusal = await self._try(step)
                if refusal is None:
                    self.undone[step.task_id].update(step.done)
                else:
                    refused.append((step, refusal))
            if len(refused) == len(steps):
                for step, refusal in refused:
                    self._conflict(step.task_id, step.names, refusal.code, str(refusal))
                return
            steps = [step for step, _ in refused]

    async def _try(self, step: _Action | FieldStep) -> TaskharborError | None:
        bookmark = self._uow.bookmark()
        try:
            await step.take()
            task = self._uow.tasks.seen(step.task_id)
            if task.parent is not None or task.subtask_count or "parent" in step.names:
                await self._uow.tasks.settle()
        except (ConcurrentUpdate, StoreNotReady, StoreUnavailable):
            raise
        except TaskharborError as refusal:
            self._uow.return_to(bookmark)
            return refusal
        return None

    def _plan_delete_of_new(self, task: Task, entry: HistoryEntry, since: list[HistoryEntry]) -> None:
        if task.is_deleted:
            return
        made = rewound(task, since, to=entry.revision)
        then, now = ({} if one is None else recorded_state(one) for one in (made, task))
        changed = sorted(name for name in now if name not in BOOKKEEPING and now[name] != then.get(name))
        if changed:
            why = f"It has been changed since: {', '.join(changed)}"
            self._conflict(task.id, ["deleted"], "changed_since", why)
        else:
            self._deletes.append(_Action(task.id, partial(self._delete, task.id)))

    def _plan_life_of(self, task: Task, before: str | None, after: str | None) -> list[FieldUndoing]:
        """Plan to delete a task that was restored, or the other way round; return where its other fields are planned.

        `before` and `after` say since when it had been deleted.
        """
        if (before is None) is (after is None):
            return self._changes if after is None else self._after_deletes
        if after is None:
            if not task.is_deleted:
                self._deletes.append(_Action(task.id, partial(self._delete, task.id)))
            return self._after_deletes
        if not task.is_deleted:
            return self._changes
        if recorded_state(task)["deleted"] != after:
            self._conflict(task.id, ["deleted"], "changed_since", "It was restored and deleted again since")
            return self._changes
        self._restores.append(_Action(task.id, partial(self._restore, task.id)))
        return self._before_restores

    async def _delete(self, task_id: TaskId) -> None:
        task = await self._uow.tasks.get(task_id)
        if task.subtask_count:
            raise HasSubtasks(task.id, subtasks=task.subtask_count)
        self._uow.tasks.save(task.delete(at=self._uow.now))

    async def _restore(self, task_id: TaskId) -> None:
        task = await self._uow.tasks.get_even_deleted(task_id)
        parent = None if task.parent is None else await self._uow.tasks.find(task.parent)
        to_come = {step.task_id for step in self._restores if "deleted" not in self.undone.get(step.task_id, ())}
        if parent is not None and parent.is_deleted and parent.id in to_come:
            raise InvalidValue("parent", "must be restored first")
        restored = await restore_placement(task.restore(at=self._uow.now), self._uow)
        self._uow.tasks.save(restored)
        await require_acyclic(task, restored, self._uow)
        self._places[task_id] = task

    def _name_those_elsewhere(self) -> None:
        """Report what was restored elsewhere than it was: only in the end, when its parent is where that was."""
        for task_id, then in self._places.items():
            if "deleted" not in self.undone.get(task_id, ()):
                continue
            now = self._uow.tasks.seen(task_id)
            elsewhere = [name for name in ("list", "parent") if getattr(now, name) != getattr(then, name)]
            if elsewhere:
                self._conflict(task_id, elsewhere, "changed_since", "It cannot be moved back to where it was")

    def _conflict(self, task_id: TaskId, names: Iterable[str], code: str, why: str) -> None:
        self.conflicts.append(UndoConflict(task_id, sorted(set(names) - BOOKKEEPING), code, why))
