"""The schema's versions: what a database has, what this release needs, and the way from one to the other."""

from taskharbor.adapters.sqlalchemy.migrations.schema import HEAD, MigratedDatabase, prepare, require_known

__all__ = ["HEAD", "MigratedDatabase", "prepare", "require_known"]
