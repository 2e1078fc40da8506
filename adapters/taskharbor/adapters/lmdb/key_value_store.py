"""Sorted keys in LMDB: its calls are made in one thread for each environment, so that none blocks the event loop."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import lmdb

from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.store_kit.key_value import BufferedTransaction, KeyValueStore, KeyValueTransaction

T = TypeVar("T")

MAP_SIZE: Final = 2**36
"""To how many bytes an environment can grow (64 GiB of addresses; the file is as large as what is in it)."""

_MAX_READERS: Final = 1024
"""How many snapshots all processes can read at once."""
_MAX_TRANSACTIONS: Final = 64
"""How many of them one process does; the others wait."""


class LmdbKeyValueStore(KeyValueStore):
    """An LMDB environment in a folder, which is made if need be.

    A transaction reads the snapshot of a reader; what it writes is compared and written in one call at its end.
    """

    # ruff: noqa: D102 - they are the port's methods

    def __init__(self, folder: Path, *, map_size: int = MAP_SIZE) -> None:
        self._folder = folder
        self._map_size = map_size
        self._places = asyncio.Semaphore(_MAX_TRANSACTIONS)
        self._thread: ThreadPoolExecutor | None = None
        self._environment: lmdb.Environment | None = None
        self._file: tuple[int, int] | None = None

    async def open(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lmdb")
        try:
            self._environment = await self.call(self._opened)
        except BaseException:
            self._thread.shutdown(wait=False)
            self._thread = None
            raise

    def _opened(self) -> lmdb.Environment:
        self._folder.mkdir(parents=True, exist_ok=True)
        environment = lmdb.open(str(self._folder), map_size=self._map_size, max_readers=_MAX_READERS, readahead=False)
        environment.reader_check()  # the snapshots of processes that were killed
        self._file = self._file_at_path()
        return environment

    def _file_at_path(self) -> tuple[int, int] | None:
        """Return device and inode of what is at the path of the environment's file."""
        try:
            found = os.stat(self._folder / "data.mdb")  # noqa: PTH116  # the quicker way
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def require_file(self) -> None:
        """Make sure that the file is still at its path: LMDB goes on without, and what it writes then is lost.

        Raises:
            StoreUnavailable: if it was taken away. Another one in its place needs another process.
        """
        if (found := self._file_at_path()) != self._file:
            what = "the file of the environment is gone" if found is None else "another file is in its place"
            raise StoreUnavailable(f"LMDB in {self._folder}: {what}")

    async def aclose(self) -> None:
        thread, environment = self._thread, self._environment
        self._thread = self._environment = None
        if thread is not None and environment is not None:
            closing = asyncio.get_running_loop().run_in_executor(thread, environment.close)
            thread.shutdown(wait=False)
            await asyncio.shield(closing)

    async def call(self, function: Callable[[], T]) -> T:
        """Call a function in the thread.

        Raises:
            StoreUnavailable: if it is closed, or LMDB or the disk fails.
        """
        if self._thread is None:
            raise StoreUnavailable(f"{self._folder} is closed")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._checked, function)
        except (lmdb.Error, OSError) as error:
            raise StoreUnavailable(f"LMDB in {self._folder}: {error}") from error

    def _checked(self, function: Callable[[], T]) -> T:
        if self._environment is not None:
            self.require_file()
        return function()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[KeyValueTransaction]:
        async with self._places:
            environment, thread = self._environment, self._thread
            if environment is None or thread is None:
                raise StoreUnavailable(f"{self._folder} is closed")
            transaction = _LmdbTransaction(self, environment)
            try:
                yield transaction
                if transaction.writes:
                    await self.call(transaction.write)
            finally:
                if self._thread is thread:  # else closing the environment has ended it
                    thread.submit(transaction.end)


class _LmdbTransaction(BufferedTransaction):
    def __init__(self, store: LmdbKeyValueStore, environment: lmdb.Environment) -> None:
        super().__init__()
        self._store = store
        self._environment = environment
        self._begun: lmdb.Transaction | None = None

    async def read(self, keys: Collection[bytes]) -> Mapping[bytes, bytes]:
        return await self._store.call(lambda: _values(self._reader(), keys))

    async def range(
        self, start: bytes, end: bytes, *, limit: int | None = None, reverse: bool = False
    ) -> Sequence[tuple[bytes, bytes]]:
        return await self._store.call(lambda: _range(self._reader(), start, end, limit=limit, reverse=reverse))

    def _reader(self) -> lmdb.Transaction:
        """Return the reader, which begins with the first read."""
        if self._begun is None:
            self._begun = self._environment.begin(buffers=False)
        return self._begun

    def write(self) -> None:
        """Compare and write, or raise."""
        with self._environment.begin(write=True, buffers=False) as writer:
            self.refuse_conflict(_values(writer, self.compared()))
            for key, value in self.writes.items():
                if value is None:
                    writer.delete(key)
                else:
                    writer.put(key, value)
        self._store.require_file()

    def end(self) -> None:
        """Let go of the snapshot."""
        if self._begun is not None:
            self._begun.abort()
            self._begun = None  # its place among the readers becomes free when it is gone


def _values(reader: lmdb.Transaction, keys: Collection[bytes]) -> dict[bytes, bytes]:
    found = ((key, reader.get(key)) for key in keys)
    return {key: bytes(value) for key, value in found if value is not None}


def _range(
    reader: lmdb.Transaction, start: bytes, end: bytes, *, limit: int | None, reverse: bool
) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    with reader.cursor() as cursor:
        is_there = _go_before(end, cursor) if reverse else cursor.set_range(start)
        items = cursor.iterprev() if reverse else cursor.iternext()
        for key, value in islice(items if is_there else (), limit):
            if not start <= bytes(key) < end:
                break
            found.append((bytes(key), bytes(value)))
    return found


def _go_before(end: bytes, cursor: lmdb.Cursor) -> bool:
    """Go to the last key before the end, if there is one."""
    return cursor.prev() if cursor.set_range(end) else cursor.last()
