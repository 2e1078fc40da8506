"""Which keys there are, and how they sort. Numbers are 8 bytes, the highest first.

Every key begins with a letter for what it is, then the workspace, which has no NUL, and a NUL. Heads come first
among them and end with the name of the workspace, so that they are a list of the workspaces.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

from taskharbor.application.ports.change_feed import Position
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MIDDLE: Final = 2**63
_MAX_NUMBER: Final = 2**64 - 1
_MAX_NAME: Final = 256

HEADS: Final = b"A"
"""What the keys of heads begin with."""


def head_key(workspace: WorkspaceId) -> bytes:
    """Return the key of the head of a workspace."""
    return HEADS + workspace.encode()


def number(value: int) -> bytes:
    """Return a number so that it sorts; one that is out of range as the nearest."""
    return min(max(value, 0), _MAX_NUMBER).to_bytes(8, "big")


def number_in(key: bytes) -> int:
    """Return the number with which a key ends."""
    return int.from_bytes(key[-8:], "big")


def instant(at: datetime) -> bytes:
    """Return an instant so that it sorts, to the microsecond."""
    return number((at - _EPOCH) // timedelta(microseconds=1) + _MIDDLE)


def end_of(prefix: bytes) -> bytes:
    """Return the first key after all that begin with a prefix, of which not all bytes are 255."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes([kept[-1] + 1])


class WorkspaceKeys(NamedTuple):
    """The keys of one workspace.

    Attributes:
        name: of the workspace.
    """

    name: WorkspaceId

    def of(self, letter: bytes) -> bytes:
        """Return what all keys of one kind begin with."""
        return letter + self.name.encode() + b"\0"

    def ids(self) -> bytes:
        """Return the key of the last id that has been reserved."""
        return self.of(b"I")

    def task(self, task_id: TaskId) -> bytes:
        """Return the key of a task, deleted or not."""
        return self.of(b"T") + number(task_id)

    def live(self, task_id: TaskId) -> bytes:
        """Return the key that says that a task is live."""
        return self.of(b"L") + number(task_id)

    def uid(self, uid: Uid) -> bytes:
        """Return the key of the id of the task with a uid."""
        return self.of(b"U") + uid.encode()

    def change(self, revision: Revision, task_id: TaskId) -> bytes:
        """Return the key of a task in the change feed."""
        return self.of(b"C") + number(revision) + number(task_id)

    def change_after(self, position: Position) -> bytes:
        """Return a key before all changes after a position, and after all others."""
        if position.task_id is None:
            return self.of(b"C") + number(position.revision + 1)
        return self.change(position.revision, position.task_id) + b"\0"

    def deletion(self, at: datetime, task_id: TaskId) -> bytes:
        """Return the key of a task in the trash."""
        return self.of(b"D") + instant(at) + number(task_id)

    def commit(self, revision: Revision, task_id: TaskId) -> bytes:
        """Return the key of an entry of the history."""
        return self.of(b"H") + number(revision) + number(task_id)

    def entry(self, task_id: TaskId, revision: Revision) -> bytes:
        """Return the key of an entry of the history among those of its task."""
        return self.of(b"E") + number(task_id) + number(revision)

    def record(self, found_by: RecordKey) -> bytes:
        """Return the key of a record."""
        return self.of(b"R") + _record_name(found_by)

    def records(self, kind: str, *, after_key: str) -> bytes:
        """Return a key before all records of a kind with greater keys; some of the others may come after it."""
        return self.of(b"R") + kind.encode() + b"\0" + after_key.encode()[:_MAX_NAME]

    def expiry(self, expires: datetime, found_by: RecordKey) -> bytes:
        """Return the key of a record among those that expire."""
        return self.of(b"X") + instant(expires) + _record_name(found_by)

    def of_task(self, task: Task) -> list[bytes]:
        """Return the keys by which a task is found that change with it."""
        place = self.live(task.id) if task.deleted is None else self.deletion(task.deleted, task.id)
        return [place, self.change(task.revision, task.id)]

    def of_entry(self, entry: HistoryEntry) -> list[bytes]:
        """Return the keys of an entry of the history: where it is, and by which it is found."""
        return [self.commit(entry.revision, entry.task_id), self.entry(entry.task_id, entry.revision)]

    def of_record(self, record: Record) -> list[bytes]:
        """Return the keys by which a record is found that change with it."""
        return [] if record.expires is None else [self.expiry(record.expires, record.found_by)]


def _record_name(found_by: RecordKey) -> bytes:
    """Return the name of a record: a long one is cut, and a hash distinguishes it from others that begin like it."""
    name = found_by.key.encode()
    if len(name) > _MAX_NAME:
        name = name[:_MAX_NAME] + sha256(name).digest()
    return found_by.kind.encode() + b"\0" + name
