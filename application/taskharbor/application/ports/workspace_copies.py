"""An optional port: what a store needs so that a workspace can be moved to another store, or from there."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_history import HistoryBounds, HistoryEntry
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceHead:
    """What a store knows of a workspace as a whole.

    Attributes:
        bounds: how far its memory goes.
        next_task_id: an id that was not given out, nor any greater one.
        latest_at: the latest instant at which a commit of the history was made; None if there was none.
        set_back: by how much at most a commit was made before one with a lower revision.
    """

    bounds: HistoryBounds
    next_task_id: TaskId
    latest_at: datetime | None = None
    set_back: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceRows:
    """Some rows of a workspace as they are in a store, each with its revision.

    Attributes:
        tasks: tasks, deleted ones too.
        records: records, removed ones too.
        history: entries of the history, by ascending revision.
    """

    tasks: Sequence[Task] = ()
    records: Sequence[Record] = ()
    history: Sequence[HistoryEntry] = ()


@dataclass(frozen=True, slots=True)
class Fence:
    """A record that must still have a revision: else what it fences is refused.

    Attributes:
        key: of the record.
        revision: at which it was read.
    """

    key: RecordKey
    revision: Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedRows:
    """Rows to be written as they are.

    Attributes:
        rows: which take the place of those with the same keys. A task whose uid one of them has goes: it was purged
            where they come from.
        head: what the workspace is to be as a whole, in the same step; None leaves that. Numbers never go down.
    """

    rows: WorkspaceRows = field(default_factory=WorkspaceRows)
    head: WorkspaceHead | None = None


@runtime_checkable
class WorkspaceCopies(Protocol):
    """Reads and writes the rows of workspaces without taking revisions."""

    @abstractmethod
    async def read_head(self, workspace: WorkspaceId) -> WorkspaceHead:
        """Return what the workspace is as a whole.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def scan_records(
        self, workspace: WorkspaceId, *, since: Revision, after: RecordKey | None, limit: int
    ) -> Sequence[Record]:
        """Return up to `limit` records, removed ones too, with revisions greater than `since`, by ascending key.

        With `after` only those whose keys come after it.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def write_copy(self, workspace: WorkspaceId, copy: CopiedRows, *, fence: Fence) -> None:
        """Write rows with their revisions in one atomic step. Writing them again changes nothing.

        Raises:
            ConcurrentUpdate: if the fence has another revision.
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def erase_copy(self, workspace: WorkspaceId, *, fence: Fence, limit: int) -> bool:
        """Take away up to `limit` rows of each kind, but for the fence; return whether more may be left.

        What was given out stays so: neither an id nor a revision is used again.

        Raises:
            ConcurrentUpdate: if the fence has another revision.
            StoreUnavailable: if the store cannot be asked.
        """
        ...
