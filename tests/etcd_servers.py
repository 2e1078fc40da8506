"""Three servers of etcd, from Debian's `etcd-server` or wherever `TASKHARBOR_TEST_ETCD` is."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

_OPTIONS: Final = ("--max-txn-ops=20000", "--max-request-bytes=33554432", "--logger=zap", "--log-level=error")
_START_SECONDS: Final = 30


def etcd() -> str | None:
    """Return the path of the program, or None if it is not installed."""
    return os.environ.get("TASKHARBOR_TEST_ETCD") or shutil.which("etcd")


class Servers:
    """Members of one cluster.

    Attributes:
        urls: where each is reached by clients.
    """

    def __init__(self, program: str, folder: Path, number: int) -> None:
        self._program = program
        self._folder = folder
        ports = _free_ports(2 * number)
        self.urls = [f"http://127.0.0.1:{port}" for port in ports[:number]]
        self._peers = [f"http://127.0.0.1:{port}" for port in ports[number:]]
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, *numbers: int) -> None:
        """Start some of them; all if none is named. Returns when they answer."""
        cluster = ",".join(f"m{n}={url}" for n, url in enumerate(self._peers))
        for n in numbers or range(len(self.urls)):
            command = [self._program, f"--name=m{n}", f"--data-dir={self._folder}/m{n}", *_OPTIONS]
            command += [f"--listen-client-urls={self.urls[n]}", f"--advertise-client-urls={self.urls[n]}"]
            command += [f"--listen-peer-urls={self._peers[n]}", f"--initial-advertise-peer-urls={self._peers[n]}"]
            command += [f"--initial-cluster={cluster}"]
            log = (self._folder / f"m{n}.log").open("ab")
            self._processes[n] = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603
            log.close()
        for n in numbers or range(len(self.urls)):
            self._wait_for(n)

    def kill(self, number: int) -> None:
        """Kill one."""
        process = self._processes.pop(number)
        process.kill()
        process.wait()

    def stop(self) -> None:
        """Kill those that run."""
        for number in list(self._processes):
            self.kill(number)

    def _wait_for(self, number: int) -> None:
        end = time.monotonic() + _START_SECONDS
        while True:
            try:
                if httpx.get(f"{self.urls[number]}/health", trust_env=False).json()["health"] == "true":
                    return
            except (httpx.HTTPError, ValueError):
                pass
            if time.monotonic() > end or self._processes[number].poll() is not None:
                raise RuntimeError((self._folder / f"m{number}.log").read_text()[-2000:])
            time.sleep(0.05)


@contextmanager
def three_servers(program: str) -> Iterator[Servers]:
    """Run three servers in a temporary folder, in memory where there is such a file system."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        servers = Servers(program, Path(folder), 3)
        try:
            servers.start()
            yield servers
        finally:
            servers.stop()


def _free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
