"""The tasks of one workspace, in memory."""

from bisect import bisect_left, bisect_right, insort
from itertools import chain

from taskharbor.application.errors import ConcurrentUpdate, UidTaken
from taskharbor.application.ports.change_feed import Position
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId
from taskharbor.domain.task import Task
from taskharbor.domain.uid import Uid


class InMemoryWorkspace:
    """Holds tasks, which are immutable, so they can be handed out as they are.

    No method awaits anything, so each is atomic for the event loop that calls it.
    """

    def __init__(self) -> None:
        self.tasks: dict[TaskId, Task] = {}
        self.revision: Revision = 0
        self._last_id: TaskId = 0
        self._uids: set[Uid] = set()
        self._live: list[TaskId] = []
        self._by_revision: list[tuple[Revision, TaskId]] = []

    def next_task_id(self) -> TaskId:
        """Return the next number."""
        self._last_id += 1
        return self._last_id

    def commit(self, changes: Changeset) -> Revision:
        """Check everything, then write everything: nothing can fail half-way."""
        self._check(changes)
        self.revision += 1
        for task in chain(changes.added, changes.changed):
            self._put(task.committed(self.revision))
        return self.revision

    def live_after(self, task_id: TaskId, *, skip: int, limit: int) -> list[Task]:
        """Return up to `limit` live tasks with greater ids, in order, after passing over `skip` of them."""
        start = bisect_right(self._live, task_id) + skip
        return [self.tasks[id_] for id_ in self._live[start : start + limit]]

    def changed_after(self, position: Position, *, limit: int) -> list[Task]:
        """Return up to `limit` tasks, deleted ones too, in the order in which they last changed."""
        last_id = MAX_ID if position.task_id is None else position.task_id
        start = bisect_right(self._by_revision, (position.revision, last_id))
        return [self.tasks[id_] for _, id_ in self._by_revision[start : start + limit]]

    def _check(self, changes: Changeset) -> None:
        expected = chain(((task.id, task.revision) for task in changes.changed), changes.guarded.items())
        for task_id, revision in expected:
            stored = self.tasks.get(task_id)
            if stored is None or stored.revision != revision:
                raise ConcurrentUpdate(task_id)
        new: set[Uid] = set()
        for task in changes.added:
            if task.uid in self._uids or task.uid in new:
                raise UidTaken(task.uid)
            if task.id in self.tasks:
                raise ValueError(f"task {task.id} exists already")
            new.add(task.uid)

    def _put(self, task: Task) -> None:
        before = self.tasks.get(task.id)
        if before is not None:
            del self._by_revision[bisect_left(self._by_revision, (before.revision, before.id))]
        insort(self._by_revision, (task.revision, task.id))
        self.tasks[task.id] = task
        self._uids.add(task.uid)
        was_live = before is not None and not before.is_deleted
        if was_live and task.is_deleted:
            del self._live[bisect_left(self._live, task.id)]
        elif not was_live and not task.is_deleted:
            insort(self._live, task.id)
