"""One thread that writes, and commits everything that is waiting in one transaction."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, TypeVar

from taskharbor.adapters.sqlalchemy.sqlite.errors import translated
from taskharbor.application.errors import StoreUnavailable

LARGEST_GROUP: Final = 256
"""Units of work in one transaction, so that the first of them does not wait for ever."""

R = TypeVar("R")


@dataclass(slots=True)
class _Unit:
    work: Callable[[sqlite3.Connection], Any]
    answer: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class GroupCommitWriter:
    """Runs units of work one after the other on the only connection of this process that writes.

    A disk takes as long to make one unit durable as a hundred, so those that arrive while a transaction is being
    committed share the next one, each in a savepoint of its own: one that fails undoes itself only. A unit's answer
    is given after the COMMIT that holds it. BEGIN IMMEDIATE takes the write lock first, so a transaction never
    fails half-way because another process writes too; it waits at most the connection's busy time-out.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._waiting: SimpleQueue[_Unit | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Connect.

        Raises:
            StoreUnavailable: if the file cannot be opened.
        """
        self._loop = asyncio.get_running_loop()
        connected = self._loop.create_future()
        # A daemon: a program that forgets to close the store can still end, and an unfinished transaction is undone.
        self._thread = Thread(target=self._write, args=(connected,), name="taskharbor-sqlite-writer", daemon=True)
        self._thread.start()
        await connected

    async def run(self, work: Callable[[sqlite3.Connection], R]) -> R:
        """Run `work` in the writer's thread; return its result once that is durable.

        Raises:
            StoreUnavailable: if the file cannot be written. Nothing of this unit is.
        """
        if self._thread is None or self._loop is None:
            raise StoreUnavailable("it is closed")
        unit = _Unit(work, self._loop.create_future())
        self._waiting.put(unit)
        result: R = await unit.answer
        return result

    async def aclose(self) -> None:
        """Finish what is waiting, then disconnect."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            await asyncio.to_thread(thread.join)

    def _write(self, connected: asyncio.Future[None]) -> None:
        assert self._loop is not None  # noqa: S101  # start() has set it
        try:
            with translated():
                connection = self._connect()
        except BaseException as error:  # noqa: BLE001  # it belongs to whoever awaits start()
            self._call(_fail, connected, error)
            return
        self._call(_succeed, connected)
        open_ = True
        while open_:
            group, open_ = self._next_group()
            if group:
                self._commit_group(connection, group)
                self._call(_settle, group)
        connection.close()

    def _next_group(self) -> tuple[list[_Unit], bool]:
        group: list[_Unit] = []
        unit = self._waiting.get()
        while unit is not None:
            group.append(unit)
            if len(group) == LARGEST_GROUP:
                return group, True
            try:
                unit = self._waiting.get_nowait()
            except Empty:
                return group, True
        return group, False

    def _commit_group(self, connection: sqlite3.Connection, group: list[_Unit]) -> None:
        try:
            with translated():
                connection.execute("BEGIN IMMEDIATE")
                for unit in group:
                    self._run_unit(connection, unit)
                connection.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001  # it belongs to those who wait for the group
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            for unit in group:
                unit.error = error

    def _run_unit(self, connection: sqlite3.Connection, unit: _Unit) -> None:
        connection.execute("SAVEPOINT unit")
        try:
            with translated():
                unit.result = unit.work(connection)
        except BaseException as error:
            if not connection.in_transaction:
                raise  # SQLite has undone the whole transaction by itself: the disk is full, say
            connection.execute("ROLLBACK TO unit")
            unit.error = error
        connection.execute("RELEASE unit")

    def _call(self, function: Callable[..., None], *args: Any) -> None:
        assert self._loop is not None  # noqa: S101  # start() has set it
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *args)


def _settle(group: list[_Unit]) -> None:
    for unit in group:
        if unit.answer.cancelled():
            continue
        if unit.error is None:
            unit.answer.set_result(unit.result)
        else:
            unit.answer.set_exception(unit.error)


def _succeed(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _fail(future: asyncio.Future[None], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
