"""What PostgreSQL says in its own way."""

from typing import Final

from sqlalchemy import ColumnElement, Dialect, and_, any_, exists, select
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

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
