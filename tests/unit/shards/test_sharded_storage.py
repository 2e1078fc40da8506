import asyncio
from datetime import timedelta

import pytest

from taskharbor.adapters.clock import SystemClock
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.errors import ConcurrentUpdate, StoreNotReady, WorkspaceNotFound
from taskharbor.application.history.purge import Purge
from taskharbor.application.lists.manage_lists import CreateList
from taskharbor.application.ports import Changeset
from taskharbor.application.ports.record_store import Record
from taskharbor.application.principal import system_in
from taskharbor.application.shards.fenced_commits import write_fence
from taskharbor.application.shards.move_workspace import MoveBrokenOff, Moved
from taskharbor.application.shards.shard_records import FENCE
from taskharbor.application.shards.sharded_storage import ShardedStorage
from taskharbor.application.sync.list_changes import ListChanges
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import SERVICE_WORKSPACE
from unit.shards.cluster import LEASE, Cluster, Lasting, LastingAndSlow, W, faults, ids, use_cases


async def test_a_new_workspace_goes_to_a_shard_and_one_that_home_had_stays(cluster: Cluster) -> None:
    await use_cases(cluster.home).execute(CreateTask(title="from before"))
    storage = cluster.process()
    await use_cases(storage).execute(CreateTask(title="since"))
    assert await cluster.place() == "home"
    for name in ("one", "two", "three", "four", "five", "six"):
        await use_cases(storage).execute(CreateTask(title="new"), principal=system_in(name))
        assert (await cluster.home.read_history_bounds(name)).revision == 0
        assert await ids(use_cases(cluster.process()), name) == [1]
    assert await cluster.north.list_workspaces(after="", limit=100)
    assert await cluster.south.list_workspaces(after="", limit=100)
    assert list(await storage.list_workspaces(after="four", limit=3)) == ["one", "six", SERVICE_WORKSPACE]


async def test_everything_goes_on_after_a_move(cluster: Cluster) -> None:
    storage = cluster.process()
    here = use_cases(storage)
    listed = await here.execute(CreateList(name="Garden"))
    kept = await here.execute(CreateTask(title="kept", list=listed.id))
    gone = await here.execute(CreateTask(title="gone"))
    deleted = await here.execute(DeleteTask(id=gone.id))
    token = (await here.list_changes(ListChanges())).next
    keyed = await here.execute(CreateTask(title="once"), idempotency_key="a")
    before = await here.list_changes(ListChanges())
    moved = await storage.move(W, await cluster.other(), grace=0)
    assert moved.rows >= 6
    after = await here.list_changes(ListChanges())
    assert after.items == before.items
    assert [change.id for change in (await here.list_changes(ListChanges(since=token))).items] == [keyed.id]
    assert (await here.execute(CreateTask(title="once"), idempotency_key="a")).id == keyed.id
    changed = await here.execute(ChangeTask(id=kept.id, title="changed", if_match=kept.revision))
    await here.execute(UndoCommit(revision=changed.revision))
    assert (await here.get_task(kept.id)).title == "kept"
    await here.execute(UndoCommit(revision=deleted.revision))
    assert (await here.get_task(gone.id)).title == "gone"
    assert (await here.execute(CreateTask(title="new"))).id > keyed.id
    await storage.move(W, "home", grace=0)
    assert (await here.get_task(gone.id)).title == "gone"
    assert await faults(storage) == []
    for name in ("north", "south"):
        assert not await cluster.store(name).scan_tasks(W, after=0, limit=10)


@pytest.mark.parametrize("kind", [Lasting, LastingAndSlow])
async def test_a_process_that_does_not_know_of_a_move_never_writes_at_the_old_place(kind: type[Lasting]) -> None:
    cluster = Cluster(kind)
    stale = cluster.stale_process()
    first = await use_cases(stale).execute(CreateTask(title="first"))
    old = await cluster.place()
    await cluster.process().move(W, await cluster.other(), grace=0)
    second = await use_cases(stale).execute(CreateTask(title="second"))
    assert second.revision > first.revision
    assert not await cluster.store(old).scan_tasks(W, after=0, limit=10)
    assert [task.title for task in await cluster.process().scan_tasks(W, after=0, limit=10)] == ["first", "second"]


async def test_a_commit_whose_place_was_looked_up_before_a_move_is_refused(cluster: Cluster) -> None:
    stale = cluster.stale_process()
    await use_cases(stale).execute(CreateTask(title="first"))
    old = await cluster.place()
    await cluster.process().move(W, await cluster.other(), grace=0)
    record = Record(kind="kind", key="key", document="{}")
    with pytest.raises(ConcurrentUpdate):
        await stale.commit(Changeset(workspace=W, records=(record,)))
    assert not await cluster.store(old).load_records(W, [record.found_by])


async def test_ids_that_the_old_place_gave_out_behind_a_move_are_not_written_at_the_new_one(cluster: Cluster) -> None:
    stale = cluster.stale_process()
    await use_cases(stale).execute(CreateTask(title="first"))
    await cluster.process().move(W, await cluster.other(), grace=0)
    late = [await stale.next_task_id(W) for _ in range(3)][-1]
    await use_cases(stale).execute(CreateList(name="Garden"))  # now it knows of the move
    [task] = await stale.scan_tasks(W, after=0, limit=1)
    added = type(task).create(id=late, uid=Uuid7Uids().new(), title="late", at=SystemClock().now())
    with pytest.raises(ConcurrentUpdate):
        await stale.begin_commit(Changeset(workspace=W, added=(added,)))
    assert await stale.next_task_id(W) > late


async def test_an_id_of_the_old_place_is_not_written_at_the_new_one(cluster: Cluster) -> None:
    storage = cluster.process()
    here = use_cases(storage)
    await here.execute(CreateTask(title="first"))
    task_id = await storage.next_task_id(W)
    [task] = await storage.scan_tasks(W, after=0, limit=1)
    await cluster.process().move(W, await cluster.other(), grace=0)
    await asyncio.sleep(LEASE)
    added = type(task).create(id=task_id, uid=Uuid7Uids().new(), title="late", at=SystemClock().now())
    with pytest.raises(ConcurrentUpdate):
        await storage.commit(Changeset(workspace=W, added=(added,)))
    assert await storage.next_task_id(W) > task_id


async def test_writers_of_a_move_that_died_go_on_where_the_workspace_was(cluster: Cluster) -> None:
    here = use_cases(cluster.process(patience=0.05))
    await here.execute(CreateTask(title="first"))
    where = await cluster.place()
    await write_fence(cluster.store(where), W, is_open=False, revision=None)  # the last that it did
    created = await asyncio.gather(*[here.execute(CreateTask(title="on")) for _ in range(20)])
    assert len({task.id for task in created}) == 20
    assert await cluster.place() == where


async def test_a_move_that_took_too_long_cannot_be_finished(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    here = use_cases(cluster.process(patience=0.05))
    await here.execute(CreateTask(title="first"))
    where, to = await cluster.place(), await cluster.other()
    closed, may_go_on = asyncio.Event(), asyncio.Event()
    read_head = InMemoryStorage.read_head

    async def wait(self: InMemoryStorage, workspace: str) -> object:
        closed.set()
        await may_go_on.wait()
        return await read_head(self, workspace)

    monkeypatch.setattr(InMemoryStorage, "read_head", wait)
    move = asyncio.create_task(cluster.process().move(W, to, grace=0))
    await closed.wait()
    second = await here.execute(CreateTask(title="second"))
    may_go_on.set()
    with pytest.raises(MoveBrokenOff, match="stays where it is"):
        await move
    assert await cluster.place() == where
    assert (await here.execute(CreateTask(title="third"))).id > second.id
    assert await faults(cluster.process()) == []


async def test_writers_open_the_new_place_if_the_move_died_behind_the_switch(
    cluster: Cluster,
) -> None:
    here = use_cases(cluster.process(patience=0.05))
    await here.execute(CreateTask(title="first"))
    to = await cluster.other()
    await cluster.process().move(W, to, grace=0)
    await write_fence(cluster.store(to), W, is_open=False, revision=None)  # as it is until the end
    assert (await here.execute(CreateTask(title="second"))).title == "second"
    assert await cluster.place() == to


async def test_a_move_that_was_broken_off_can_be_made_again(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = cluster.process()
    here = use_cases(storage)
    tasks = [await here.execute(CreateTask(title=f"{n}")) for n in range(5)]
    to = await cluster.other()
    write_copy = InMemoryStorage.write_copy

    async def fail(*_args: object, **_named: object) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(InMemoryStorage, "write_copy", fail)
    with pytest.raises(asyncio.CancelledError):
        await storage.move(W, to, grace=0)
    monkeypatch.setattr(InMemoryStorage, "write_copy", write_copy)
    await here.execute(DeleteTask(id=tasks[0].id))
    await storage.move(W, to, grace=0)
    assert await cluster.place() == to
    assert await ids(here) == [task.id for task in tasks[1:]]
    assert await faults(storage) == []


async def test_two_moves_at_once_do_not_mix_and_lose_nothing(cluster: Cluster) -> None:
    here = use_cases(cluster.process())
    tasks = [await here.execute(CreateTask(title=f"{n}")) for n in range(60)]
    where, to = await cluster.place(), await cluster.other()
    ends = await asyncio.gather(
        cluster.process().move(W, to, grace=0), cluster.process().move(W, "home", grace=0), return_exceptions=True
    )
    assert {type(end) for end in ends} <= {Moved, MoveBrokenOff}
    assert await cluster.place() in {where, to, "home"}
    assert await ids(here) == [task.id for task in tasks]
    await here.execute(CreateTask(title="on"))
    assert await faults(cluster.process()) == []


async def test_a_directory_that_names_an_unknown_shard_is_said_in_a_sentence(cluster: Cluster) -> None:
    await use_cases(cluster.process()).execute(CreateTask(title="first"))
    where = await cluster.place()
    other = await cluster.other()
    without = use_cases(ShardedStorage(cluster.home, {other: cluster.store(other)}))
    for call in (without.get_task(1), without.execute(CreateTask(title="second"))):
        with pytest.raises(
            StoreNotReady, match=f"workspace default is on the shard {where}, .*: name it in TASKHARBOR"
        ):
            await call
    assert len(await cluster.store(where).scan_tasks(W, after=0, limit=10)) == 1


async def test_shards_whose_urls_are_mixed_up_are_refused(cluster: Cluster) -> None:
    await cluster.process().open()
    mixed = ShardedStorage(cluster.home, {"north": cluster.south, "south": cluster.north})
    with pytest.raises(StoreNotReady, match="one that the directory knows by that name: it is the shard south"):
        await mixed.open()
    with pytest.raises(StoreNotReady, match="it holds nothing of it"):
        await ShardedStorage(cluster.home, {"north": InMemoryStorage()}).open()


async def test_a_workspace_that_is_missing_where_it_was_moved_is_not_begun_anew(cluster: Cluster) -> None:
    storage = cluster.process()
    await use_cases(storage).execute(CreateTask(title="first"))
    to = await cluster.other()
    await storage.move(W, to, grace=0)
    lost = use_cases(ShardedStorage(cluster.home, {"north": InMemoryStorage(), "south": InMemoryStorage()}))
    with pytest.raises(StoreNotReady, match=f"is not on the shard {to}, to which it was moved: restore"):
        await lost.execute(CreateTask(title="second"))


async def test_what_cannot_be_moved_is_refused(cluster: Cluster) -> None:
    storage = cluster.process()
    with pytest.raises(WorkspaceNotFound):
        await storage.move("nobody", "north", grace=0)
    await use_cases(storage).execute(CreateTask(title="first"))
    with pytest.raises(InvalidValue, match="must be one of home, north, south"):
        await storage.move(W, "east", grace=0)
    with pytest.raises(InvalidValue, match="must not contain home"):
        ShardedStorage(cluster.home, {"home": cluster.north})


async def test_a_purge_of_what_was_deleted_meanwhile_breaks_a_move_off(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = use_cases(cluster.process())
    task = await here.execute(CreateTask(title="first"))
    where = await cluster.place()
    write_copy = InMemoryStorage.write_copy

    async def write(self: InMemoryStorage, *args: object, **named: object) -> None:
        await write_copy(self, *args, **named)  # type: ignore[arg-type]
        monkeypatch.setattr(InMemoryStorage, "write_copy", write_copy)
        await here.execute(DeleteTask(id=task.id))
        await asyncio.sleep(0.001)
        await here.history.purge(Purge(trash_retention=timedelta(0), history_retention=None))

    monkeypatch.setattr(InMemoryStorage, "write_copy", write)
    with pytest.raises(MoveBrokenOff):
        await cluster.process().move(W, await cluster.other(), grace=0)
    assert await cluster.place() == where
    assert await ids(here) == []
    async with asyncio.timeout(2):  # nobody has to wait until it is taken to be broken off
        await here.execute(CreateTask(title="on"))


async def test_a_record_of_the_fence_is_kept_by_no_purge(cluster: Cluster) -> None:
    await use_cases(cluster.process()).execute(CreateTask(title="first"))
    fence = (await cluster.store(await cluster.place()).load_records(W, [FENCE]))[FENCE]
    assert fence == Record(kind=FENCE.kind, key=FENCE.key, document=json_text({"open": True}), revision=1)
