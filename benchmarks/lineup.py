"""Who takes part, and how each is started: one worker, no access log."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.stores import sqlalchemy_url

REPOSITORY: Final = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A command line, and what it needs in its environment."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A server that can be started on a port with a database.

    Attributes:
        name: what the table calls it.
        launch: makes the command from the port and a URL such as `sqlite:///path` or `postgresql://...`.
        ready: the path that answers 200 as soon as the server does its work.
    """

    name: str
    launch: Callable[[int, str], Launch]
    ready: str


def launch_conventional(port: int, url: str) -> Launch:
    return _uvicorn("conventional", port, sqlalchemy_url(url))


def launch_floor(port: int, url: str) -> Launch:
    return _uvicorn("floor_sqlite" if url.startswith("sqlite:") else "floor_postgres", port, url)


def launch_ours(port: int, url: str) -> Launch:
    program = str(Path(sys.executable).with_name("taskharbor"))
    return Launch(command=[program, "serve", "--migrate", "--port", str(port), "--database-url", url])


def _uvicorn(module: str, port: int, url: str) -> Launch:
    options = {
        "--app-dir": str(REPOSITORY),
        "--host": "127.0.0.1",
        "--port": str(port),
        "--loop": "uvloop",
        "--http": "httptools",
        "--log-level": "warning",
    }
    return Launch(
        command=[
            *(sys.executable, "-m", "uvicorn", f"benchmarks.contestants.{module}:app", "--no-access-log"),
            *(word for option in options.items() for word in option),
        ],
        environment={"BENCHMARK_DATABASE_URL": url},
    )


CONVENTIONAL: Final = Contestant(name="conventional", launch=launch_conventional, ready="/tasks/?limit=1")
FLOOR: Final = Contestant(name="floor", launch=launch_floor, ready="/tasks/?limit=1")
OURS: Final = Contestant(name="taskharbor", launch=launch_ours, ready="/health/ready")
CONTESTANTS: Final = (CONVENTIONAL, FLOOR, OURS)
