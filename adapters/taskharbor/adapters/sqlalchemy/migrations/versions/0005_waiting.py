"""The tasks that depend on others."""

from alembic import op

from taskharbor.adapters.sqlalchemy.migrations.online import add_index

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add an index of few tasks."""
    add_index("tasks_waiting", "tasks", ["workspace", "id"], where="depends_on IS NOT NULL")
    if op.get_context().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_stat1 VALUES ('tasks', 'tasks_waiting', '50000 50000 1')")
