"""How places in the past become numbers, and the way back."""

from collections.abc import Sequence
from typing import Any

from taskharbor.adapters.sqlalchemy.rows.task_rows import microseconds_of
from taskharbor.application.ports.task_history import Extent
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.domain.identifiers import MAX_ID


def extent_from_rows(rows: Sequence[Sequence[Any]]) -> Extent:
    """Return what `read_extent` answers; a workspace that is not there is new."""
    if not rows:
        return Extent()
    revision, purged, forgotten = rows[0]
    return Extent(revision=revision, purged_revision=purged, forgotten_revision=forgotten)


def place_of(position: DeletedPosition | None) -> tuple[int, int]:
    """Return a place in the trash as columns hold it; None is before all."""
    if position is None:
        return MAX_ID, MAX_ID
    return microseconds_of(position.deleted), position.task_id
