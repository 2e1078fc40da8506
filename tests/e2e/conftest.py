"""Real servers, started as a user starts them: by the command, in a process of their own, in an empty folder.

The process is forked from one that has imported the command, but where there are several workers or the start itself
is tested: such modules have `None` for their `warm_command`.
"""

import json
import os
import queue
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from e2e.warm_command import ForkedProcess, WarmCommand

SECONDS = 30
WITHOUT_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody. Our servers speak HTTP, and to read whom the world trusts takes each client 20 ms."""

STARTING = 180
"""Seconds: four workers that begin need nine of a processor, which others may want, too."""


@dataclass
class RunningServer:
    """A process of `taskharbor serve`. `lines` is what it has written so far, on both streams."""

    process: subprocess.Popen[str] | ForkedProcess
    lines: list[str] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self._queue: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def port(self) -> int:
        port = httpx.URL(self.url).port
        assert port is not None
        return port

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=SECONDS, verify=WITHOUT_TLS)

    def wait_until_serving(self) -> None:
        """Read on until the server says where it is."""
        while (line := self._next_line(STARTING)) is not None:
            event = json.loads(line) if line.startswith("{") else {}
            if event.get("event") == "serving":
                self.url = str(httpx.URL(event["api"]).join("/"))
                return
        raise AssertionError(f"the server ended before it served:\n{self.output}")

    def read_lines(self, count: int) -> list[str]:
        """Wait for the next lines."""
        return [line for _ in range(count) if (line := self._next_line()) is not None]

    def wait(self) -> int:
        """Wait until it has ended; return its exit code."""
        code = self.process.wait(SECONDS)
        while self._next_line() is not None:
            pass
        return code

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def _next_line(self, seconds: float = SECONDS) -> str | None:
        line = self._queue.get(timeout=seconds)
        if line is None:
            self._queue.put(None)
        else:
            self.lines.append(line)
        return line

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._queue.put(line)
        self._queue.put(None)


StartServer = Callable[..., RunningServer]


@pytest.fixture(scope="session")
def surroundings() -> dict[str, str]:
    """The environment of every server: none of our variables, and bytecode that is compiled once."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("TASKHARBOR_", "PORT"))}
    return {**inherited, "PYTHONDONTWRITEBYTECODE": "", "TASKHARBOR_PORT": "0"}


@pytest.fixture(scope="session")
def warm_command(surroundings: dict[str, str]) -> Iterator[WarmCommand | None]:
    if not sys.platform.startswith("linux"):  # a fork is not for everybody who has loaded much
        yield None
        return
    warm = WarmCommand(surroundings)
    yield warm
    warm.close()


def launch(
    folder: Path, environment: Mapping[str, str], *options: str, warm: WarmCommand | None = None
) -> RunningServer:
    has_workers = "--workers" in options or environment.get("TASKHARBOR_WORKERS", "1") != "1"
    if warm is not None and not has_workers:
        return RunningServer(warm.start(folder, environment, "serve", *options))
    process = subprocess.Popen(
        [Path(sys.executable).with_name("taskharbor"), "serve", *options],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    return RunningServer(process)


def end(server: RunningServer) -> None:
    if server.process.poll() is None:
        with suppress(ProcessLookupError):  # it has just ended
            os.killpg(server.process.pid, signal.SIGKILL)  # its workers too: they hold the other end of its output
    server.process.wait(SECONDS)
    assert server.process.stdout is not None
    server.process.stdout.close()


@pytest.fixture
def launch_server(
    tmp_path: Path, surroundings: dict[str, str], warm_command: WarmCommand | None
) -> Iterator[StartServer]:
    """Launches servers in the folder of the test, and ends what is left of them. Settings are given by variable."""
    servers: list[RunningServer] = []

    def launch_here(*options: str, **environment: str) -> RunningServer:
        servers.append(launch(tmp_path, surroundings | environment, *options, warm=warm_command))
        return servers[-1]

    yield launch_here
    for server in servers:
        end(server)


@pytest.fixture
def start_server(launch_server: StartServer) -> StartServer:
    """The same, and waits until they serve."""

    def start(*options: str, **environment: str) -> RunningServer:
        server = launch_server(*options, **environment)
        server.wait_until_serving()
        return server

    return start


@pytest.fixture(scope="module", params=["memory", "sqlite", "postgres"])
def running_server(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    surroundings: dict[str, str],
    warm_command: WarmCommand | None,
) -> Iterator[RunningServer]:
    """A server without any tasks, one for the tests of a module, on each store in turn."""
    with ExitStack() as stack:
        url = {"memory": "memory://", "sqlite": "sqlite:///tasks.db"}.get(request.param)
        if url is None:
            postgres, template = (request.getfixturevalue(name) for name in ("postgres_server", "migrated_template"))
            url = stack.enter_context(postgres.database(template=template))
        environment = surroundings | {"TASKHARBOR_DATABASE_URL": url}
        server = launch(tmp_path_factory.mktemp("server"), environment, warm=warm_command)
        stack.callback(end, server)
        server.wait_until_serving()
        yield server
        assert server.stop() == 0, server.output
