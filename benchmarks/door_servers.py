"""What it costs to know who calls, measured on server processes: the same requests to three servers in turn.

    python -m benchmarks.door_servers [ROUNDS]

Each is `taskharbor serve` on a SQLite file of its own. `none` takes every request for the same principal without a
look. `local` has no accounts, `token` requires an API token. For Linux: it reads the scheduler's clock of processes.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from benchmarks.failure import BenchmarkFailed
from benchmarks.temporary import temporary_folder

_BODY: Final = json.dumps({"title": "Water the plants"})
_REQUESTS: Final = {"get": ("GET", "/tasks/1", None, 400), "create": ("POST", "/tasks/", _BODY, 150)}
_START_SECONDS: Final = 60
_TASKHARBOR: Final = ("-c", "from taskharbor.entrypoints.cli import main; main()")
_UNGUARDED: Final = """
from taskharbor.application.principal import local_in
from taskharbor.entrypoints.http.access.door import Door
from taskharbor.entrypoints.http.requests.callers import Callers

always = local_in("default")

async def anybody(_self, _request):
    return always

Door.before = lambda _self, operation: operation
Callers.principal = anybody

from taskharbor.entrypoints.cli import main

main()
"""


class _Server:
    """A server process, and a connection to it that stays open."""

    def __init__(self, pid: int, port: int, headers: dict[str, str]) -> None:
        self._pid = pid
        self._headers = {"Content-Type": "application/json"} | headers
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(self, kind: str) -> float:
        """Ask as often as it takes; return the microseconds of processor time of one request."""
        method, path, body, count = _REQUESTS[kind]
        before = self._seconds()
        for _ in range(count):
            self._connection.request(method, path, body, self._headers)
            answer = self._connection.getresponse()
            answer.read()
            assert answer.status in {200, 201}, answer.status
        return (self._seconds() - before) / count * 1e6

    def _seconds(self) -> float:
        tasks = Path(f"/proc/{self._pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def _port_in(log: Path) -> int:
    """Return where a server listens, once it says so."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        for line in log.read_text().splitlines():
            event = json.loads(line) if line.startswith("{") and line.endswith("}") else {}
            if event.get("event") == "serving":
                return int(event["api"].rsplit(":", 1)[1].split("/")[0])
        time.sleep(0.05)
    raise BenchmarkFailed(f"the server did not start: {log.read_text()[-1000:]}")


@contextmanager
def _started(way: str) -> Iterator[_Server]:
    with temporary_folder() as folder:
        environment = os.environ | {"TASKHARBOR_LOG_FORMAT": "json", "TASKHARBOR_PORT": "0"}
        headers: dict[str, str] = {}
        if way == "token":
            environment["TASKHARBOR_AUTH"] = "required"
            create = [sys.executable, *_TASKHARBOR, "token", "create", "--scope", "write"]
            done = subprocess.run(create, cwd=folder, env=environment, capture_output=True, text=True, check=True)
            headers["Authorization"] = f"Bearer {done.stdout.strip()}"
        program = ("-c", _UNGUARDED) if way == "none" else _TASKHARBOR
        log = folder / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *program, "serve"], cwd=folder, env=environment, stdout=output, stderr=output
            )
        try:
            yield _Server(process.pid, _port_in(log), headers)
        finally:
            process.terminate()
            process.wait()


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with ExitStack() as stack:
        servers = {way: stack.enter_context(_started(way)) for way in ("none", "local", "token")}
        taken: dict[str, dict[str, list[float]]] = {kind: {way: [] for way in servers} for kind in _REQUESTS}
        for server in servers.values():
            server.ask("create")
        for _ in range(rounds):
            for kind, ways in taken.items():
                for way, server in servers.items():
                    ways[way].append(server.ask(kind))
    for kind, ways in taken.items():
        for way, each in ways.items():
            more = statistics.median((one / none - 1) * 100 for one, none in zip(each, ways["none"], strict=True))
            least, middle = min(each), statistics.median(each)
            least_more = (least / min(ways["none"]) - 1) * 100
            print(
                f"{kind:6} {way:5} median {middle:6.1f} us, of pairs {more:+5.1f} % over none; "
                f"least {least:6.1f} us, {least_more:+5.1f} %"
            )


if __name__ == "__main__":
    main()
