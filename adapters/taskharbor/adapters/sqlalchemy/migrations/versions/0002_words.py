"""Words in scripts without spaces, emoji, and what apostrophes and hyphens join."""

from alembic import op

from taskharbor.adapters.sqlalchemy.migrations.reindexing import reindex
from taskharbor.adapters.sqlalchemy.postgres.array_rows import words_text as words_of_postgres
from taskharbor.adapters.sqlalchemy.sqlite.search_dialect import words_text as words_of_sqlite

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the words of all tasks anew."""
    if op.get_bind().dialect.name == "sqlite":
        reindex(op.get_bind(), words_of_sqlite)
        return
    with op.get_context().autocommit_block():
        reindex(op.get_bind(), words_of_postgres)
