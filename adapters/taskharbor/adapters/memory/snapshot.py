"""The tasks of a workspace at one moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Protocol

from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.search.matching import Facts
from taskharbor.domain.search.words import Words
from taskharbor.domain.tasks.task import Task


class Remembered(Protocol):
    """What a workspace remembers of tasks, so that it need not be made again."""

    def words_of(self, task: Task) -> Words:
        """Return its words."""
        ...

    def document_of(self, task: Task) -> str | None:
        """Return its document, if that is still there."""
        ...


@dataclass(frozen=True)
class InMemorySnapshot:
    """Tasks as they were, for a search during which others commit.

    Attributes:
        tasks: all of them, deleted ones too.
        live: the ids of those that are not deleted, in order.
        remembered: by the workspace.
    """

    tasks: Mapping[TaskId, Task]
    live: Sequence[TaskId]
    remembered: Remembered

    def candidates(self) -> Iterator[tuple[Task, Facts]]:
        """Yield the live tasks by ascending id, and what a filter can ask of each."""
        for id_ in self.live:
            task = self.tasks[id_]
            yield (
                task,
                Facts(
                    blocked=self._is_blocked(task),
                    words=partial(self.remembered.words_of, task),
                    blocking=partial(self._is_needed, id_),
                ),
            )

    def view(self, task: Task) -> TaskView:
        """Return what readers saw of a live task."""
        document, blocked = self.remembered.document_of(task), self._is_blocked(task)
        return (
            TaskView.of(task, blocked=blocked)
            if document is None
            else TaskView(document, task.revision, blocked=blocked)
        )

    def _is_blocked(self, task: Task) -> bool:
        if not task.depends_on:
            return False
        needed = (self.tasks.get(id_) for id_ in task.depends_on)
        return any(one is not None and one.is_open and not one.is_deleted for one in needed)

    def _is_needed(self, task_id: TaskId) -> bool:
        return task_id in self._needed

    @cached_property
    def _needed(self) -> frozenset[TaskId]:
        live = (self.tasks[id_] for id_ in self.live)
        return frozenset(id_ for task in live if task.depends_on and task.is_open for id_ in task.depends_on)
