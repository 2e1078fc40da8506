"""Claims through two servers are linearizable, whatever happens to these, to their database and to clients."""

import asyncio
import os
import random
import signal
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from random import Random

import httpx
import pytest

from e2e.conftest import RunningServer, StartServer
from e2e.promises.claimant import Claimant, History
from e2e.promises.databases import Database, File
from e2e.promises.test_kills import require_sound
from postgres_server import free_port
from taskharbor.testing.claims.linearizability import Operation, claimed, is_linearizable

HISTORIES = int(os.environ.get("TASKHARBOR_TEST_HISTORIES", "1000"))
AT_ONCE = 4
CLAIMANTS = 6
OPERATIONS_EACH = 8


class Service:
    """Two servers on one database. Each keeps its port, whatever happens to it."""

    def __init__(self, start_server: StartServer, database: Database) -> None:
        self._start_server = start_server
        self._database = database
        self._ports = [free_port(), free_port()]
        self._servers: list[RunningServer] = []
        self._no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # to make the usual one takes as long as a history
        self.faults: Counter[str] = Counter()

    @asynccontextmanager
    async def clients(self) -> AsyncIterator[list[httpx.AsyncClient]]:
        """Yield a client of each server, for one history: a connection whose request hung up is lost to its client."""
        async with AsyncExitStack() as stack:
            yield [
                await stack.enter_async_context(
                    httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30, verify=self._no_tls)
                )
                for port in self._ports
            ]

    async def start(self) -> None:
        self._servers = [await asyncio.to_thread(self._start, port) for port in self._ports]

    async def suffer(self) -> None:
        """Break one thing after another until cancelled."""
        faults = [self._kill, self._freeze] + ([] if isinstance(self._database, File) else [self._kill_the_database])
        while True:
            await asyncio.sleep(random.uniform(0.2, 0.8))
            fault = random.choice(faults)
            await fault(random.randrange(2))
            self.faults[fault.__name__.strip("_")] += 1

    async def _kill(self, which: int) -> None:
        os.killpg(self._servers[which].process.pid, signal.SIGKILL)
        self._servers[which].process.wait()
        self._servers[which] = await asyncio.to_thread(self._start, self._ports[which])

    async def _freeze(self, which: int) -> None:
        os.killpg(self._servers[which].process.pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(random.uniform(0.1, 0.6))
        finally:
            os.killpg(self._servers[which].process.pid, signal.SIGCONT)

    async def _kill_the_database(self, _which: int) -> None:
        await asyncio.to_thread(self._database.kill)
        await asyncio.to_thread(self._database.start)

    def _start(self, port: int) -> RunningServer:
        return self._start_server(
            TASKHARBOR_DATABASE_URL=self._database.url, TASKHARBOR_PORT=str(port), TASKHARBOR_MIGRATE="true"
        )


async def history_in(workspace: str, servers: list[httpx.AsyncClient], faults: Counter[str]) -> History:
    """Have claimants work in a workspace of their own; return what they asked and were answered."""
    while True:
        try:
            made = await random.choice(servers).post("/workspaces/", json={"id": workspace, "owner": "ada"})
        except httpx.TransportError:
            continue
        if made.is_success or made.status_code == httpx.codes.CONFLICT:
            break
    history = History(workspace)
    claimants = [Claimant(f"c{n}", servers, history, Random(f"{workspace} {n}"), faults) for n in range(CLAIMANTS)]
    await asyncio.gather(*(claimant.work(OPERATIONS_EACH) for claimant in claimants))
    return history


async def with_lost_claims(history: History, servers: list[httpx.AsyncClient]) -> list[Operation]:
    """Return the operations, and claims that nobody knows of: their client got nothing by asking again elsewhere."""
    if not history.lost:
        return history.operations
    while True:
        try:
            answer = await random.choice(servers).get(history.path, params={"limit": 1000})
        except httpx.TransportError:
            continue
        if answer.is_success:
            break
    held = {task["claim"]["holder"]: task for task in answer.json() if task.get("claim")}
    return history.operations + [
        Operation(asked, history.clock(), claimed(held[key]["id"], held[key]["claim"]["fence"]))
        for key, asked in history.lost.items()
        if key in held
    ]


@pytest.mark.long
@pytest.mark.timeout(7200)
# A request of httpx that is cancelled while it connects leaves its socket to the collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
async def test_histories_of_claims_with_faults_are_linearizable(start_server, database, tmp_path):
    service = Service(start_server, database)
    await service.start()
    numbers = iter(range(HISTORIES))
    operations = count()

    async def check() -> None:
        for number in numbers:
            async with service.clients() as servers:
                history = await history_in(f"h{number}", servers, service.faults)
                happened = await with_lost_claims(history, servers)
            service.faults["claimed unseen"] += len(happened) - len(history.operations)
            assert is_linearizable(happened), "\n".join(history.told)
            for _ in happened:
                next(operations)
            if number % 50 == 0:
                print(f"history {number}, {dict(service.faults)}", flush=True)

    suffering = asyncio.create_task(service.suffer())
    checks = asyncio.gather(*(check() for _ in range(AT_ONCE)))
    try:
        await asyncio.wait({suffering, checks}, return_when=asyncio.FIRST_COMPLETED)
        if not checks.done():
            await suffering  # what it could not bring back stays away
        await checks
    finally:
        suffering.cancel()
        checks.cancel()
        await asyncio.gather(suffering, checks, return_exceptions=True)
    print(f"{HISTORIES} histories of {next(operations)} operations, {dict(service.faults)}")
    require_sound(database.url, tmp_path)
