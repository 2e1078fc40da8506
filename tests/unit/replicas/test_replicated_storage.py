import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from replicas import Commits, Follower
from taskharbor.adapters.clock import SystemClock
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.application.errors import ConcurrentUpdate, QueryTooExpensive, StoreNotReady, StoreUnavailable
from taskharbor.application.ports import Changeset, Position
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.replicas import replica
from taskharbor.application.replicas.replicated_storage import ReplicatedStorage
from taskharbor.application.replicas.seen import Seen, seeing
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import SERVICE_WORKSPACE

W = "default"


class Asked(InMemoryStorage):
    """Counts reads, and fails as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0
        self.failure: Exception | None = None

    async def open(self) -> None:
        if self.failure is not None:
            raise self.failure

    async def get_task(self, workspace: str, task_id: int):
        self.reads += 1
        if self.failure is not None:
            raise self.failure
        return await super().get_task(workspace, task_id)

    async def read_history_bounds(self, workspace: str):
        if self.failure is not None:
            raise self.failure
        return await super().read_history_bounds(workspace)


class Cluster:
    """A primary and one replica that follows when it is told to."""

    def __init__(self, *, wait: float = 0) -> None:
        commits = Commits()
        self.primary, self.replica = Asked(), Asked()
        self.follower = Follower(commits, self.replica)
        self.storage = ReplicatedStorage(commits.recorded(self.primary), [self.replica], wait=wait)
        self.use_cases = UseCases(self.storage, clock=SystemClock(), uids=Uuid7Uids())

    async def read(self, seen: Seen) -> tuple[int | None, str]:
        """Return the revision of the first task, and who was asked for it last."""
        primary, replica = self.primary.reads, self.replica.reads
        with seeing(seen):
            task = await self.storage.get_task(W, 1)
        asked = [("replica", self.replica.reads - replica), ("primary", self.primary.reads - primary)]
        return (None if task is None else task.revision), "+".join(name for name, times in asked if times)


@pytest_asyncio.fixture
async def cluster() -> AsyncIterator[Cluster]:
    cluster = Cluster()
    async with cluster.storage:
        await cluster.use_cases.execute(CreateTask(title="a task"))
        yield cluster


async def test_a_replica_answers_once_it_has_reached_what_the_caller_has_seen(cluster: Cluster) -> None:
    assert await cluster.read(Seen(1)) == (1, "primary")
    await cluster.follower.follow()
    assert await cluster.read(Seen(1)) == (1, "replica")


async def test_a_caller_to_whom_anything_is_new_is_answered_by_any_replica(cluster: Cluster) -> None:
    assert await cluster.read(Seen(0)) == (None, "replica")


async def test_of_whom_nothing_is_known_the_primary_answers_and_says_how_far_that_was(cluster: Cluster) -> None:
    await cluster.follower.follow()
    seen = Seen()
    assert await cluster.read(seen) == (1, "primary")
    assert await seen.settle() == {W: 1}


async def test_without_a_caller_the_primary_answers(cluster: Cluster) -> None:
    await cluster.follower.follow()
    await cluster.storage.get_task(W, 1)
    assert (cluster.primary.reads, cluster.replica.reads) == (1, 0)


async def test_whoever_changes_something_reads_from_the_primary(cluster: Cluster) -> None:
    seen = Seen(0)
    with seeing(seen):
        await cluster.use_cases.execute(CreateTask(title="another"))
    await cluster.follower.follow()
    assert await cluster.read(seen) == (1, "primary")
    assert await seen.settle() == {W: 2}


async def test_what_was_seen_of_one_workspace_says_nothing_of_another(cluster: Cluster) -> None:
    seen = Seen(before={"elsewhere": 5})
    assert seen.needed(W) is None
    assert seen.needed("elsewhere") == 5


async def test_the_directory_is_read_from_the_primary(cluster: Cluster) -> None:
    record = Record(kind="token", key="revoked", document="{}")
    with seeing(Seen(0)) as seen:
        await cluster.storage.commit(Changeset(workspace=SERVICE_WORKSPACE, records=(record,)))
        found = await cluster.storage.load_records(SERVICE_WORKSPACE, [RecordKey("token", "revoked")])
    assert len(found) == 1
    assert await cluster.read(seen) == (None, "replica")


async def test_a_replica_that_is_behind_can_be_waited_for() -> None:
    cluster = Cluster(wait=30)
    async with cluster.storage:
        await cluster.use_cases.execute(CreateTask(title="a task"))
        reading = asyncio.ensure_future(cluster.read(Seen(1)))
        await asyncio.sleep(0)
        await cluster.follower.follow()
        assert await reading == (1, "replica")


@pytest.mark.parametrize(
    "failure", [StoreUnavailable("it is gone"), StoreNotReady("old", remedy="-"), ConcurrentUpdate()]
)
async def test_a_replica_that_fails_is_left_alone_until_it_answers_again(
    cluster: Cluster, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "AWAY_FOR", 3600)
    await cluster.follower.follow()
    await cluster.read(Seen(1))
    cluster.replica.failure = failure
    assert await cluster.read(Seen(1)) == (1, "replica+primary")
    assert await cluster.read(Seen(1)) == (1, "primary")
    cluster.replica.failure = None
    assert await cluster.read(Seen(1)) == (1, "primary")
    monkeypatch.setattr(cluster.storage._replicas[0], "_away_until", 0)
    assert await cluster.read(Seen(1)) == (1, "replica")


async def test_a_query_that_takes_a_replica_too_long_is_not_asked_again(cluster: Cluster) -> None:
    await cluster.follower.follow()
    cluster.replica.failure = QueryTooExpensive(2)
    cluster.storage._replicas[0]._reached[W] = 1
    with pytest.raises(QueryTooExpensive):
        await cluster.read(Seen(1))
    assert cluster.primary.reads == 0


async def test_a_replica_that_does_not_say_how_far_it_is_is_not_waited_for(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_workspace: str) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(replica, "ANSWERS_WITHIN", 0.01)
    monkeypatch.setattr(cluster.replica, "read_history_bounds", never)
    assert await cluster.read(Seen(1)) == (1, "primary")


async def test_an_older_copy_in_the_place_of_a_replica_is_noticed(cluster: Cluster) -> None:
    await cluster.follower.follow()
    await cluster.read(Seen(1))
    cluster.replica._workspaces.clear()
    assert await cluster.read(Seen(1)) == (1, "replica+primary")
    assert await cluster.read(Seen(1)) == (1, "primary")


async def test_a_place_in_the_feed_that_a_replica_has_not_reached_is_not_taken_for_lost(cluster: Cluster) -> None:
    with seeing(Seen(0)):
        found = await cluster.storage.list_changes(W, after=Position(1, seen=1), limit=10)
    assert found.revision == 1


async def test_a_replica_that_cannot_be_opened_keeps_nobody_from_the_primary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "AWAY_FOR", 3600)
    cluster = Cluster()
    cluster.replica.failure = StoreUnavailable("it does not run yet")
    async with cluster.storage:
        await cluster.use_cases.execute(CreateTask(title="a task"))
        assert await cluster.read(Seen(1)) == (1, "primary")
        cluster.replica.failure = None
        monkeypatch.setattr(cluster.storage._replicas[0], "_away_until", 0)
        await cluster.follower.follow()
        assert await cluster.read(Seen(1)) == (1, "primary")  # which has it opened
        await cluster.storage._replicas[0].open()
        assert await cluster.read(Seen(1)) == (1, "replica")


def test_a_cluster_has_replicas() -> None:
    with pytest.raises(ValueError, match="at least one"):
        ReplicatedStorage(InMemoryStorage(), [])
