"""Debian's HAProxy with the configuration of `deploy/`, before a cluster under Patroni."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from debian_packages import program
from e2e.cluster.patroni import Member
from postgres_server import free_port

CONFIGURATION = Path(__file__).parents[3] / "deploy" / "haproxy.cfg"
LIBRARIES = ("liblua5.3-0", "libopentracing-c-wrapper0", "libopentracing1")


@contextmanager
def haproxy(members: list[Member], folder: Path) -> Iterator[int]:
    """Run it; yield the port on which it leads to the primary."""
    port = free_port()
    lines = CONFIGURATION.read_text().splitlines()
    assert sum(line.strip().startswith("server ") for line in lines) == len(members)
    servers = iter(members)
    for number, line in enumerate(lines):
        if line.strip().startswith("server "):
            member = next(servers)
            lines[number] = f"    server {member.name} {member.node.host} check port {member.rest.rpartition(':')[2]}"
    text = "\n".join(lines)
    assert "bind 127.0.0.1:5000" in text
    file = folder / "haproxy.cfg"
    file.write_text(text.replace("bind 127.0.0.1:5000", f"bind 127.0.0.1:{port}") + "\n")
    command = program("haproxy", "haproxy", folder, *LIBRARIES)
    environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, folder.glob("haproxy/usr/lib/*-linux-gnu")))}
    checked = subprocess.run([command, "-c", "-f", file], env=environment, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "WARNING" not in checked.stderr, checked.stderr
    process = subprocess.Popen([command, "-db", "-f", file], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(30)


async def answers(url: str) -> bool:
    """Return whether a server that takes writes answers there."""
    try:
        connection = await asyncpg.connect(url, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    try:
        return not await connection.fetchval("SELECT pg_is_in_recovery()")
    finally:
        await connection.close()
