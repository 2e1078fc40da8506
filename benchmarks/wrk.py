"""The load: wrk, with 2 threads if it has several connections."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks.calls import Call
from benchmarks.failure import BenchmarkFailed
from benchmarks.measurement import CONNECTIONS, Measurement

THREADS: Final = 2
TIMEOUT_SECONDS: Final = 30
SCRIPT: Final = Path(__file__).with_name("requests.lua")
EXIT_WITHOUT_WRK: Final = 2


def require_wrk() -> None:
    """Leave the program with status 2 if wrk is not installed."""
    if shutil.which("wrk") is None:
        print("The benchmarks need wrk: apt-get install wrk, or brew install wrk.", file=sys.stderr)
        sys.exit(EXIT_WITHOUT_WRK)


def drive(call: Call, *, port: int, drawn: Path, seconds: int, connections: int = CONNECTIONS) -> Measurement:
    """Send `call` for that many seconds over so many connections, with the values of a file (`benchmarks.drawing`).

    Raises:
        BenchmarkFailed: if any answer was an error, or none came.
    """
    threads = min(THREADS, connections)
    command = [
        *("wrk", "--connections", str(connections), "--threads", str(threads), "--duration", f"{seconds}s"),
        *("--timeout", f"{TIMEOUT_SECONDS}s", "--script", str(SCRIPT), f"http://127.0.0.1:{port}", "--"),
        *(call.method, call.path, call.body, str(drawn), str(threads)),
    ]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise BenchmarkFailed(f"wrk failed on {call.name!r}: {finished.stderr}{finished.stdout}")
    counted = json.loads(finished.stdout.splitlines()[-1])
    if counted["refused"] or counted["broken"] or not counted["requests"]:
        raise BenchmarkFailed(
            f"{call.name!r}: of {counted['requests']} requests {counted['refused']} were answered with an error, "
            f"{counted['broken']} not at all"
        )
    return Measurement(
        requests=counted["requests"],
        requests_per_second=counted["requests"] / counted["microseconds"] * 1_000_000,
        p50=counted["p50"] / 1000,
        p99=counted["p99"] / 1000,
    )
