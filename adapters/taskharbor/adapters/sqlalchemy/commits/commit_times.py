"""When commits were made, and how far clocks were set back in between.

A workspace remembers two things: the latest instant at which one of its commits was made, and by how much at most a
commit was made before one with a lower revision, as it happens with several machines and whenever a clock is set. With
that, the revision at an instant is found by halving; `past_reads.find_revision` says how.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, bindparam

from taskharbor.adapters.sqlalchemy.rows.task_rows import microseconds_of
from taskharbor.adapters.sqlalchemy.tables import LONG_AGO, workspaces
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.domain.frozen import frozen

EARLIEST: Final = bindparam("earliest", type_=BigInteger)
LATEST: Final = bindparam("latest", type_=BigInteger)
SET_BACK: Final = bindparam("set_back", type_=BigInteger)


@frozen
class CommitTimes:
    """When some commits were made, in the order of their revisions. All in microseconds.

    Attributes:
        earliest: the least; later than any if there are none.
        latest: the greatest; earlier than any if there are none.
        set_back: by how much at most one of them was made before another one with a lower revision.
    """

    earliest: int
    latest: int
    set_back: int

    @classmethod
    def of(cls, entries: Sequence[HistoryEntry]) -> "CommitTimes":
        """Return when the commits of these entries were made."""
        earliest, latest, set_back = -LONG_AGO, LONG_AGO, 0
        for at, _ in groupby([entry.at for entry in entries]):
            moment = microseconds_of(at)
            earliest, latest = min(earliest, moment), max(latest, moment)
            set_back = max(set_back, latest - moment)
        return cls(earliest, latest, set_back)


def times_taken(greatest: Any) -> dict[str, ColumnElement[int]]:
    """Return the columns of a workspace once commits have been made.

    Args:
        greatest: the function of the dialect that returns the greatest of its arguments.
    """
    before = workspaces.c.latest_at
    return {
        "set_back": greatest(workspaces.c.set_back, before - EARLIEST, SET_BACK),
        "latest_at": greatest(before, LATEST),
    }
