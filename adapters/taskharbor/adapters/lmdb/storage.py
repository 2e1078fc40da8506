"""A storage in a folder."""

from pathlib import Path

from taskharbor.adapters.lmdb.key_value_store import LmdbKeyValueStore
from taskharbor.application.store_kit.key_value import KeyValueStorage


class LmdbStorage(KeyValueStorage):
    """Tasks in an LMDB environment, which several processes may have open, but each once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(LmdbKeyValueStore(folder))
