"""The load: wrk at 16 connections and 2 threads."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.calls import Call
from benchmarks.failure import BenchmarkFailed

CONNECTIONS: Final = 16
THREADS: Final = 2
TIMEOUT_SECONDS: Final = 30
SCRIPT: Final = Path(__file__).with_name("requests.lua")
EXIT_WITHOUT_WRK: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one run of wrk saw; the latencies are in milliseconds."""

    requests_per_second: float
    p50: float
    p99: float


def require_wrk() -> None:
    """Leave the program with status 2 if wrk is not installed."""
    if shutil.which("wrk") is None:
        print("The benchmarks need wrk: apt-get install wrk, or brew install wrk.", file=sys.stderr)
        sys.exit(EXIT_WITHOUT_WRK)


def drive(call: Call, *, port: int, ids: Path, seconds: int) -> Measurement:
    """Send `call` for that many seconds, with ids from a file that has one per line.

    Raises:
        BenchmarkFailed: if any answer was an error, or none came.
    """
    command = [
        *("wrk", "--connections", str(CONNECTIONS), "--threads", str(THREADS), "--duration", f"{seconds}s"),
        *("--timeout", f"{TIMEOUT_SECONDS}s", "--script", str(SCRIPT), f"http://127.0.0.1:{port}", "--"),
        *(call.method, call.path, call.body, str(ids), str(THREADS)),
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
        requests_per_second=counted["requests"] / counted["microseconds"] * 1_000_000,
        p50=counted["p50"] / 1000,
        p99=counted["p99"] / 1000,
    )
