"""How records and entries of the history become rows, and the way back."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from taskharbor.adapters.sqlalchemy.rows.task_rows import instant_from, microseconds_of
from taskharbor.adapters.sqlalchemy.tables import history, records
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_history import HistoryBounds, HistoryEntry
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.domain.identifiers import MAX_ID

Row: TypeAlias = Sequence[Any]

RECORD_COLUMNS: Final = (records.c.kind, records.c.key, records.c.document, records.c.expires, records.c.revision)
"""What `record_to_row` fills, and `record_from_row` reads, in their order."""

HISTORY_COLUMNS: Final = (
    history.c.task_id,
    history.c.previous,
    history.c.at,
    history.c.command,
    history.c.actor,
    history.c.changes,
)
"""What `entry_to_row` fills, in its order."""

ENTRY_COLUMNS: Final = (*HISTORY_COLUMNS, history.c.revision)
"""What `entry_from_row` reads, in its order."""


def record_to_row(record: Record) -> Row:
    """Return the values of `RECORD_COLUMNS`; the revision is the one at which the record was read."""
    expires = None if record.expires is None else microseconds_of(record.expires)
    return record.kind, record.key, record.document, expires, record.revision


def record_from_row(row: Row) -> Record:
    """Return the record of a row of `RECORD_COLUMNS`."""
    kind, key, document, expires, revision = row
    return Record(
        kind=kind,
        key=key,
        document=document,
        expires=None if expires is None else instant_from(expires),
        revision=revision,
    )


def entry_to_row(entry: HistoryEntry) -> Row:
    """Return the values of `HISTORY_COLUMNS`."""
    return entry.task_id, entry.previous, microseconds_of(entry.at), entry.command, entry.actor, entry.changes


def entry_from_row(row: Row) -> HistoryEntry:
    """Return the entry of a row of `ENTRY_COLUMNS`."""
    task_id, previous, at, command, actor, changes, revision = row
    return HistoryEntry(
        task_id=task_id,
        revision=revision,
        previous=previous,
        at=instant_from(at),
        command=command,
        actor=actor,
        changes=changes,
    )


def history_bounds_from_rows(rows: Sequence[Sequence[Any]]) -> HistoryBounds:
    """Return what `read_history_bounds` answers; a workspace that is not there is new."""
    if not rows:
        return HistoryBounds()
    revision, purged, forgotten, purged_at = rows[0]
    return HistoryBounds(
        revision=revision,
        purged_revision=purged,
        forgotten_revision=forgotten,
        purged_at=None if purged_at is None else instant_from(purged_at),
    )


def place_of(position: DeletedPosition | None) -> tuple[int, int]:
    """Return a place in the trash as columns hold it; None is before all."""
    if position is None:
        return MAX_ID, MAX_ID
    return microseconds_of(position.deleted), position.task_id
