"""What was acknowledged outlives the death of every process, and a call with a key is carried out once."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.conftest import RunningServer, StartServer
from e2e.promises.databases import Database
from e2e.promises.ledger import Ledger, clients_at, require_all
from postgres_server import free_port

KILLS = int(os.environ.get("TASKHARBOR_TEST_KILLS", "200"))


def require_sound(url: str, folder: Path) -> None:
    command = [Path(sys.executable).with_name("taskharbor"), "verify", "--database-url", url]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


async def kill_servers(
    start_server: StartServer, database: Database, folder: Path, *, times: int, acknowledgements: int
) -> Ledger:
    """Kill a server with all its workers while clients work, the database with every other one, and start them again.

    Return what the clients were told.
    """
    port = str(free_port())

    def start() -> RunningServer:
        return start_server(TASKHARBOR_DATABASE_URL=database.url, TASKHARBOR_PORT=port, TASKHARBOR_MIGRATE="true")

    server = await asyncio.to_thread(start)
    async with clients_at(server.url) as ledger:
        for number in range(times):
            await asyncio.sleep(random.uniform(0.2, 0.8))
            if number % 2:
                await asyncio.to_thread(database.kill)
                await asyncio.sleep(random.uniform(0, 0.2))  # the server finds out, or does not
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()
            if number % 2:
                await asyncio.to_thread(database.start)
            server = await asyncio.to_thread(start)
        while ledger.answers < acknowledgements:  # noqa: ASYNC110  # a busy machine takes longer for them
            await asyncio.sleep(0.1)
    await require_all(server.url, ledger)
    require_sound(database.url, folder)
    return ledger


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_what_was_acknowledged_outlives_200_kills(start_server, database, tmp_path):
    ledger = await kill_servers(start_server, database, tmp_path, times=KILLS, acknowledgements=100 * KILLS)
    print(f"{KILLS} kills, {ledger.answers} acknowledgements")
    assert ledger.answers >= 100 * KILLS
