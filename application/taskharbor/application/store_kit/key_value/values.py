"""What stands under the keys: JSON."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from taskharbor.application.documents.task_document import details_of, document_of, task_from
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_history import HistoryBounds, HistoryEntry
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision
from taskharbor.domain.tasks.task import Task


@frozen(kw_only=True)
class Head:
    """What is known of a workspace as a whole.

    Attributes:
        writes: how many transactions have written it: no two heads of a workspace are equal.
        purges: how many of them were purges.
        revision: see `HistoryBounds`.
        purged_revision: see `HistoryBounds`.
        forgotten_revision: see `HistoryBounds`.
        purged_at: see `HistoryBounds`; ISO 8601.
        at: see `ChangeSlice`; ISO 8601.
    """

    writes: int = 0
    purges: int = 0
    revision: Revision = 0
    purged_revision: Revision = 0
    forgotten_revision: Revision = 0
    purged_at: str | None = None
    at: str | None = None

    @property
    def bounds(self) -> HistoryBounds:
        """How far the memory goes."""
        return HistoryBounds(
            revision=self.revision,
            purged_revision=self.purged_revision,
            forgotten_revision=self.forgotten_revision,
            purged_at=instant_from(self.purged_at),
        )


class StoredTask:
    """A task as it is stored, decoded when it is asked for."""

    def __init__(self, value: bytes) -> None:
        self._document, self._details, self._deleted, self._revision = json.loads(value)

    def task(self) -> Task:
        """Return the task."""
        deleted = instant_from(self._deleted)
        return task_from(self._document, self._details, deleted=deleted, revision=self._revision)

    def view(self, *, blocked: bool) -> TaskView:
        """Return what readers see of it."""
        return TaskView(self._document, self._revision, blocked=blocked)


def task_value(task: Task, document: str | None = None) -> bytes:
    """Return the value of a task; its document may be there already."""
    document = document_of(task) if document is None else document
    return _json([document, details_of(task), instant_text(task.deleted), task.revision])


def head_value(head: Head) -> bytes:
    """Return the value of a head."""
    return _json(asdict(head))


def head_from(value: bytes | None) -> Head:
    """Return the head that has this value; that of a new workspace if there is none."""
    return Head() if value is None else Head(**json.loads(value))


def record_value(record: Record) -> bytes:
    """Return the value of a record."""
    return _json(asdict(record) | {"expires": instant_text(record.expires)})


def record_from(value: bytes) -> Record:
    """Return the record that has this value."""
    found = json.loads(value)
    return Record(**found | {"expires": instant_from(found["expires"])})


def entry_value(entry: HistoryEntry) -> bytes:
    """Return the value of an entry of the history."""
    return _json(asdict(entry) | {"at": instant_text(entry.at)})


def entry_from(value: bytes) -> HistoryEntry:
    """Return the entry that has this value."""
    found = json.loads(value)
    return HistoryEntry(**found | {"at": instant_from(found["at"])})


def _json(value: Any) -> bytes:  # noqa: ANN401 - as json.dumps
    return json.dumps(value, separators=(",", ":")).encode()


def instant_text(at: datetime | None) -> str | None:
    """Return the text of an instant."""
    return None if at is None else at.isoformat()


def instant_from(text: str | None) -> datetime | None:
    """Return the instant of a text."""
    return None if text is None else datetime.fromisoformat(text)
