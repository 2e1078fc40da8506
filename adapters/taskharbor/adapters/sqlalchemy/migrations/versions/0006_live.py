"""The tasks that are not deleted."""

from alembic import op

from taskharbor.adapters.sqlalchemy.migrations.online import add_index

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add an index in which what a page skips is counted."""
    add_index("tasks_live", "tasks", ["workspace", "id"], where="deleted IS NULL")
    if op.get_context().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_stat1 VALUES ('tasks', 'tasks_live', '900000 900000 1')")
