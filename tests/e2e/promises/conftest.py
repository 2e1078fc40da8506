"""What tests of promises share."""

from e2e.promises.databases import database

__all__ = ["database"]
