"""A transaction for stores that are given everything at its end."""

from abc import abstractmethod
from collections.abc import Collection, Mapping

from taskharbor.application.store_kit.key_value.port import KeyValueTransaction, TransactionConflict


class BufferedTransaction(KeyValueTransaction):
    """Keeps in mind what was got and what is to be written. A store adds `read` and `range`.

    Attributes:
        writes: what to write at the end: values by their keys, None for what is to be removed.
        expected: the values of the keys that were got; None for those that were not there.
    """

    def __init__(self) -> None:
        self.writes: dict[bytes, bytes | None] = {}
        self.expected: dict[bytes, bytes | None] = {}

    @abstractmethod
    async def read(self, keys: Collection[bytes]) -> Mapping[bytes, bytes]:
        """Return the values of those of the keys that exist in the snapshot."""
        ...

    # ruff: noqa: D102 - they are the port's methods

    async def get(self, keys: Collection[bytes]) -> Mapping[bytes, bytes]:
        found = await self.read(keys)
        self.expected.update((key, found.get(key)) for key in keys)
        return found

    def put(self, key: bytes, value: bytes) -> None:
        self.writes[key] = value

    def delete(self, key: bytes) -> None:
        self.writes[key] = None

    def compared(self) -> dict[bytes, bytes | None]:
        """Return what must still be so when it commits: the values of the keys that it got and puts."""
        return {
            key: self.expected[key] for key, value in self.writes.items() if value is not None and key in self.expected
        }

    def refuse_conflict(self, current: Mapping[bytes, bytes | None]) -> None:
        """Raise `TransactionConflict` unless the values of the compared keys are what they were."""
        if any(current.get(key) != value for key, value in self.compared().items()):
            raise TransactionConflict
