"""The schema's versions: what a database has, what this release needs, and the way from one to the other."""

from taskharbor.adapters.sqlalchemy.migrations.schema import HEAD, MigratedDatabase, oldest_in, prepare, require_usable

__all__ = ["HEAD", "MigratedDatabase", "oldest_in", "prepare", "require_usable"]
