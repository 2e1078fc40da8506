"""When the last commit was made of which a tombstone was purged."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column."""
    op.add_column("workspaces", sa.Column("purged_at", sa.BigInteger))
