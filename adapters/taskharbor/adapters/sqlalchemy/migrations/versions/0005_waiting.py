"""The tasks that depend on others."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add an index of few tasks."""
    there = sa.text("depends_on IS NOT NULL")
    op.create_index("tasks_waiting", "tasks", ["workspace", "id"], postgresql_where=there, sqlite_where=there)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_stat1 VALUES ('tasks', 'tasks_waiting', '50000 50000 1')")
