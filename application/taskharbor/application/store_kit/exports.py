"""All of the kit, which `taskharbor.application.ports` shows. Our own stores import the modules that they use."""

from taskharbor.application.store_kit.key_value import (
    BufferedTransaction,
    KeyValueStorage,
    KeyValueStore,
    KeyValueTransaction,
    TransactionConflict,
)
from taskharbor.application.store_kit.pace import Pace
from taskharbor.application.store_kit.scan import Candidates, FoundTask, count_among, facets_among, find_among
from taskharbor.application.store_kit.scan_in_turns import count_in_turns, facets_in_turns, find_in_turns
from taskharbor.application.store_kit.scanning_storage import Scan, ScanningStorage
from taskharbor.application.store_kit.search_tokens import (
    assignee_token,
    dependency_token,
    index_tokens,
    same_tokens,
    tag_token,
    word_token,
)

__all__ = [
    "BufferedTransaction",
    "Candidates",
    "FoundTask",
    "KeyValueStorage",
    "KeyValueStore",
    "KeyValueTransaction",
    "Pace",
    "Scan",
    "ScanningStorage",
    "TransactionConflict",
    "assignee_token",
    "count_among",
    "count_in_turns",
    "dependency_token",
    "facets_among",
    "facets_in_turns",
    "find_among",
    "find_in_turns",
    "index_tokens",
    "same_tokens",
    "tag_token",
    "word_token",
]
