"""The PostgreSQL dialect: SQL that differs from SQLite's."""

from typing import Final

from sqlalchemy import ColumnElement, Dialect, and_, any_, exists, func, select
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from taskharbor.adapters.sqlalchemy.queries.task_queries import WORKSPACE
from taskharbor.adapters.sqlalchemy.tables import tasks

DIALECT: Final[Dialect] = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its __init__ untyped

_needed = tasks.alias("needed")

BLOCKED: Final[ColumnElement[bool]] = and_(
    tasks.c.depends_on.is_not(None),
    exists(
        select(_needed.c.id).where(
            _needed.c.workspace == tasks.c.workspace,
            _needed.c.id == any_(tasks.c.depends_on),
            _needed.c.is_open,
            _needed.c.deleted.is_(None),
        )
    ),
)
"""Whether a task that this one depends on is live and open."""

_waiting = tasks.alias("waiting")

BLOCKING: Final[ColumnElement[bool]] = tasks.c.id.in_(
    # Asked once for all rows, and hashed: it does not look at the row, and DISTINCT lets the planner expect few.
    select(func.unnest(_waiting.c.depends_on))
    .distinct()
    .where(
        _waiting.c.workspace == WORKSPACE,
        _waiting.c.depends_on.is_not(None),
        _waiting.c.is_open,
        _waiting.c.deleted.is_(None),
    )
)
"""Whether a live, open task depends on this one."""
