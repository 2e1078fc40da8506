"""Three servers of PostgreSQL of which Patroni makes one the leader, and another when that one goes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil

from e2e.cluster.network import Machine, can_be_made, network
from e2e.cluster.nodes import USER, Node, nodes
from postgres_server import free_port

SYSTEM_PYTHON = Path("/usr/bin/python3")


def python() -> Path | None:
    """Return a Python that the user of PostgreSQL can run, with the packages of this one; None if there is none."""
    if os.geteuid() != 0:
        return Path(sys.executable)
    asked = [SYSTEM_PYTHON, "-c", "import sys; print(*sys.version_info[:2])"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout if SYSTEM_PYTHON.exists() else ""
    return SYSTEM_PYTHON if said.split() == [str(part) for part in sys.version_info[:2]] else None


class Member:
    """A node, and the Patroni that looks after it; on a machine of its own if there is one."""

    def __init__(self, node: Node, machine: Machine | None) -> None:
        self.node = node
        self.machine = machine
        if machine is not None:
            node.address = machine.address
        self.raft = f"{node.address}:{free_port()}"
        self.rest = f"{node.address}:{free_port()}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        return self.node.data.name

    def configure(self, members: list["Member"]) -> None:
        """Write the configuration. YAML is JSON, too."""
        network = "127.0.0.1/32" if self.machine is None else self.machine.network
        trust = [f"host {database} all {network} trust" for database in ("all", "replication")]
        configuration: dict[str, Any] = {
            "scope": "taskharbor",
            "name": self.name,
            "restapi": {"listen": self.rest, "connect_address": self.rest},
            "raft": {
                "data_dir": str(self.node.data.parent / f"raft-{self.name}"),
                "self_addr": self.raft,
                "partner_addrs": [one.raft for one in members if one is not self],
            },
            "bootstrap": {
                "dcs": {
                    "ttl": 20,
                    "loop_wait": 2,
                    "retry_timeout": 5,
                    "primary_start_timeout": 0,
                    "synchronous_mode": True,
                    "postgresql": {"use_pg_rewind": True, "parameters": {"wal_log_hints": "on", "fsync": "off"}},
                },
                "initdb": [{"encoding": "UTF8"}, {"auth": "trust"}],
            },
            "postgresql": {
                "listen": self.node.host,
                "connect_address": self.node.host,
                "data_dir": str(self.node.data),
                "bin_dir": str(self.node.bin_path),
                "pg_hba": trust,
                "pgpass": str(self.node.data.parent / f"pgpass-{self.name}"),
                "authentication": {
                    "superuser": {"username": USER},
                    "replication": {"username": USER},
                    "rewind": {"username": USER},
                },
                "parameters": {"unix_socket_directories": ""},
                "basebackup": [{"checkpoint": "fast"}],
                "remove_data_directory_on_rewind_failure": True,
                "remove_data_directory_on_diverged_timelines": True,
            },
        }
        self._file.write_text(json.dumps(configuration))

    def start(self) -> None:
        self.node.data.chmod(0o700)
        self.node.own()
        user, command = self.node.user, [str(python() or sys.executable), "-m", "patroni", str(self._file)]
        if self.machine is not None:
            user, command = None, self.machine.command(user, *command)
        with (self.node.data.parent / f"{self.name}.patroni.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env={**os.environ, "PYTHONPATH": next(path for path in sys.path if path.endswith("site-packages"))},
                stdout=log,
                stderr=log,
                cwd=self.node.data.parent,
                user=user,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kill Patroni and PostgreSQL at once, as when the machine fails."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(30)
            self._process = None

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def cut_off(self) -> None:
        """Take the network away from it."""
        assert self.machine is not None
        self.machine.cut_off()

    def last_words(self) -> str:
        """Return the end of what Patroni and PostgreSQL have written."""
        file = self.node.data.parent / f"{self.name}.patroni.log"
        return file.read_text(errors="replace")[-3000:] if file.exists() else ""

    def role(self) -> str:
        """Return what the member is now: primary, replica, or nothing."""
        with suppress(httpx.HTTPError, ValueError):
            said = httpx.get(f"http://{self.rest}/patroni", timeout=2).json()
            if said.get("state") in {"running", "streaming"}:
                return str(said["role"])
        return ""

    def is_synchronous(self) -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"http://{self.rest}/synchronous", timeout=2).is_success
        return False

    @property
    def _file(self) -> Path:
        return self.node.data.parent / f"{self.name}.yml"

    def _signal(self, number: signal.Signals) -> None:
        pids = [self._process.pid] if self._process is not None else []
        with suppress(OSError, ValueError, IndexError):
            postmaster = int((self.node.data / "postmaster.pid").read_text().split()[0])
            with suppress(psutil.NoSuchProcess):
                pids += [postmaster, *(child.pid for child in psutil.Process(postmaster).children(recursive=True))]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)


@contextmanager
def patroni_cluster() -> Iterator[list[Member]]:
    """Yield three members, of which one leads and another has every commit."""
    with (
        nodes("one", "two", "three") as made,
        network(3) if can_be_made() else nullcontext([None, None, None]) as machines,
    ):
        members = [Member(node, machine) for node, machine in zip(made, machines, strict=True)]
        for member in members:
            member.configure(members)
        try:
            for member in members:
                member.start()
            wait_until(lambda: sorted(member.role() for member in members) == ["primary", "replica", "replica"])
            wait_until(lambda: any(member.is_synchronous() for member in members))
            yield members
        finally:
            for member in members:
                member.kill()


def leader_of(members: list[Member]) -> Member | None:
    return next((member for member in members if member.role() == "primary"), None)


def wait_until(condition: Any, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.2)
