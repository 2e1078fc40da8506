"""Tasks in PostgreSQL."""

from taskharbor.adapters.sqlalchemy.postgres.storage import PostgresStorage

__all__ = ["PostgresStorage"]
