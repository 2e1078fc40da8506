"""Who takes part, and how each is started: one worker, no access log."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.failure import BenchmarkFailed
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
        is_ours: whether it understands what only Taskharbor has.
        is_narrow: whether its tasks have the article's four fields only.
    """

    name: str
    launch: Callable[[int, str], Launch]
    ready: str
    is_ours: bool = False
    is_narrow: bool = True

    def with_workers(self, workers: int) -> "Contestant":
        """Return the same server with so many processes."""

        def launch(port: int, url: str) -> Launch:
            alone = self.launch(port, url)
            return replace(alone, command=[*alone.command, "--workers", str(workers)])

        return replace(self, name=f"{self.name}, {workers} worker{'s' if workers > 1 else ''}", launch=launch)


def launch_conventional(port: int, url: str) -> Launch:
    return _uvicorn("conventional", port, sqlalchemy_url(url))


def launch_floor(port: int, url: str) -> Launch:
    return _uvicorn("floor_sqlite" if url.startswith("sqlite:") else "floor_postgres", port, url)


def launch_wide_floor(port: int, url: str) -> Launch:
    narrow = launch_floor(port, url)
    return replace(narrow, environment={**narrow.environment, "BENCHMARK_FIELDS": "28"})


def launch_litestar(port: int, url: str) -> Launch:
    return _uvicorn("litestar_alchemy", port, sqlalchemy_url(url))


def checkout(name: str, folder: Path) -> Contestant:
    """Return Taskharbor as it is in another checkout, with an environment of its own (`make setup`).

    Raises:
        BenchmarkFailed: if there is none.
    """
    program = folder.resolve() / ".venv" / "bin" / "taskharbor"
    if not program.exists():
        raise BenchmarkFailed(f"{folder} has no .venv/bin/taskharbor: run make setup there")
    return replace(OURS, name=name, launch=partial(_launch_program, program))


def _launch_program(program: Path, port: int, url: str) -> Launch:
    return Launch(command=[str(program), "serve", "--migrate", "--port", str(port), "--database-url", url])


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
WIDE_FLOOR: Final = Contestant(name="floor-28", launch=launch_wide_floor, ready="/tasks/?limit=1", is_narrow=False)
LITESTAR: Final = Contestant(name="litestar", launch=launch_litestar, ready="/tasks/?limit=1")
OURS: Final = Contestant(
    name="taskharbor",
    launch=partial(_launch_program, Path(sys.executable).with_name("taskharbor")),
    ready="/health/ready",
    is_ours=True,
    is_narrow=False,
)
CONTESTANTS: Final = (CONVENTIONAL, LITESTAR, FLOOR, WIDE_FLOOR, OURS)
