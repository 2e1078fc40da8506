"""The schema's versions: what a database has, what this release needs, and the way from one to the other."""

from taskharbor.adapters.sqlalchemy.migrations.schema import check, current, head, prepare, upgrade

__all__ = ["check", "current", "head", "prepare", "upgrade"]
