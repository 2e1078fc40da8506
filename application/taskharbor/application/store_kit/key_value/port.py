"""The port below `KeyValueStorage`: sorted keys in transactions."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class TransactionConflict(Exception):
    """Another transaction has changed a key that this one read and put."""


class KeyValueTransaction(Protocol):
    """Reads of one snapshot, and writes that are made together when the transaction ends."""

    @abstractmethod
    async def get(self, keys: Collection[bytes]) -> Mapping[bytes, bytes]:
        """Return the values of those of the keys that exist. What this transaction puts itself is not seen."""
        ...

    @abstractmethod
    async def range(
        self, start: bytes, end: bytes, *, limit: int | None = None, reverse: bool = False
    ) -> Sequence[tuple[bytes, bytes]]:
        """Return up to `limit` keys from `start` up to but excluding `end`, and their values.

        They are sorted by their bytes, with `reverse` the last one first. What this transaction puts itself is not
        seen.
        """
        ...

    @abstractmethod
    def put(self, key: bytes, value: bytes) -> None:
        """Write a key when the transaction ends."""
        ...

    @abstractmethod
    def delete(self, key: bytes) -> None:
        """Remove a key, if it is there, when the transaction ends."""
        ...


class KeyValueStore(Protocol):
    """Keys of up to 400 bytes and their values, shared by all who have it open."""

    @abstractmethod
    async def open(self) -> None:
        """Connect.

        Raises:
            StoreUnavailable: if it cannot be reached.
        """
        ...

    @abstractmethod
    async def aclose(self) -> None:
        """Finish what has been sent and let go of every resource. Closing twice is allowed."""
        ...

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager[KeyValueTransaction]:
        """Begin a transaction; leaving it commits it, leaving it with an error writes nothing.

        All that it reads is one snapshot, which has every commit that ended before. Its writes are atomic and durable
        when it has been left. Serialisable is more than is needed: it must be refused if a key that it has both got
        and put has changed meanwhile. To compare that key's value with the one that was got is enough, as
        `KeyValueStorage` never puts a value again that such a key has had; it puts one key like that in each
        transaction that writes.

        Nothing blocks the event loop. A transaction may be cancelled anywhere; while it commits, it is committed whole
        or not at all.

        Raises:
            TransactionConflict: on leaving, if it is refused.
            StoreUnavailable: if the store cannot be asked, is closed, or has no room.
        """
        ...
