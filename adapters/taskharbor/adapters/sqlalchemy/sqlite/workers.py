"""Threads that own a connection each: SQLite blocks, the event loop must not."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread, current_thread
from typing import Any, TypeVar

from taskharbor.adapters.sqlalchemy.sqlite.database_file import DatabaseFile
from taskharbor.adapters.sqlalchemy.sqlite.errors import store_error
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.ports.store_figures import PoolFigures

R = TypeVar("R")


@dataclass(slots=True)
class Unit:
    """A piece of work and its outcome."""

    work: Callable[[sqlite3.Connection], Any]
    answer: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None

    def is_wanted(self) -> bool:
        """Return whether a caller still waits for it."""
        return not self.answer.cancelled()


class Workers:
    """Threads that take pending work from one queue, a group at a time, and answer the group at once.

    Waking the event loop costs more than most statements take; under load one wake-up serves a group.

    Args:
        connect: opens a thread's connection, in that thread.
        carry_out: does the work of a group and notes each unit's result or error.
        threads: how many at most. One is there from the start, and another one, which takes 0.2 MB, whenever there is
            more work than threads.
        largest_group: how many units one thread takes at a time: some more if they came together.
        turns: of the event loop, in which units are gathered before they are handed over.
        name: of the threads.
        file: what the connections are to; if another one takes its place, they are opened anew.
        writes: whether the work depends on what was read: what was read in the former file must not be written to
            another one, where the revisions may be the same.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        carry_out: Callable[[sqlite3.Connection, list[Unit]], None],
        *,
        threads: int,
        largest_group: int,
        turns: int = 1,
        name: str,
        file: DatabaseFile | None = None,
        writes: bool = False,
    ) -> None:
        self._file = file
        self._writes = writes
        self._connect = connect
        self._carry_out = carry_out
        self._size = threads
        self._largest_group = largest_group
        self._turns = turns
        self._name = name
        self._waiting: SimpleQueue[list[Unit] | None] = SimpleQueue()
        self._gathered: list[Unit] = []
        self._threads: list[Thread] = []
        self._unanswered = 0
        self._at_work: dict[Thread, int] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Connect.

        Raises:
            StoreUnavailable: if the file cannot be opened.
        """
        self._loop = asyncio.get_running_loop()
        await self._start_thread(self._loop)

    def _start_thread(self, loop: asyncio.AbstractEventLoop) -> asyncio.Future[None]:
        """Start a thread; return the future of its connection."""
        connected: asyncio.Future[None] = loop.create_future()
        # A daemon: a program that forgets to close the store can still end; SQLite undoes what is unfinished.
        thread = Thread(target=self._serve, args=(loop, connected), name=self._name, daemon=True)
        thread.start()
        self._threads.append(thread)  # before it has connected: whoever is cancelled meanwhile closes it, too
        connected.add_done_callback(partial(self._forget_failed, thread))
        return connected

    def _forget_failed(self, thread: Thread, connected: asyncio.Future[None]) -> None:
        """Do without a thread that could not connect and has ended: others work on, and later work starts another."""
        has_failed = not connected.cancelled() and connected.exception() is not None
        if has_failed and thread in self._threads:
            self._threads.remove(thread)

    async def run(self, work: Callable[[sqlite3.Connection], R]) -> R:
        """Have `work` done by one of the threads; return its result, or raise its error.

        Raises:
            StoreUnavailable: if the file cannot be used.
        """
        return await self.begin(work)

    def begin(self, work: Callable[[sqlite3.Connection], R]) -> asyncio.Future[R]:
        """Have `work` done by one of the threads; return the future of its result.

        Raises:
            StoreUnavailable: if the file is closed.
        """
        answer: asyncio.Future[R] = self.loop.create_future()
        self.gather(Unit(work, answer))
        return answer

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop that is answered.

        Raises:
            StoreUnavailable: if the file is closed.
        """
        if not self._threads or self._loop is None:
            raise StoreUnavailable("it is closed")
        return self._loop

    def gather(self, unit: Unit) -> None:
        """Have a unit carried out with others of its turn.

        Raises:
            StoreUnavailable: if the file is closed.
        """
        # All of a turn are handed over together. A thread that the first of them wakes wants Python's lock while the
        # loop makes the others: a create at 16 connections took 1.6 times the CPU.
        if not self._gathered:
            loop = self.loop
            loop.call_soon(self._hand_over_after, loop, self._turns - 1)
        self._gathered.append(unit)
        self._unanswered += 1

    def _hand_over_after(self, loop: asyncio.AbstractEventLoop, turns: int) -> None:
        if turns:
            loop.call_soon(self._hand_over_after, loop, turns - 1)
        else:
            self._hand_over()

    def _hand_over(self) -> None:
        units, self._gathered = self._gathered, []
        for begin in range(0, len(units), self._largest_group):
            self._waiting.put(units[begin : begin + self._largest_group])
        if 0 < len(self._threads) < self._size and self._groups_at_work() + self._waiting.qsize() > len(self._threads):
            self._start_thread(self.loop)

    def _groups_at_work(self) -> int:
        return sum(1 for size in list(self._at_work.values()) if size)

    def figures(self) -> PoolFigures:
        """Return how many of the threads are at work, and how many units wait for one."""
        at_work = [size for size in list(self._at_work.values()) if size]
        return PoolFigures(self._size, len(at_work), max(self._unanswered - sum(at_work), 0))

    async def aclose(self) -> None:
        """Finish pending work, then disconnect."""
        threads, self._threads = self._threads, []
        self._hand_over()
        for _ in threads:
            self._waiting.put(None)
        for thread in threads:
            await asyncio.to_thread(thread.join)
        if threads:
            self._waiting = SimpleQueue()  # one that could not connect after all has not taken its sign to end

    def _serve(self, loop: asyncio.AbstractEventLoop, connected: asyncio.Future[None]) -> None:
        try:
            connection = self._connect()
        except BaseException as error:  # noqa: BLE001  # raised where start() is awaited
            _call(loop, _settle_one, connected, None, error)
            return
        _call(loop, _settle_one, connected, None, None)
        while group := self._next_group():
            self._at_work[current_thread()] = len(group)
            try:
                if self._file is not None and not self._file.has(connection):
                    connection = self._file.again(connection, self._connect)
                    if self._writes:
                        raise self._file.replaced()  # noqa: TRY301  # as all that ends a group
                self._carry_out(connection, group)
            except BaseException as error:  # noqa: BLE001  # such as a ROLLBACK on a broken disk: no call may wait forever
                for unit in group:
                    unit.error = error
            self._at_work[current_thread()] = 0
            _call(loop, self._settle, group)
        connection.close()

    def _settle(self, group: list[Unit]) -> None:
        self._unanswered -= len(group)
        for unit in group:
            _settle_one(unit.answer, unit.result, unit.error)

    def _next_group(self) -> list[Unit]:
        """Wait for work; return nothing when it is time to end."""
        group = self._waiting.get()
        if group is None:
            return []
        try:
            while len(group) < self._largest_group:
                more = self._waiting.get_nowait()
                if more is None:
                    self._waiting.put(None)  # for the next time
                    break
                group += more
        except Empty:
            pass
        return group


def _call(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *args: Any) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(function, *args)


def _settle_one(answer: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    if answer.done():
        return  # the caller was cancelled
    if error is None:
        answer.set_result(result)
    else:
        answer.set_exception(store_error(error))
