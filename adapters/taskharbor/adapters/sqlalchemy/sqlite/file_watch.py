"""Notices that another connection has committed to the file."""

import asyncio
from collections.abc import Callable
from threading import Event, Thread
from typing import Final

from taskharbor.adapters.sqlalchemy.sqlite.database_file import DatabaseFile
from taskharbor.adapters.sqlalchemy.sqlite.errors import store_error
from taskharbor.application.errors import StoreUnavailable

LOOK_EVERY: Final = 0.1
"""Seconds between two looks at `data_version`, which reads a word of shared memory."""

_DATA_VERSION: Final = "PRAGMA data_version"


class FileWatch:
    """A thread of its own with a connection that only ever asks for `data_version` (sqlite.org/pragma.html).

    The event loop sleeps until something has changed. This process's own commits are noticed, too: they are made on
    other connections.
    """

    def __init__(self, file: DatabaseFile) -> None:
        self._file = file
        self._stop = Event()
        self._thread: Thread | None = None

    async def run(self, hear: Callable[[], None]) -> None:
        """Call `hear` at once and after each change, until cancelled or stopped.

        Raises:
            StoreUnavailable: when it was stopped, or the file cannot be read.
            OSError: if the file cannot be looked at.
        """
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[Exception] = loop.create_future()
        self._thread = Thread(target=self._look, args=(loop, hear, ended), name="taskharbor-sqlite-watch", daemon=True)
        self._thread.start()
        try:
            raise store_error(await ended)
        finally:
            self.stop()

    def stop(self) -> None:
        """Have the thread close its connection. It does so within microseconds, so it is waited for."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _look(
        self, loop: asyncio.AbstractEventLoop, hear: Callable[[], None], ended: "asyncio.Future[Exception]"
    ) -> None:
        reason: Exception = StoreUnavailable("it was closed")
        seen: int | None = None
        try:
            connection = self._file.connect()
            try:
                while not self._stop.is_set():
                    self._file.require(connection)
                    version: int = connection.execute(_DATA_VERSION).fetchone()[0]
                    if version != seen:
                        seen = version
                        _call(loop, hear)
                    self._stop.wait(LOOK_EVERY)
            finally:
                connection.close()
        except Exception as error:  # noqa: BLE001  # whatever it is: who waits must know that nothing is looked at
            reason = error
        _call(loop, lambda: None if ended.done() else ended.set_result(reason))


def _call(loop: asyncio.AbstractEventLoop, function: Callable[[], object]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(function)
