"""A whole store on sorted keys: `KeyValueStorage`, and the small port `KeyValueStore` below it."""

from taskharbor.application.store_kit.key_value.buffered import BufferedTransaction
from taskharbor.application.store_kit.key_value.port import KeyValueStore, KeyValueTransaction, TransactionConflict
from taskharbor.application.store_kit.key_value.storage import KeyValueStorage

__all__ = ["BufferedTransaction", "KeyValueStorage", "KeyValueStore", "KeyValueTransaction", "TransactionConflict"]
