"""The tables, defined once for both databases. Alembic's migrations make them; a test holds the two together."""

from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    UUID,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator, TypeEngine

from taskharbor.domain.search.order import FARTHEST
from taskharbor.domain.tasks.progress import Progress

metadata = MetaData()


class Words(TypeDecorator[str]):
    """What a task is found by: a tsvector in PostgreSQL. SQLite has it in a table of its own."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Import PostgreSQL's types only for PostgreSQL: they are 2 MB."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())

        from sqlalchemy.dialects.postgresql import TSVECTOR  # noqa: PLC0415

        return dialect.type_descriptor(TSVECTOR())


UidColumn = UUID(as_uuid=False).with_variant(String(36), "sqlite")
# Sorts by bytes, as SQLite's does: no locale has a say in order.
Binary = Text(collation="C").with_variant(Text(), "sqlite")
Ids = ARRAY(BigInteger).with_variant(Text(), "sqlite")

LONG_AGO: Final = -(2**61)
"""Microseconds; before any instant. Its opposite is after any."""

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("next_task_id", BigInteger, nullable=False),
    # The last revision of which a tombstone was purged: a copy that is older cannot be brought up to date.
    Column("purged_revision", BigInteger, nullable=False, server_default="0"),
    # The last revision that the history has been rid of.
    Column("forgotten_revision", BigInteger, nullable=False, server_default="0"),
    # The latest instant at which a commit was made, and how much earlier at most one with a higher revision was made.
    Column("latest_at", BigInteger, nullable=False, server_default=str(LONG_AGO)),
    Column("set_back", BigInteger, nullable=False, server_default="0"),
    # When the commit of `purged_revision` was made; its entry in the history is purged with the tombstone.
    Column("purged_at", BigInteger),
)


DUE_OR_NEVER: Final = f"coalesce(due_key, {FARTHEST})"
"""By what tasks are found that are due at some time; queries must say it just so."""


PARTIAL_INDEXES: Final = {
    "tasks_of_parent": "parent IS NOT NULL",
    "tasks_by_completion": "completed IS NOT NULL",
    "tasks_trash": "deleted IS NOT NULL",
    "tasks_waiting": "depends_on IS NOT NULL",
    "tasks_open": "is_open = 1 AND deleted IS NULL",
    "tasks_live": "deleted IS NULL",
    "records_expiry": "expires IS NOT NULL",
}
"""Which rows an index has. SQLite is told so where its tables are made, PostgreSQL in the migrations: to name an option
of a dialect here would load it, up to 3 MB and 25 ms, also where only the other one is used."""


def task_columns() -> list[Column[Any] | SchemaItem]:
    """Return new columns and constraints of a table of tasks.

    What a task is stands in `document` and `details`. The other columns repeat what is filtered and sorted by.
    Instants are microseconds since 1970 in UTC; start and due are in seconds, by three clocks: `wall` is the local time
    as if it were UTC, `utc` the instant of a zoned time, `key` the one or else the other, which sorts.
    """
    return [
        # No foreign key to workspaces: each commit updates that row, so it exists, and checking costs every insert.
        Column("workspace", String(64), nullable=False),
        Column("id", BigInteger, nullable=False),
        Column("uid", UidColumn, nullable=False),
        Column("document", Text, nullable=False),
        Column("details", Text),
        Column("title_key", Binary, nullable=False),
        Column("description_key", Binary),
        Column("progress", String(16), nullable=False),
        Column("is_open", Boolean(create_constraint=False), nullable=False),
        Column("percent_complete", SmallInteger, nullable=False),
        Column("priority", SmallInteger, nullable=False),
        Column("start_wall", BigInteger),
        Column("start_utc", BigInteger),
        Column("start_key", BigInteger),
        Column("due_wall", BigInteger),
        Column("due_utc", BigInteger),
        Column("due_key", BigInteger),
        Column("duration_seconds", BigInteger),
        Column("list", BigInteger, nullable=False),
        Column("parent", BigInteger),
        Column("depends_on", Ids),
        Column("rank", Binary, nullable=False),
        Column("comment_count", SmallInteger, nullable=False),
        Column("tag_count", SmallInteger, nullable=False),
        Column("words", Words, nullable=False),
        Column("created", BigInteger, nullable=False),
        Column("updated", BigInteger, nullable=False),
        Column("completed", BigInteger),
        Column("deleted", BigInteger),
        Column("revision", BigInteger, nullable=False),
        Column("claimed_until", BigInteger),
        UniqueConstraint("workspace", "uid", name="tasks_uid_key"),
        CheckConstraint(f"progress IN ({', '.join(repr(p.value) for p in Progress)})", name="tasks_progress_check"),
        CheckConstraint("(progress = 'completed') = (completed IS NOT NULL)", name="tasks_completed_check"),
        Index("tasks_changes", "workspace", "revision", "id"),
        # What is filtered and sorted by often. A task that is never due comes after all that are.
        Index("tasks_by_due", "workspace", text(DUE_OR_NEVER), "id"),
        Index("tasks_of_list_by_due", "workspace", "list", text(DUE_OR_NEVER), "id"),
        Index("tasks_of_list_by_rank", "workspace", "list", "rank", "id"),
        Index("tasks_by_update", "workspace", "updated", "id"),
        Index("tasks_of_parent", "workspace", "parent", "rank", "id"),
        Index("tasks_by_completion", "workspace", "completed", "id"),
        Index("tasks_trash", "workspace", "deleted", "id"),
        # What others wait for is asked of these alone.
        Index("tasks_waiting", "workspace", "id"),
        # Who takes the first task to be done must not pass over all that are done.
        Index("tasks_open", "workspace", "id"),
        # What a page skips is counted here, and not read.
        Index("tasks_live", "workspace", "id"),
    ]


tasks = Table(
    "tasks",
    metadata,
    *task_columns(),
    PrimaryKeyConstraint("workspace", "id", name="tasks_pkey"),
)
Index("tasks_words", tasks.c.words)

records = Table(
    "records",
    metadata,
    Column("workspace", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("key", Binary, nullable=False),
    Column("document", Text),
    Column("expires", BigInteger),
    Column("revision", BigInteger, nullable=False),
    PrimaryKeyConstraint("workspace", "kind", "key", name="records_pkey"),
    Index("records_expiry", "workspace", "expires"),
)

history = Table(
    "history",
    metadata,
    Column("workspace", String(64), nullable=False),
    Column("task_id", BigInteger, nullable=False),
    Column("previous", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("command", String(64), nullable=False),
    Column("actor", Text),
    Column("changes", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    PrimaryKeyConstraint("workspace", "task_id", "revision", name="history_pkey"),
    # With `at`, so that finding the revision at an instant need not read the rows.
    Index("history_commits", "workspace", "revision", "at"),
)
