"""Entries of the history, as the use cases write them."""

from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.unit_of_work.history_entries import changes_between
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.scenes.bench import NOON


def recorded(task: Task, before: Task | None = None, *, actor: str | None = None) -> HistoryEntry:
    """Return the history entry of a task that is added, or changed from `before`."""
    return HistoryEntry(
        task_id=task.id,
        previous=task.revision,
        at=NOON,
        command="change_task" if before else "create_task",
        actor=actor,
        changes=changes_between(before, task),
    )
