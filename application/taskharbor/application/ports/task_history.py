"""The port for what was done to tasks, and by whom."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """What one commit did to one task.

    Attributes:
        task_id: which task.
        revision: the commit's revision; 0 in a changeset, as it is not known yet.
        previous: the revision that had left the task as it was before; 0 if the task is new.
        at: when; aware, in UTC.
        command: what was asked for, such as `complete_task`.
        actor: who asked, or None if nobody said.
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
