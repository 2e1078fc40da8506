"""Tasks in a SQLite file."""

from taskharbor.adapters.sqlalchemy.sqlite.storage import SqliteStorage

__all__ = ["SqliteStorage"]
