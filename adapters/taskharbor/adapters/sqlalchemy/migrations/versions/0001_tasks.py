"""Workspaces, tasks, records and the history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR, UUID

revision = "0001"
down_revision = None

binary = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
ids = ARRAY(sa.BigInteger).with_variant(sa.Text(), "sqlite")
words = TSVECTOR().with_variant(sa.Text(), "sqlite")
uid = UUID(as_uuid=False).with_variant(sa.String(36), "sqlite")

FULL_TEXT_INDEX_OF_SQLITE = (
    (
        "CREATE VIRTUAL TABLE task_words USING fts5"
        "(words, content='tasks', content_rowid='row', tokenize='ascii', detail='none', columnsize=0)"
    ),
    (
        "CREATE TRIGGER tasks_changed AFTER UPDATE OF words ON tasks WHEN old.words <> new.words BEGIN "
        "INSERT INTO task_words (task_words, rowid, words) VALUES ('delete', old.row, old.words); "
        "INSERT INTO task_words (rowid, words) VALUES (new.row, new.words); END"
    ),
    (
        "CREATE TRIGGER tasks_removed AFTER DELETE ON tasks BEGIN "
        "INSERT INTO task_words (task_words, rowid, words) VALUES ('delete', old.row, old.words); END"
    ),
)

STATISTICS_OF_SQLITE = (
    "ANALYZE sqlite_master",
    "DELETE FROM sqlite_stat1",
    """INSERT INTO sqlite_stat1 VALUES
        ('tasks', 'sqlite_autoindex_tasks_1', '1000000 1000000 1'),
        ('tasks', 'task_ids', '1000000 1000000 1'),
        ('tasks', 'tasks_changes', '1000000 1000000 2 1'),
        ('tasks', 'tasks_by_due', '1000000 1000000 100 1'),
        ('tasks', 'tasks_of_list_by_due', '1000000 1000000 50000 10 1'),
        ('tasks', 'tasks_of_list_by_rank', '1000000 1000000 50000 1 1'),
        ('tasks', 'tasks_by_update', '1000000 1000000 2 1'),
        ('tasks', 'tasks_of_parent', '100000 100000 5 1 1'),
        ('tasks', 'tasks_by_completion', '500000 500000 2 1')""",
)

# Until PostgreSQL has looked at a new table itself, it takes a workspace for a handful of rows, would rather read all
# of it than use a key, and keeps such plans while the table grows. So it looks at rows that say otherwise.
STATISTICS_OF_POSTGRES = (
    "ALTER TABLE tasks ALTER workspace SET (n_distinct = 1)",
    "ALTER TABLE history ALTER workspace SET (n_distinct = 1)",
    """INSERT INTO tasks (workspace, id, uid, document, title_key, progress, is_open, percent_complete, priority,
        list, rank, comment_count, tag_count, words, created, updated, revision) VALUES
        ('', 1, '00000000-0000-0000-0000-000000000000', '', '', 'needs-action', true, 0, 0, 1, '', 0, 0, '', 0, 0, 0)
    """,
    """INSERT INTO history (workspace, task_id, previous, at, command, changes, revision)
        VALUES ('', 1, 0, 0, '', '', 0)""",
    "ANALYZE tasks (workspace, id, deleted)",
    "ANALYZE history (workspace)",
    "ALTER TABLE tasks ALTER workspace RESET (n_distinct)",
    "ALTER TABLE history ALTER workspace RESET (n_distinct)",
    # What has been made in this very transaction would be emptied on the spot, and known to be empty. Thus it is new.
    "SAVEPOINT looked_at",
    "TRUNCATE tasks, history",
    "RELEASE looked_at",
)


def upgrade() -> None:
    """Make the tables."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("next_task_id", sa.BigInteger, nullable=False),
        sa.Column("purged_revision", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("forgotten_revision", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("latest_at", sa.BigInteger, nullable=False, server_default=str(-(2**61))),
        sa.Column("set_back", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_table(
        "records",
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key", binary, nullable=False),
        sa.Column("document", sa.Text),
        sa.Column("expires", sa.BigInteger),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "kind", "key", name="records_pkey"),
    )
    _create_partial_index("records_expiry", "records", ["workspace", "expires"], "expires IS NOT NULL")
    op.create_table(
        "history",
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("task_id", sa.BigInteger, nullable=False),
        sa.Column("previous", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("command", sa.String(64), nullable=False),
        sa.Column("actor", sa.Text),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "task_id", "revision", name="history_pkey"),
    )
    op.create_index("history_commits", "history", ["workspace", "revision", "at"])
    op.create_table(
        "tasks",
        *([sa.Column("row", sa.Integer, primary_key=True)] if on_sqlite else []),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("uid", uid, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("details", sa.Text),
        sa.Column("title_key", binary, nullable=False),
        sa.Column("description_key", binary),
        sa.Column("progress", sa.String(16), nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("percent_complete", sa.SmallInteger, nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("start_wall", sa.BigInteger),
        sa.Column("start_utc", sa.BigInteger),
        sa.Column("start_key", sa.BigInteger),
        sa.Column("due_wall", sa.BigInteger),
        sa.Column("due_utc", sa.BigInteger),
        sa.Column("due_key", sa.BigInteger),
        sa.Column("duration_seconds", sa.BigInteger),
        sa.Column("list", sa.BigInteger, nullable=False),
        sa.Column("parent", sa.BigInteger),
        sa.Column("depends_on", ids),
        sa.Column("rank", binary, nullable=False),
        sa.Column("comment_count", sa.SmallInteger, nullable=False),
        sa.Column("tag_count", sa.SmallInteger, nullable=False),
        sa.Column("words", words, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("completed", sa.BigInteger),
        sa.Column("deleted", sa.BigInteger),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("workspace", "uid", name="tasks_uid_key"),
        sa.CheckConstraint(
            "progress IN ('needs-action', 'in-process', 'completed', 'cancelled')", name="tasks_progress_check"
        ),
        sa.CheckConstraint("(progress = 'completed') = (completed IS NOT NULL)", name="tasks_completed_check"),
    )
    if on_sqlite:
        op.create_index("task_ids", "tasks", ["workspace", "id"], unique=True)
    op.create_index("tasks_changes", "tasks", ["workspace", "revision", "id"])
    due_or_never = sa.text("coalesce(due_key, 4611686018427387904)")
    op.create_index("tasks_by_due", "tasks", ["workspace", due_or_never, "id"])
    op.create_index("tasks_of_list_by_due", "tasks", ["workspace", "list", due_or_never, "id"])
    op.create_index("tasks_of_list_by_rank", "tasks", ["workspace", "list", "rank", "id"])
    op.create_index("tasks_by_update", "tasks", ["workspace", "updated", "id"])
    for name, column, then in (("tasks_of_parent", "parent", ["rank"]), ("tasks_by_completion", "completed", [])):
        there = sa.text(f"{column} IS NOT NULL")
        columns = ["workspace", column, *then, "id"]
        op.create_index(name, "tasks", columns, postgresql_where=there, sqlite_where=there)
    _create_partial_index("tasks_trash", "tasks", ["workspace", "deleted", "id"], "deleted IS NOT NULL")
    if on_sqlite:
        for statement in (*FULL_TEXT_INDEX_OF_SQLITE, *STATISTICS_OF_SQLITE):
            op.execute(statement)
    else:
        op.create_index("tasks_words", "tasks", ["words"], postgresql_using="gin")
        # Last: of indexes that seem to cost the same, as they all do for a new table, PostgreSQL takes the youngest.
        op.create_primary_key("tasks_pkey", "tasks", ["workspace", "id"])
        for statement in STATISTICS_OF_POSTGRES:
            op.execute(statement)


def _create_partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(condition), sqlite_where=sa.text(condition))
