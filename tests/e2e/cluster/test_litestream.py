"""A SQLite file that Litestream copies away while it is served: destroyed, restored, verified."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from e2e.conftest import StartServer

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

TOOLS = Path(sys.executable).parent


@pytest.fixture
def litestream(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Litestream on the file that a server of this folder uses."""
    log = (tmp_path / "litestream.log").open("wb")
    process = subprocess.Popen(
        [TOOLS / "litestream", "replicate", tmp_path / "tasks.db", f"file://{tmp_path}/replica"],
        stdout=log,
        stderr=log,
    )
    yield process
    process.kill()
    process.wait(30)
    log.close()


def restored(folder: Path, name: str) -> Path:
    """Restore what has arrived at the replica into another file."""
    file = folder / name
    subprocess.run(
        [TOOLS / "litestream", "restore", "-o", file, f"file://{folder}/replica"], check=True, capture_output=True
    )
    return file


def verified(file: Path) -> str:
    command = [TOOLS / "taskharbor", "verify", "--database-url", f"sqlite:///{file}"]
    said = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)
    assert said.returncode == 0, said.stdout
    return said.stdout


def created(client: httpx.Client, count: int) -> list[int]:
    return [client.post("/tasks/", json={"title": f"task {n}"}).raise_for_status().json()["id"] for n in range(count)]


def tasks_in(url: str) -> list[int]:
    with httpx.Client(base_url=url, timeout=30) as client:
        return [task["id"] for task in client.get("/tasks/", params={"limit": 1000}).json()]


def test_what_is_stopped_in_order_comes_back_whole(
    tmp_path: Path, start_server: StartServer, litestream: subprocess.Popen[bytes]
) -> None:
    server = start_server()
    with server.client() as client:
        acknowledged = created(client, 300)
    assert server.stop() == 0
    litestream.send_signal(signal.SIGTERM)  # it copies what is left, and ends
    assert litestream.wait(60) == 0
    for file in tmp_path.glob("tasks.db*"):
        if file.is_file():
            file.unlink()

    assert "All is well: 300 tasks" in verified(restored(tmp_path, "tasks.db"))
    assert tasks_in(start_server().url) == acknowledged


def test_after_a_crash_what_had_arrived_is_there_and_holds_together(
    tmp_path: Path, start_server: StartServer, litestream: subprocess.Popen[bytes]
) -> None:
    server = start_server()
    with server.client() as client:
        acknowledged = created(client, 200)
        for attempt in range(60):
            time.sleep(1)
            if list((tmp_path / "replica").rglob("*.ltx")) and "All is well: 200 tasks" in verified(
                restored(tmp_path, f"look{attempt}.db")
            ):
                break
        else:
            pytest.fail("nothing arrives at the replica")
        acknowledged += created(client, 200)
    os.killpg(server.process.pid, signal.SIGKILL)
    litestream.kill()
    litestream.wait(30)
    for file in tmp_path.glob("tasks.db*"):
        if file.is_file():
            file.unlink()

    verified(restored(tmp_path, "tasks.db"))
    found = tasks_in(start_server().url)
    print(f"{len(found)} of {len(acknowledged)} acknowledged tasks had arrived")
    assert len(found) >= 200
    assert found == acknowledged[: len(found)]
