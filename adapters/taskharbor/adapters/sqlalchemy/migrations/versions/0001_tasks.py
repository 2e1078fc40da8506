"""Workspaces and tasks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP, UUID

revision = "0001"
down_revision = None

instant = TIMESTAMP(timezone=True).with_variant(sa.String(32), "sqlite")
uid = UUID(as_uuid=False).with_variant(sa.String(36), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("next_task_id", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "tasks",
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("uid", uid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text),
        sa.Column("progress", sa.String(16), nullable=False),
        sa.Column("percent_complete", sa.SmallInteger, nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("start_local", sa.String(19)),
        sa.Column("start_zone", sa.String(64)),
        sa.Column("due_local", sa.String(19)),
        sa.Column("due_zone", sa.String(64)),
        sa.Column("estimated_duration", sa.String(64)),
        sa.Column("tags", sa.Text),
        sa.Column("links", sa.Text),
        sa.Column("reminders", sa.Text),
        sa.Column("created", instant, nullable=False),
        sa.Column("updated", instant, nullable=False),
        sa.Column("completed", instant),
        sa.Column("deleted", instant),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name="tasks_pkey"),
        sa.UniqueConstraint("workspace", "uid", name="tasks_uid_key"),
        sa.CheckConstraint(
            "progress IN ('needs-action', 'in-process', 'completed', 'cancelled')", name="tasks_progress_check"
        ),
        sa.CheckConstraint("(progress = 'completed') = (completed IS NOT NULL)", name="tasks_completed_check"),
    )
    op.create_index("tasks_changes", "tasks", ["workspace", "revision", "id"])
