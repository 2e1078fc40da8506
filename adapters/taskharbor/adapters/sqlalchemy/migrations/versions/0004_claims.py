"""When claims on tasks end, and the open tasks in order."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add a column and an index. No task has a claim yet: documents stay as they are."""
    op.add_column("tasks", sa.Column("claimed_until", sa.BigInteger))
    op.create_index(
        "tasks_open",
        "tasks",
        ["workspace", "id"],
        postgresql_where=sa.text("is_open AND deleted IS NULL"),
        sqlite_where=sa.text("is_open = 1 AND deleted IS NULL"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_stat1 VALUES ('tasks', 'tasks_open', '500000 500000 1')")
