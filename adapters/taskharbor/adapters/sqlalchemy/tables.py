"""The tables, defined once for both databases. Alembic's migrations make them; a test holds the two together."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP, UUID

from taskharbor.domain.progress import Progress

metadata = MetaData()

# SQLite has no type for an instant: ISO 8601 in UTC with six decimals sorts as text.
Instant = TIMESTAMP(timezone=True).with_variant(String(32), "sqlite")
UidColumn = UUID(as_uuid=False).with_variant(String(36), "sqlite")

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("next_task_id", BigInteger, nullable=False),
)

# No foreign key to workspaces: each commit updates that row, so it exists, and checking it again costs every insert.
tasks = Table(
    "tasks",
    metadata,
    Column("workspace", String(64), nullable=False),
    Column("id", BigInteger, nullable=False),
    Column("uid", UidColumn, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text),
    Column("progress", String(16), nullable=False),
    Column("percent_complete", SmallInteger, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    # A local date or date-time as text, which sorts; the zone's name only if it is zoned.
    Column("start_local", String(19)),
    Column("start_zone", String(64)),
    Column("due_local", String(19)),
    Column("due_zone", String(64)),
    Column("estimated_duration", String(64)),
    # JSON in the wire form, null if there are none.
    Column("tags", Text),
    Column("links", Text),
    Column("reminders", Text),
    Column("created", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("completed", Instant),
    Column("deleted", Instant),
    Column("revision", BigInteger, nullable=False),
    PrimaryKeyConstraint("workspace", "id", name="tasks_pkey"),
    UniqueConstraint("workspace", "uid", name="tasks_uid_key"),
    CheckConstraint(f"progress IN ({', '.join(repr(p.value) for p in Progress)})", name="tasks_progress_check"),
    Index("tasks_changes", "workspace", "revision", "id"),
    CheckConstraint("(progress = 'completed') = (completed IS NOT NULL)", name="tasks_completed_check"),
)
