"""How fields of a task get back the values that they had before a commit."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from taskharbor.application.history.rewind import with_values
from taskharbor.application.relations.dependencies import require_acyclic, require_dependencies
from taskharbor.application.relations.placement import resolve_placement
from taskharbor.application.unit_of_work.history_entries import recorded_state
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import is_due_before_start

TOGETHER: Final = (frozenset({"progress", "percent_complete", "completed"}), frozenset({"list", "parent", "rank"}))
"""Fields that make sense only with each other: if one of them cannot be changed back, none is."""

SERIES: Final = frozenset({"recurrence", "start", "due", "reminders"})
"""The same, where the recurrence was changed: a task that moves on moves all of these."""


class FieldStep:
    """Changes some fields of one task back.

    Attributes:
        task_id: which task.
        names: the fields.
        done: those which had not been what they were, once the step is taken.
    """

    def __init__(self, task_id: TaskId, names: list[str], values: Mapping[str, Any], uow: UnitOfWork) -> None:
        self.task_id = task_id
        self.names = names
        self.done: list[str] = []
        self._values = values
        self._uow = uow

    async def take(self) -> None:
        """Take the step.

        Raises:
            TaskharborError: if a rule would be broken.
        """
        before = await self._uow.tasks.get_even_deleted(self.task_id)
        after = with_values(before, self._values)
        if after == before:
            return
        was, now = recorded_state(before), recorded_state(after)
        self.done = [name for name in self.names if now[name] != was[name]]
        after = replace(after, updated=max(self._uow.now, before.updated))
        if not after.is_deleted:
            after = await self._placed(before, after)
        self._uow.tasks.save(after)
        await require_dependencies(before, after, after.depends_on, self._uow, deleted_too=True)
        await require_acyclic(before, after, self._uow, named=after.depends_on)
        start, due = (after.start, after.due) if {"start", "due"} & self._values.keys() else (None, None)
        if start is not None and due is not None and is_due_before_start(due, start):
            raise InvalidValue("due", "must not be before start")

    async def _placed(self, before: Task, after: Task) -> Task:
        if {"list", "parent"}.isdisjoint(self._values):
            return after
        return await resolve_placement(before, after, self._uow, list_named=True)


class FieldUndoing:
    """What one commit did to fields of one task, to be undone.

    Attributes:
        task_id: which task.
        conflicts: what cannot be: names, code and reason.
    """

    def __init__(
        self, task_id: TaskId, changes: Mapping[str, tuple[Any, Any]], uow: UnitOfWork, *, may_be_deleted: bool
    ) -> None:
        self.task_id = task_id
        self.conflicts: list[tuple[list[str], str, str]] = []
        self._changes = changes
        self._uow = uow
        self._may_be_deleted = may_be_deleted

    async def steps(self) -> list[FieldStep]:
        """Return a step for all fields that have not been changed since."""
        task = await self._uow.tasks.get_even_deleted(self.task_id)
        now = recorded_state(task)
        changed = {
            name
            for name, (before, after) in self._changes.items()
            if name in now and _plain(now[name]) not in (before, after)
        }
        together = (*TOGETHER, SERIES) if "recurrence" in self._changes else TOGETHER
        for group in together:
            if changed & group:
                changed |= group & self._changes.keys()
        if task.is_deleted and not self._may_be_deleted:
            self.conflicts.append((list(self._changes), "deleted_since", "It has been deleted since"))
            return []
        if changed:
            self.conflicts.append((sorted(changed), "changed_since", "It has been changed since"))
        values = {name: before for name, (before, _) in self._changes.items() if name in now and name not in changed}
        steps = (*together, frozenset({"start", "due"})) if together is TOGETHER else together
        groups = [sorted(values.keys() & group) for group in steps]
        groups += [[name] for name in sorted(values.keys() - frozenset().union(*steps))]
        return [
            FieldStep(self.task_id, names, {name: values[name] for name in names}, self._uow)
            for names in groups
            if names
        ]


def _plain(value: object) -> object:
    """Return a value as JSON would give it back."""
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value
