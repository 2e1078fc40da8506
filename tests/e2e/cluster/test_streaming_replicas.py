"""Reads from standbys of PostgreSQL that replay what they have received as late as they like."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from random import Random

import pytest

from e2e.cluster.nodes import Node, nodes, urls_of
from replicas import Commits, faults_of
from taskharbor.adapters.sqlalchemy.postgres import PostgresStorage
from taskharbor.adapters.sqlalchemy.schema import upgrade
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.replicas.replicated_storage import ReplicatedStorage
from taskharbor.entrypoints.embedded import open_taskharbor

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[Node, Node, Node]]:
    """A primary and two standbys."""
    with nodes("primary", "one", "two") as (primary, one, two):
        primary.create()
        primary.start()
        asyncio.run(upgrade(primary.url))
        for standby in (one, two):
            standby.copy(primary)
            standby.start()
        yield primary, one, two


class Asked(PostgresStorage):
    """Counts the pages that are read from it."""

    pages = 0

    async def list_tasks(self, workspace, **place):
        self.pages += 1
        return await super().list_tasks(workspace, **place)


@pytest.mark.parametrize("wait", [0, 0.05])
async def test_reads_never_go_back_while_standbys_lag(cluster: tuple[Node, Node, Node], wait: float) -> None:
    primary, *standbys = cluster
    random, commits = Random(wait), Commits()
    database = f"waiting_{int(wait * 1000)}"
    await primary.execute(f"CREATE DATABASE {database}")
    await upgrade(primary.url_of(database))
    replicas = [Asked.from_url(standby.url_of(database), StorageOptions()) for standby in standbys]
    recorded = commits.recorded(PostgresStorage.from_url(primary.url_of(database), StorageOptions()))
    storage = ReplicatedStorage(recorded, list(replicas), wait=wait)

    async def lag() -> None:
        while True:
            standby = random.choice(standbys)
            await standby.execute("SELECT pg_wal_replay_pause()")
            await asyncio.sleep(random.uniform(0.01, 0.1))
            await standby.execute("SELECT pg_wal_replay_resume()")
            await asyncio.sleep(random.uniform(0, 0.02))

    lagging = asyncio.ensure_future(lag())
    try:
        found = await faults_of(storage, commits, random, clients=10, steps=200)
    finally:
        lagging.cancel()
        with suppress(asyncio.CancelledError):
            await lagging
        for standby in standbys:
            await standby.execute("SELECT pg_wal_replay_resume()")
    print(f"pages from standbys: {[replica.pages for replica in replicas]}")
    assert found == []
    assert all(replica.pages > 10 for replica in replicas)


async def test_while_all_standbys_are_away_the_primary_answers(cluster: tuple[Node, Node, Node]) -> None:
    primary, *standbys = cluster
    for standby in standbys:
        standby.stop()
    async with open_taskharbor(primary.url, replica_url=urls_of(*standbys)) as harbor:
        task = await harbor.create_task(title="a task")
        async with harbor.reading(at_least_revision=0):
            assert await harbor.get_task(task.id) == task
