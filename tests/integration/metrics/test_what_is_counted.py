"""What is counted of use cases and stores, without a server."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from prometheus_client import CollectorRegistry

from integration.webhooks.deliveries import ME, QUICK, create, delivering, hook, until, use_cases_on
from integration.webhooks.receiver import Received, answer, receiving
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.claims.claim_task import ClaimTask
from taskharbor.application.ports.storage import Storage
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.entrypoints.metrics.store import StoreMetrics
from taskharbor.entrypoints.metrics.use_cases import UseCaseMetrics
from taskharbor.testing import FakeClock, FakeUids


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
async def storage() -> AsyncIterator[InMemoryStorage]:
    async with InMemoryStorage() as storage:
        yield storage


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Storage]:
    async with storage_from_url(f"sqlite:///{tmp_path}/tasks.db", StorageOptions()) as storage:
        yield storage


async def test_commits_are_counted_by_what_was_asked_for(registry: CollectorRegistry, storage: InMemoryStorage) -> None:
    metrics, use_cases = UseCaseMetrics(registry), use_cases_on(storage)
    await create(use_cases, "one", "two")
    await use_cases.execute(ClaimTask(id=1, holder="bot", lease="PT1M"), principal=ME)
    metrics.sample(use_cases)
    metrics.sample(use_cases)
    for command, count in (("create_task", 2), ("claim_task", 1), ("release_claim", None)):
        assert registry.get_sample_value("taskharbor_commits_total", {"command": command}) == count


async def test_the_revision_is_that_of_the_store(registry: CollectorRegistry, storage: InMemoryStorage) -> None:
    metrics, use_cases = UseCaseMetrics(registry), use_cases_on(storage)
    await create(use_cases, "one", "two")
    await metrics.ask(storage, DEFAULT_WORKSPACE)
    assert registry.get_sample_value("taskharbor_revision") == 2


async def test_a_webhook_that_is_not_told_lags_by_the_age_of_the_commit(
    registry: CollectorRegistry, storage: InMemoryStorage
) -> None:
    metrics, use_cases = UseCaseMetrics(registry), use_cases_on(storage)
    lags = []

    async def refuse(received: Received, writer: asyncio.StreamWriter) -> None:
        lags.append(use_cases.webhooks.deliveries.lag(use_cases.reminders.clock.now() + timedelta(hours=1)))
        await answer("500 No")(received, writer)

    async with receiving() as receiver, delivering(use_cases, QUICK):
        receiver.handlers = [refuse] * 2
        view = await hook(use_cases, receiver.url)
        await create(use_cases, "one")
        await until(use_cases, view.webhook.id, lambda view: view.delivery.revision == 1)
        async with asyncio.timeout(20):
            while use_cases.webhooks.deliveries.untold:  # noqa: ASYNC110  # until it has looked for what comes next
                await asyncio.sleep(0.001)
        metrics.sample(use_cases)
    assert registry.get_sample_value("taskharbor_webhook_lag_seconds") == 0
    assert len(lags) == 2
    assert min(lags) > 3600
    failed = use_cases.webhooks.deliveries.failed
    assert failed >= 2  # one that takes too long is one more
    for outcome, count in (("delivered", 1), ("failed", failed)):
        assert registry.get_sample_value("taskharbor_webhook_attempts_total", {"outcome": outcome}) == count


async def test_reminders_are_counted_when_they_fire_and_while_they_are_due(registry: CollectorRegistry) -> None:
    class Stuck(InMemoryStorage):
        async def commit(self, changes):  # type: ignore[no-untyped-def]
            if self.is_stuck:
                metrics.sample(use_cases)
                self.seen.append((value("taskharbor_reminders_due"), value("taskharbor_reminder_lag_seconds")))
            return await super().commit(changes)

        def __init__(self):  # type: ignore[no-untyped-def]
            super().__init__()
            self.is_stuck = False
            self.seen: list[tuple[float | None, float | None]] = []

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(name, labels)

    metrics, clock = UseCaseMetrics(registry), FakeClock()
    async with Stuck() as storage:
        use_cases = UseCases(storage, clock=clock, uids=FakeUids())
        due = (clock.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
        for title in ("one", "two"):
            command = CreateTask(
                title=title,
                due={"localDateTime": due, "timeZone": "UTC"},
                reminders=[{"offset": "PT0S", "relativeTo": "due"}],
            )
            await use_cases.execute(command)
        storage.is_stuck = True
        clock.advance(timedelta(hours=1, minutes=2))
        assert await use_cases.reminders.fire_due(DEFAULT_WORKSPACE) is None
        metrics.sample(use_cases)
    assert storage.seen[:2] == [(2, 120), (1, 120)]  # then what was stored before is looked for
    assert (value("taskharbor_reminders_due"), value("taskharbor_reminder_lag_seconds")) == (0, 0)
    assert value("taskharbor_reminders_fired_total", late="true") == 2
    assert value("taskharbor_reminders_fired_total", late="false") == 0


async def test_units_that_were_written_together_are_counted_as_a_group(
    registry: CollectorRegistry, sqlite: Storage
) -> None:
    metrics, use_cases = StoreMetrics(registry), use_cases_on(sqlite)
    await create(use_cases, "first")  # takes the ids of the others
    await asyncio.gather(*[create(use_cases, f"task {number}") for number in range(5)])
    metrics.sample(sqlite)
    metrics.sample(sqlite)
    assert registry.get_sample_value("taskharbor_commit_group_units_sum") == 6
    assert registry.get_sample_value("taskharbor_commit_group_units_bucket", {"le": "4.0"}) == 1
    assert registry.get_sample_value("taskharbor_commit_group_units_bucket", {"le": "8.0"}) == 2


async def test_threads_at_work_and_calls_that_wait_for_one_are_seen(
    registry: CollectorRegistry, sqlite: Storage
) -> None:
    entered, go = Event(), Event()
    metrics = StoreMetrics(registry)

    def hold(_connection: object) -> None:
        entered.set()
        assert go.wait(10)

    held = asyncio.ensure_future(sqlite._writer.run(hold))  # type: ignore[attr-defined]
    await asyncio.to_thread(entered.wait, 10)
    use_cases = use_cases_on(sqlite)
    waiting = asyncio.ensure_future(create(use_cases, "waits for its id"))
    async with asyncio.timeout(20):
        while not sqlite.figures().pools["writer"].waiting:  # type: ignore[attr-defined]  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    metrics.sample(sqlite)
    seen = {name: registry.get_sample_value(name, {"pool": "writer"}) for name in POOL}
    assert seen == dict.fromkeys(POOL, 1)
    go.set()
    await asyncio.gather(held, waiting)
    metrics.sample(sqlite)
    assert [registry.get_sample_value(name, {"pool": "writer"}) for name in POOL] == [1, 0, 0]


POOL = ("taskharbor_store_connections", "taskharbor_store_connections_used", "taskharbor_store_calls_waiting")


async def test_connections_of_postgres_are_seen(registry: CollectorRegistry, module_postgres_url: str) -> None:
    entered, go = asyncio.Event(), asyncio.Event()

    async def hold(_connection: object) -> None:
        entered.set()
        await go.wait()

    metrics = StoreMetrics(registry)
    async with storage_from_url(module_postgres_url, StorageOptions(pool_size=1)) as storage:
        held = asyncio.ensure_future(storage._connected(hold))  # type: ignore[attr-defined]
        await entered.wait()
        waiting = asyncio.ensure_future(storage.ping())
        await asyncio.sleep(0)
        metrics.sample(storage)
        go.set()
        await asyncio.gather(held, waiting)
    assert [registry.get_sample_value(name, {"pool": "connections"}) for name in POOL] == [1, 1, 1]


async def test_the_log_of_sqlite_has_a_size_and_starts_anew_when_all_of_it_was_written_back(
    registry: CollectorRegistry, sqlite: Storage
) -> None:
    metrics, use_cases = StoreMetrics(registry), use_cases_on(sqlite)
    await create(use_cases, "one")
    metrics.sample(sqlite)
    before = registry.get_sample_value("taskharbor_sqlite_checkpoints")
    assert registry.get_sample_value("taskharbor_sqlite_wal_bytes") > 4096
    connection = sqlite._file.connect()  # type: ignore[attr-defined]
    connection.execute("PRAGMA wal_checkpoint(RESTART)")
    connection.close()
    await create(use_cases, "two")
    metrics.sample(sqlite)
    assert registry.get_sample_value("taskharbor_sqlite_checkpoints") == before + 1


async def test_a_store_that_cannot_tell_has_no_series(registry: CollectorRegistry, storage: InMemoryStorage) -> None:
    StoreMetrics(registry).sample(storage)
    series = [sample.name for family in registry.collect() for sample in family.samples]
    assert not [name for name in series if "connections" in name or "wal" in name]
