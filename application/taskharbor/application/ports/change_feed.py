"""The port of the change feed."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid


@frozen
class Tombstone:
    """What remains of a deleted task.

    Attributes:
        id: the number that it had, which no other task will get.
        uid: the uid that it had.
        revision: the revision of the workspace in which it was deleted.
        deleted: when; aware, in UTC.
    """

    id: TaskId
    uid: Uid
    revision: Revision
    deleted: datetime


Change: TypeAlias = TaskView | Tombstone
"""A task as it is now, or its tombstone."""


def change_of(task: Task) -> Change:
    """Return the entry of `task`, which depends on no other task, in the feed."""
    if task.deleted is None:
        return TaskView.of(task)
    return Tombstone(task.id, task.uid, task.revision, task.deleted)


@frozen
class Position:
    """A place in the order of changes: after the task `task_id` as revision `revision` left it.

    Attributes:
        revision: everything of the revisions before it has been seen.
        task_id: of this revision, the tasks up to this id have been seen; None for all of them.
        seen: the revision of the workspace when the place was returned, whose commit is to be told; None if that does
            not matter.
        since: the last revision at which nothing was left to be told, if pages have been read since. What changed
            between it and this place, and again later, comes only after this place. A store need not look at it.
    """

    revision: Revision
    task_id: TaskId | None = None
    seen: Revision | None = None
    since: Revision | None = None

    @property
    def told_from(self) -> Revision:
        """The first revision of which the caller may still have what tasks were then."""
        return self.complete_until if self.since is None else self.since

    def seen_until(self, task_id: TaskId) -> Revision:
        """Return the last revision of which everything about a task has been seen."""
        return self.revision if self.task_id is None or task_id <= self.task_id else self.revision - 1

    @property
    def complete_until(self) -> Revision:
        """The last revision of which everything has been seen."""
        return self.revision if self.task_id is None else self.revision - 1


@frozen(kw_only=True)
class ChangeSlice:
    """Some changes in order.

    Attributes:
        items: ordered by revision, then id.
        revision: the last revision of the workspace when this was read.
        purged_revision: the highest revision of a tombstone that has been purged; 0 if none was. A
            client that has seen less would miss that deletion.
        at: when the last commit was made that is known of: by an entry of the history, or as that of `purged_revision`
            (`HistoryBounds.purged_at`). None if none is. It tells this revision from one of the same number that a
            restore from a backup has undone.
        seen_at: the same of the commits up to the revision that `after` had seen; None if it names none.
    """

    items: Sequence[Change]
    revision: Revision
    purged_revision: Revision = 0
    at: datetime | None = None
    seen_at: datetime | None = None


class ChangeFeed(Protocol):
    """Tasks and tombstones in the order in which they last changed."""

    @abstractmethod
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        """Return up to `limit` tasks whose last change comes after `after`, deleted ones too, from one snapshot.

        Each task is there once, as it is now. One that changes again moves to the end, so a client that continues
        until nothing is left has missed nothing.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...
