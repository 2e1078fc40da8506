"""When the last commit was made of which a tombstone was purged."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column."""
    op.add_column("workspaces", sa.Column("purged_at", sa.BigInteger))
