"""The port for what was done to tasks, and by whom."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, Protocol

from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task

OF_RECORDS: Final[TaskId] = 0
"""Stands for the id of a task in the one entry that records what a commit did to records."""


@frozen(kw_only=True)
class HistoryEntry:
    """What one commit did to one task, or to all of its records.

    The entry on records has, for the kind and the key of each, with a space between, the documents before and after,
    which are text; null if there was none. Its `previous` is 0. A store keeps it as it keeps the others.

    Attributes:
        task_id: which task; `OF_RECORDS` for the entry on records.
        revision: the commit's revision; 0 in a changeset, as it is not known yet.
        previous: the revision that had left the task as it was before; 0 if the task is new.
        at: when; aware, in UTC.
        command: what was asked for, such as `complete_task`. Of records that several commands of a batch wrote, it is
            `run_batch`.
        actor: who asked, or None if not given.
        changes: JSON text: an object with, for each field that changed, a list of its values before and after, in the
            wire form. A task that is new has null before everywhere.
    """

    task_id: TaskId
    revision: Revision = 0
    previous: Revision
    at: datetime
    command: str
    actor: str | None
    changes: str


@frozen(kw_only=True)
class HistoryBounds:
    """How far the memory of a workspace goes. All are 0 in a new one.

    Attributes:
        revision: the last revision.
        purged_revision: the highest one with which a task was deleted that has been purged since.
        forgotten_revision: the last one whose history was purged; all later ones are there.
        purged_at: when the commit of `purged_revision` was made, if the history told it; that entry is purged as well.
    """

    revision: Revision = 0
    purged_revision: Revision = 0
    forgotten_revision: Revision = 0
    purged_at: datetime | None = None

    def made_at(self, revision: Revision, last: HistoryEntry | None) -> datetime | None:
        """Return when the last commit up to a revision was made that is known of (`ChangeSlice.at`).

        Args:
            revision: at most that of the workspace.
            last: an entry of the last commit up to there that the history has; None if it has none.
        """
        known = 0 if last is None else last.revision
        if self.purged_at is not None and known < self.purged_revision <= revision:
            return self.purged_at
        return None if last is None else last.at


class TaskHistory(Protocol):
    """What the commits did, as they said themselves."""

    @abstractmethod
    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        """Return up to `limit` entries of a task with revisions less than `before`, the latest first.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def list_commit(self, workspace: WorkspaceId, revision: Revision) -> Sequence[HistoryEntry]:
        """Return what the commit with this revision did, by ascending id of the task. Empty if there was none.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Collection[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        """Return all entries of these tasks with revisions greater than `after`, the latest first.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def find_revision(self, workspace: WorkspaceId, at: datetime) -> Revision:
        """Return the last revision that by the history was made at this instant or before; 0 if none.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def read_history_bounds(self, workspace: WorkspaceId) -> HistoryBounds:
        """Return how far the memory goes.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def scan_tasks(self, workspace: WorkspaceId, *, after: TaskId, limit: int) -> Sequence[Task]:
        """Return up to `limit` tasks, deleted ones too, with ids greater than `after`, by ascending id.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...
