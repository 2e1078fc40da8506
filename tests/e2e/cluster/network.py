"""Machines of one network, each of which can be cut off: namespaces of the kernel's network with a cable each."""

import os
import random
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Machine:
    """A place in the network.

    Attributes:
        name: of the namespace, and of the end of the cable that is in the switch.
        address: its own.
        network: that of all, as a prefix.
    """

    name: str
    address: str
    network: str

    def command(self, user: str | None, *command: str) -> list[str]:
        """Return what runs a command there, in the process that is started."""
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
        return ["ip", "netns", "exec", self.name, *as_user, *command]

    def cut_off(self) -> None:
        """Pull the cable: nothing arrives any more, and nobody is told."""
        _ip("link", "set", self.name, "down")

    def connect(self) -> None:
        """Plug the cable in again."""
        _ip("link", "set", self.name, "up")


@cache
def can_be_made() -> bool:
    """Return whether this user may make networks here."""
    if os.geteuid() != 0 or shutil.which("ip") is None or shutil.which("setpriv") is None:
        return False
    try:
        with network(1):
            return True
    except subprocess.CalledProcessError:
        return False


@contextmanager
def network(size: int) -> Iterator[Sequence[Machine]]:
    """Yield machines that reach each other and this one."""
    token = f"{random.randrange(16**6):06x}"
    prefix = f"10.{random.randrange(200, 250)}.{random.randrange(1, 250)}"
    switch = f"th{token}"
    machines = [Machine(f"th{token}n{n}", f"{prefix}.{n + 1}", f"{prefix}.0/24") for n in range(size)]
    try:
        _ip("link", "add", switch, "type", "bridge")
        _ip("addr", "add", f"{prefix}.254/24", "dev", switch)
        _ip("link", "set", switch, "up")
        for machine in machines:
            _ip("netns", "add", machine.name)
            _ip("link", "add", machine.name, "type", "veth", "peer", "name", "eth0", "netns", machine.name)
            _ip("link", "set", machine.name, "master", switch)
            _ip("link", "set", machine.name, "up")
            for device in ("lo", "eth0"):
                _ip("-n", machine.name, "link", "set", device, "up")
            _ip("-n", machine.name, "addr", "add", f"{machine.address}/24", "dev", "eth0")
        yield machines
    finally:
        for machine in machines:
            _ip("netns", "del", machine.name, check=False)
        _ip("link", "del", switch, check=False)


def _ip(*arguments: str, check: bool = True) -> None:
    subprocess.run(["ip", *arguments], check=check, capture_output=True, timeout=30)
