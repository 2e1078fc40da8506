"""Tasks in an LMDB environment (extra `lmdb`)."""

from taskharbor.adapters.lmdb.key_value_store import LmdbKeyValueStore
from taskharbor.adapters.lmdb.storage import LmdbStorage

__all__ = ["LmdbKeyValueStore", "LmdbStorage"]
