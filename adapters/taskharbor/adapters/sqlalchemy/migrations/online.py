"""Migrations of a PostgreSQL that is in use: no step keeps others waiting, and each can be done again."""

import logging
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

PROGRESS: Final = logging.getLogger("taskharbor.migrations")
"""Says how far a migration is."""

LOCK_SECONDS: Final = 1
"""How long a change of a table waits for its lock: whatever comes after it waits as well, and for little longer."""

LOCK_IN_TIME: Final = f"SET lock_timeout = '{LOCK_SECONDS}s'"


def add_index(name: str, table: str, columns: Sequence[str], *, where: str, where_in_sqlite: str | None = None) -> None:
    """Add a partial index without a lock that writers would wait for.

    Put it first in a migration: what comes before it is committed. One that a broken-off attempt has left is made anew.
    """
    if op.get_context().dialect.name == "sqlite":
        op.create_index(name, table, columns, sqlite_where=sa.text(where_in_sqlite or where))
        return
    PROGRESS.info("Adding the index %s", name)
    with op.get_context().autocommit_block():
        # It waits for transactions that have begun before, a backup say, and nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.create_index(name, table, columns, postgresql_where=sa.text(where), postgresql_concurrently=True)
        op.execute(LOCK_IN_TIME)
