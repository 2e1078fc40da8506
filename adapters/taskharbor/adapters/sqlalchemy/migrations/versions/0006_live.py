"""The tasks that are not deleted, in a SQLite file."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add an index in which what a page skips is counted."""
    if op.get_context().dialect.name == "sqlite":
        op.create_index("tasks_live", "tasks", ["workspace", "id"], sqlite_where=sa.text("deleted IS NULL"))
        op.execute("INSERT INTO sqlite_stat1 VALUES ('tasks', 'tasks_live', '900000 900000 1')")
