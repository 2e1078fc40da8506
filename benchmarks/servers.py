"""Contestants as real processes, stopped however the benchmark ends."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.client import client_on
from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import Contestant
from benchmarks.signals import undisturbed
from benchmarks.temporary import temporary_folder

START_SECONDS: Final = 30
STOP_SECONDS: Final = 10
POLL_SECONDS: Final = 0.005
LOG_CHARACTERS: Final = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A contestant that answers.

    Attributes:
        port: where it listens on the loopback interface.
        pid: its process; it may have children.
        start_seconds: the time from the start of the process to the first answer.
    """

    port: int
    pid: int
    start_seconds: float


@contextmanager
def running(contestant: Contestant, database_url: str) -> Iterator[Server]:
    """Start a server, wait until it answers, and stop it at the end of the block.

    Raises:
        BenchmarkFailed: if it does not start, or the block fails; the message ends with what the server wrote.
    """
    port = _free_port()
    launch = contestant.launch(port, database_url)
    with temporary_folder() as folder, ExitStack() as stack:
        log = folder / "log"
        with log.open("wb") as output, undisturbed():
            began = time.perf_counter()
            process = subprocess.Popen(
                launch.command,
                cwd=folder,
                env={**os.environ, **launch.environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            stack.callback(_stop, process)
        try:
            _wait_until_ready(process, port, contestant.ready)
            yield Server(port=port, pid=process.pid, start_seconds=time.perf_counter() - began)
        except BenchmarkFailed as failure:
            raise BenchmarkFailed(f"{contestant.name}: {failure}\n{_end_of(log)}") from failure


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    with client_on(port) as client:
        while not client.is_ready(path):
            if process.poll() is not None:
                raise BenchmarkFailed(f"ended with status {process.returncode} before its first answer")
            if time.monotonic() > deadline:
                raise BenchmarkFailed(f"did not answer {path} within {START_SECONDS} s")
            time.sleep(POLL_SECONDS)


def _stop(process: subprocess.Popen[bytes]) -> None:
    with undisturbed():
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-LOG_CHARACTERS:]
