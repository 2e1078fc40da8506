"""Requests that come when they come, whether or not those before them were answered."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, cast

HOST: Final = "127.0.0.1"
GIVE_UP_SECONDS: Final = 20.0
_FAILED: Final = 0


class Answer(NamedTuple):
    """What became of a request: when it was due, how long it took from then on, its status (0: none), its method."""

    due: float
    took: float
    status: int
    method: bytes


@dataclass(slots=True)
class Outcome:
    """What became of the requests of one run."""

    answers: list[Answer] = field(default_factory=list[Answer])
    late: list[float] = field(default_factory=list[float])
    """How long after it was due the sender came to each request."""

    def seconds_of(self, status: int, *, beyond: float = 0.0) -> list[float]:
        """Return how long the answers with a status took, in order, of those due later than `beyond`."""
        return sorted(each.took for each in self.answers if each.status == status and each.due >= beyond)

    def answered_within(self, seconds: float, *methods: bytes) -> int:
        """Return how many requests, of these methods if any are named, were answered as asked in time."""
        return sum(
            each.status // 100 == 2 and each.took <= seconds  # noqa: PLR2004
            for each in self.answers
            if not methods or each.method in methods
        )


class _Connection(asyncio.Protocol):
    """A connection that asks one thing at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[int] | None = None
        self._head = b""
        self._left = 0
        self._status = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's do not inherit from it

    def ask(self, request: bytes) -> "asyncio.Future[int]":
        assert self._transport is not None
        self._head, self._left, self._status = b"", 0, 0
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        if not self._status:
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            self._status = int(head[9:12])
            _, _, length = head.lower().partition(b"content-length: ")
            self._left = int(length.split(b"\r\n", 1)[0] or 0)
        self._left -= len(data)
        if self._left <= 0:
            self._end(self._status)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._transport = None
        self._end(_FAILED)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def _end(self, status: int) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(status)


async def ask_on_new_connection(port: int, request: bytes) -> tuple[float, int]:
    """Return how long one request took with its connection, and the status of the answer."""
    return await _ask(port, request, [], time.perf_counter(), keep=False)


async def open_loop(port: int, rate: float, seconds: float, request: Callable[[], bytes]) -> Outcome:
    """Send `rate` requests a second, at random times; wait for the last answer."""
    outcome, idle = Outcome(), list[_Connection]()
    chance = random.Random(1)
    began = due = time.perf_counter()
    asked: set[asyncio.Task[None]] = set()

    async def one(due: float) -> None:
        asked_for = request()
        took, status = await _ask(port, asked_for, idle, due, keep=True)
        outcome.answers.append(Answer(due - began, took, status, asked_for.split(b" ", 1)[0]))

    while due - began < seconds:
        due += chance.expovariate(rate)
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        outcome.late.append(max(0.0, time.perf_counter() - due))
        task = asyncio.create_task(one(due))
        asked.add(task)
        task.add_done_callback(asked.discard)
    await asyncio.gather(*asked)
    for each in idle:
        each.close()
    return outcome


async def closed_loop(port: int, clients: int, seconds: float, request: Callable[[], bytes]) -> float:
    """Return how many requests a second are answered to clients that each wait for their answer."""
    end = time.perf_counter() + seconds
    answered = 0

    async def client() -> None:
        nonlocal answered
        idle: list[_Connection] = []
        while time.perf_counter() < end:
            _, status = await _ask(port, request(), idle, time.perf_counter(), keep=True)
            answered += status // 100 == 2  # noqa: PLR2004
        for each in idle:
            each.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return answered / seconds


async def _ask(port: int, request: bytes, idle: list[_Connection], due: float, *, keep: bool) -> tuple[float, int]:
    connection: _Connection | None = None
    try:
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while idle and not (connection := idle.pop()).is_open:
                connection = None
            if connection is None:
                _, connection = await asyncio.get_running_loop().create_connection(_Connection, HOST, port)
            status = await connection.ask(request)
    except (OSError, TimeoutError):
        status = _FAILED
    took = time.perf_counter() - due
    if connection is not None:
        if keep and status:
            idle.append(connection)
        else:
            connection.close()
    return took, status
