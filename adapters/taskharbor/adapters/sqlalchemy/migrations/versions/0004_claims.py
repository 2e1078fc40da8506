"""When claims on tasks end, and the open tasks in order."""

import sqlalchemy as sa
from alembic import op

from taskharbor.adapters.sqlalchemy.migrations.online import add_index

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add an index and a column. No task has a claim yet: documents stay as they are."""
    add_index(
        "tasks_open",
        "tasks",
        ["workspace", "id"],
        where="is_open AND deleted IS NULL",
        where_in_sqlite="is_open = 1 AND deleted IS NULL",
    )
    op.add_column("tasks", sa.Column("claimed_until", sa.BigInteger))
    if op.get_context().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_stat1 VALUES ('tasks', 'tasks_open', '500000 500000 1')")
