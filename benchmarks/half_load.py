"""Latency at a rate that a contestant bears, in an open loop.

Requests come at random times at a given rate, whether or not those before them were answered, and each is timed from
the moment at which it was due: a stall counts for all that it made wait (no coordinated omission). A request that
could not be answered as asked counts as one that takes for ever. If the sender itself was late for most of them, the
figures would be its own, and there are none.
"""

import gc
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import uvloop

from benchmarks.calls import Call
from benchmarks.drawing import Drawn
from benchmarks.open_loop import open_loop

GOOD: Final = range(200, 300)
MOST_LATE: Final = 5.0
"""Milliseconds, of the median request."""


def half_load(
    call: Call, *, port: int, drawn: Sequence[Drawn], rate: float, seconds: float
) -> tuple[float, float] | None:
    """Return p50 and p99 in milliseconds of `rate` requests a second, or None if the sender could not keep up."""
    with _without_pauses():
        outcome = uvloop.run(open_loop(port, rate, seconds, requests_of(call, drawn)))
    if percentile(sorted(outcome.late), 0.5) > MOST_LATE:
        return None
    times = sorted(each.took if each.status in GOOD else math.inf for each in outcome.answers)
    return percentile(times, 0.5), percentile(times, 0.99)


@contextmanager
def _without_pauses() -> Iterator[None]:
    """Let the sender make no pause to look for cycles, which the answers would have to wait for."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def percentile(times: Sequence[float], part: float) -> float:
    """Return the time in milliseconds within which that part of the sorted seconds lies."""
    return times[math.ceil(len(times) * part) - 1] * 1000


def requests_of(call: Call, drawn: Sequence[Drawn]) -> Callable[[], bytes]:
    """Return what makes the requests one after the other, as wrk does."""
    sent = 0

    def request() -> bytes:
        nonlocal sent
        round_, place = divmod(sent, len(drawn))
        path, body = call.filled(drawn[place], sent, completed=round_ % 2 == 0)
        sent += 1
        head = f"{call.method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body.encode())}\r\n"
        return f"{head}\r\n{body}".encode()

    return request
