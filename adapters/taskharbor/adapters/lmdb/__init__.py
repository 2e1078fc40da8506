"""Tasks in an LMDB environment (extra `lmdb`)."""

try:
    from taskharbor.adapters.lmdb.key_value_store import LmdbKeyValueStore
    from taskharbor.adapters.lmdb.storage import LmdbStorage
except ModuleNotFoundError as missing:
    raise ImportError(f"a store in LMDB needs {missing.name}: pip install 'taskharbor[lmdb]'") from missing

__all__ = ["LmdbKeyValueStore", "LmdbStorage"]
