"""How many new words PostgreSQL puts aside before they are in the index."""

from alembic import op

from taskharbor.adapters.sqlalchemy.migrations.online import PROGRESS

revision = "0007"
down_revision = "0006"

KILOBYTES = 128
"""Each search goes through what is put aside; who adds more than this puts all of it into the index. PostgreSQL's own
limit is 4 MB: after 6,000 new tasks a search that takes 0.09 ms took 6 to 10, until autovacuum came."""


def upgrade() -> None:
    """Set the limit. It holds for tasks to come."""
    if op.get_context().dialect.name == "sqlite":
        return
    PROGRESS.info("Limiting the list of new words")
    op.execute(f"ALTER INDEX tasks_words SET (gin_pending_list_limit = {KILOBYTES})")
