"""A few threads that only read."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from taskharbor.adapters.sqlalchemy.reads.slow_questions import SlowQuestions
from taskharbor.adapters.sqlalchemy.sqlite.database_file import DatabaseFile
from taskharbor.adapters.sqlalchemy.sqlite.errors import translated
from taskharbor.adapters.sqlalchemy.sqlite.loop_reader import LoopReader
from taskharbor.adapters.sqlalchemy.sqlite.read_budget import OverBudget, ReadBudget
from taskharbor.adapters.sqlalchemy.sqlite.vocabulary import show_vocabulary
from taskharbor.adapters.sqlalchemy.sqlite.workers import Unit, Workers
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.application.errors import QueryTooExpensive, StoreUnavailable
from taskharbor.application.ports.store_figures import PoolFigures

R = TypeVar("R")

MAX_READS_TOGETHER: Final = 8
"""Reads that one thread takes at a time, so that a slow one does not hold up many."""

QUICK_SECONDS: Final = 0.05
"""What a read may take before it makes way for others, and starts again where it blocks none."""


class Readers:
    """Answers each SELECT from one snapshot of committed data.

    What is quick is read on the event loop, all else by the first thread that is free. What turns out to be slow is
    done by a thread of its own, one after the other: a few such reads leave the others as quick as they were. Longer
    than `seconds` of the processor's time none may take.

    Attributes:
        budget: interrupts them.
    """

    def __init__(self, file: DatabaseFile, *, size: int, seconds: float) -> None:
        self.budget: Final = ReadBudget()
        self._seconds = seconds
        self._not_at_once = SlowQuestions()
        self._known_slow = SlowQuestions()
        self._at_once = LoopReader(file, self.budget)
        self._quick = _workers(file, self.budget, min(QUICK_SECONDS, seconds), threads=size)
        self._slow = _workers(file, self.budget, seconds, threads=1, largest_group=1)

    async def start(self) -> None:
        """Connect.

        Raises:
            StoreUnavailable: if the file cannot be opened.
        """
        await self._quick.start()
        await self._slow.start()
        await self._at_once.start()

    async def aclose(self) -> None:
        """Finish pending work, then disconnect."""
        await self._at_once.aclose()
        await self._quick.aclose()
        await self._slow.aclose()

    async def run(self, work: Callable[[sqlite3.Connection], R], *, question: Hashable = None) -> R:
        """Have `work`, which only reads, done; return its result, or raise its error.

        Args:
            work: what is done.
            question: what is the same for all work that takes as long. If that is quick, no thread need do it. None if
                a thread is to do it, and nothing is known of how long it takes.

        Raises:
            StoreUnavailable: if the file cannot be read, or it takes too long.
        """
        if question is not None and question not in self._not_at_once:
            done = self._at_once.run(work)
            if done is not None:
                return done
            self._not_at_once.add(question)
        if question not in self._known_slow:
            try:
                return await self._quick.run(work)
            except OverBudget:
                if question is not None:
                    self._known_slow.add(question)
        try:
            return await self._slow.run(work)
        except OverBudget:
            raise QueryTooExpensive(self._seconds) from None

    def figures(self) -> PoolFigures:
        """Return how many of the threads are at work, those for slow reads too, and how many reads wait."""
        quick, slow = self._quick.figures(), self._slow.figures()
        return PoolFigures(quick.most + slow.most, quick.used + slow.used, quick.waiting + slow.waiting)

    async def fetch(self, sql: str, arguments: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a SELECT.

        Raises:
            StoreUnavailable: if the file cannot be read, or it takes too long.
        """
        rows = self._at_once.fetch(sql, arguments)
        return await self.search(sql, arguments) if rows is None else rows

    async def search(self, sql: str, arguments: Sequence[Any], *, question: Hashable = None) -> list[Any]:
        """Return the rows of a SELECT that may take long, as `run` would.

        Raises:
            StoreUnavailable: if the file cannot be read, or it takes too long.
        """
        return await self.run(lambda connection: connection.execute(sql, arguments).fetchall(), question=question)


def _workers(
    file: DatabaseFile,
    budget: ReadBudget,
    seconds: float,
    *,
    threads: int,
    largest_group: int = MAX_READS_TOGETHER,
) -> Workers:
    def connect_with_budget() -> sqlite3.Connection:
        connection = file.connect()
        show_vocabulary(connection)
        connection.execute("PRAGMA query_only = ON")
        budget.watch(connection, seconds)
        return connection

    return Workers(
        connect_with_budget,
        partial(_read_group, budget),
        threads=threads,
        largest_group=largest_group,
        name="taskharbor-sqlite-reader",
        file=file,
    )


def _read_group(budget: ReadBudget, connection: sqlite3.Connection, group: list[Unit]) -> None:
    for unit in group:
        if not unit.is_wanted():
            continue
        budget.begin(is_wanted=unit.is_wanted)
        try:
            with translated():
                unit.result = unit.work(connection)
        except StoreUnavailable as error:
            unit.error = OverBudget() if budget.is_over() else error
        except Exception as error:  # noqa: BLE001  # it belongs to the caller that awaits the answer
            unit.error = error
