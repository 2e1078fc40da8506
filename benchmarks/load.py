"""What sends the calls: wrk, or for a smoke run a client that sends a handful."""

import time
from pathlib import Path
from typing import Final, Protocol

from benchmarks.calls import Call
from benchmarks.client import client_on
from benchmarks.drawing import read_drawn
from benchmarks.measurement import CONNECTIONS, Measurement
from benchmarks.wrk import drive, require_wrk

HANDFUL: Final = 5


class Load(Protocol):
    """Sends `call` for that many seconds over so many connections, with the values of a file (`benchmarks.drawing`).

    Raises:
        BenchmarkFailed: if any answer was an error, or none came.
    """

    def __call__(
        self, call: Call, *, port: int, drawn: Path, seconds: int, connections: int = CONNECTIONS
    ) -> Measurement: ...


def load_for(*, smoke: bool) -> Load:
    """Return the load for a run; leave the program with status 2 if it needs wrk and there is none."""
    if smoke:
        return handful
    require_wrk()
    return drive


def handful(
    call: Call,
    *,
    port: int,
    drawn: Path,
    seconds: int,  # noqa: ARG001 - a smoke run is to be quick
    connections: int = CONNECTIONS,  # noqa: ARG001
) -> Measurement:
    """Send a call a few times, one after the other: figures that mean nothing, but everything has been asked."""
    latencies = []
    with client_on(port) as client:
        for number, values in enumerate(read_drawn(drawn)[:HANDFUL]):
            began = time.perf_counter()
            client.send(call, values, number)
            latencies.append(time.perf_counter() - began)
    return Measurement(
        requests=len(latencies),
        requests_per_second=len(latencies) / sum(latencies),
        p50=sorted(latencies)[len(latencies) // 2] * 1000,
        p99=max(latencies) * 1000,
    )
