import asyncio
from typing import Any

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.storage import Storage
from taskharbor.application.shards import move_workspace
from taskharbor.application.shards.announcement import announced
from taskharbor.application.shards.fenced_commits import write_fence
from taskharbor.application.shards.move_workspace import MoveBrokenOff, Moved
from taskharbor.application.shards.shard_records import FENCE, entry_from, entry_key
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.domain.identifiers import SERVICE_WORKSPACE
from unit.shards.cluster import LEASE, Cluster, W, faults, ids, use_cases


async def test_a_move_erases_nothing_of_a_workspace_that_has_come_back_meanwhile(cluster: Cluster) -> None:
    here = use_cases(cluster.process())
    tasks = [await here.execute(CreateTask(title=f"{n}")) for n in range(3)]
    where, to = await cluster.place(), await cluster.other()
    there = asyncio.create_task(cluster.process().move(W, to, grace=0.3))
    async with asyncio.timeout(5):
        while await cluster.place() != to:  # noqa: ASYNC110  # as another process sees it
            await asyncio.sleep(LEASE)
    await cluster.process().move(W, where, grace=0)
    await there
    assert await cluster.place() == where
    assert await ids(here) == [task.id for task in tasks]
    assert await faults(cluster.process()) == []


async def test_what_is_left_is_not_erased_while_another_move_copies_to_there(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = use_cases(cluster.process())
    tasks = [await here.execute(CreateTask(title=f"{n}")) for n in range(3)]
    where, to = await cluster.place(), await cluster.other()
    read_head = InMemoryStorage.read_head

    async def erase_first(self: InMemoryStorage, workspace: str) -> object:
        monkeypatch.setattr(InMemoryStorage, "read_head", read_head)
        await cluster.process().move(W, where, grace=0)
        return await read_head(self, workspace)

    monkeypatch.setattr(InMemoryStorage, "read_head", erase_first)
    with pytest.raises(MoveBrokenOff):
        await cluster.process().move(W, to, grace=0)
    assert await cluster.place() == where
    assert await ids(here) == [task.id for task in tasks]
    assert await faults(cluster.process()) == []


async def test_a_move_that_was_overtaken_at_its_beginning_erases_nothing(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = use_cases(cluster.process())
    await here.execute(CreateTask(title="first"))
    to = await cluster.other()

    async def overtaken(*args: Any, **named: Any) -> int:
        monkeypatch.setattr(move_workspace, "write_fence", write_fence)
        await cluster.process().move(W, to, grace=0)
        await here.execute(CreateTask(title="second"))
        return await write_fence(*args, **named)

    monkeypatch.setattr(move_workspace, "write_fence", overtaken)
    with pytest.raises(MoveBrokenOff):
        await cluster.process().move(W, to, grace=0)
    assert await cluster.place() == to
    assert await ids(here) == [1, 2]
    assert await faults(cluster.process()) == []


async def test_a_move_that_is_broken_off_leaves_the_announcement_of_the_next_one(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = use_cases(cluster.process())
    await here.execute(CreateTask(title="first"))
    to = await cluster.other()
    read_head = InMemoryStorage.read_head
    write_copy = InMemoryStorage.write_copy
    broken_off = asyncio.Event()
    reader = cluster.process(lease=0.2)

    async def overtaken(self: InMemoryStorage, *args: Any, **named: Any) -> None:
        monkeypatch.setattr(InMemoryStorage, "write_copy", write_copy)
        monkeypatch.setattr(InMemoryStorage, "read_head", wait)
        latest.append(asyncio.create_task(cluster.process().move(W, to, grace=0)))
        await closed.wait()
        await write_copy(self, *args, **named)

    async def wait(self: InMemoryStorage, workspace: str) -> object:
        closed.set()
        await broken_off.wait()
        return await read_head(self, workspace)

    closed = asyncio.Event()
    latest: list[asyncio.Task[Moved]] = []
    monkeypatch.setattr(InMemoryStorage, "write_copy", overtaken)
    with pytest.raises(MoveBrokenOff):
        await cluster.process().move(W, to, grace=0)
    assert await ids(use_cases(reader)) == [1]
    broken_off.set()
    await asyncio.gather(*latest)
    assert (await here.execute(CreateTask(title="second"))).id == 2
    assert await ids(use_cases(reader)) == [1, 2]


async def another_move_begins(cluster: Cluster) -> None:
    """Take the first step of one that goes no further."""
    key = entry_key(W)
    entry = entry_from((await cluster.home.load_records(SERVICE_WORKSPACE, [key]))[key])
    async with announced(W, cluster.home, entry):
        pass


async def test_a_move_that_was_overtaken_closes_nothing(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    here = use_cases(cluster.process())
    await here.execute(CreateTask(title="first"))
    where, to = await cluster.place(), await cluster.other()
    before = await cluster.store(where).load_records(W, [FENCE])
    write_copy = InMemoryStorage.write_copy

    async def overtaken(self: InMemoryStorage, *args: Any, **named: Any) -> None:
        monkeypatch.setattr(InMemoryStorage, "write_copy", write_copy)
        await another_move_begins(cluster)
        await write_copy(self, *args, **named)

    monkeypatch.setattr(InMemoryStorage, "write_copy", overtaken)
    with pytest.raises(MoveBrokenOff):
        await cluster.process().move(W, to, grace=0)
    assert await cluster.store(where).load_records(W, [FENCE]) == before


async def test_a_move_that_is_overtaken_while_it_closes_the_old_place_opens_it_again(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = use_cases(cluster.process(patience=3600))
    await here.execute(CreateTask(title="first"))
    where, to = await cluster.place(), await cluster.other()

    async def overtaken(storage: Storage, *args: Any, **named: Any) -> int:
        if storage is cluster.store(where):
            monkeypatch.setattr(move_workspace, "write_fence", write_fence)
            await another_move_begins(cluster)
        return await write_fence(storage, *args, **named)

    monkeypatch.setattr(move_workspace, "write_fence", overtaken)
    with pytest.raises(MoveBrokenOff):
        await cluster.process().move(W, to, grace=0)
    async with asyncio.timeout(10):
        assert (await here.execute(CreateTask(title="second"))).id == 2
    assert await cluster.place() == where


async def test_a_move_is_done_though_somebody_who_waited_has_opened_the_new_place(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = use_cases(cluster.process())
    await here.execute(CreateTask(title="first"))
    where, to = await cluster.place(), await cluster.other()

    async def late(*args: Any, is_open: bool, **named: Any) -> int:
        if is_open:
            await use_cases(cluster.process(patience=0)).execute(CreateTask(title="second"))
        return await write_fence(*args, is_open=is_open, **named)

    monkeypatch.setattr(move_workspace, "write_fence", late)
    moved = await cluster.process().move(W, to, grace=0)
    assert (moved.from_shard, moved.to_shard) == (where, to)
    assert [view.title for view in (await here.list_tasks(ListTasks(limit=10))).items] == ["first", "second"]
