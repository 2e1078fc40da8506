import asyncio
import sys

import pytest

from taskharbor.adapters.lmdb import LmdbKeyValueStore, LmdbStorage
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.ports import KeyValueStorage, StoreUnavailable, TransactionConflict
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.embedded import open_taskharbor

WRITER = """
import asyncio, sys
from pathlib import Path
from taskharbor.adapters.lmdb import LmdbStorage
from taskharbor.entrypoints.embedded import open_taskharbor

async def main():
    async with open_taskharbor(storage=LmdbStorage(Path(sys.argv[1]))) as harbor:
        for n in range(40):
            await harbor.create_task(title=f"{sys.argv[2]} {n}")

asyncio.run(main())
"""


async def test_processes_that_share_a_folder_lose_no_task_and_leave_no_gap(tmp_path):
    writers = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, str(tmp_path), name) for name in ("a", "b")
    ]
    assert [await writer.wait() for writer in writers] == [0, 0]
    async with open_taskharbor(storage=LmdbStorage(tmp_path)) as harbor:
        tasks = [task async for task in harbor.iter_tasks()]
    assert sorted(task.title for task in tasks) == sorted(f"{name} {n}" for name in ("a", "b") for n in range(40))
    assert sorted(task.revision for task in tasks) == list(range(1, 81))


async def test_what_was_acknowledged_before_a_process_was_killed_is_there(tmp_path):
    for name in ("first", "second", "third"):
        program = WRITER.replace('")\n\nasyncio', '"); print(n, flush=True)\n\nasyncio')
        writer = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, str(tmp_path), name, stdout=asyncio.subprocess.PIPE
        )
        assert writer.stdout is not None
        acknowledged = [int(await writer.stdout.readline()) for _ in range(7)]
        writer.kill()
        acknowledged += map(int, (await writer.communicate())[0].split())
        async with open_taskharbor(storage=LmdbStorage(tmp_path)) as harbor:
            tasks = [task async for task in harbor.iter_tasks()]
        assert [task.revision for task in tasks] == list(range(1, len(tasks) + 1))
        assert {f"{name} {n}" for n in acknowledged} <= {task.title for task in tasks}


async def test_a_transaction_that_got_what_another_has_put_since_is_refused(tmp_path):
    store = LmdbKeyValueStore(tmp_path)
    await store.open()

    async def put_what_another_has_put() -> None:
        async with store.transaction() as first:
            await first.get([b"a"])
            async with store.transaction() as second:
                await second.get([b"a"])
                second.put(b"a", b"2")
            assert await first.get([b"a"]) == {}, "it reads one snapshot"
            first.put(b"a", b"1")
            first.put(b"b", b"1")

    with pytest.raises(TransactionConflict):
        await put_what_another_has_put()
    async with store.transaction() as after:
        assert await after.range(b"a", b"z") == [(b"a", b"2")]
    await store.aclose()


async def test_more_transactions_than_it_has_readers_wait_for_their_turn(tmp_path):
    store = LmdbKeyValueStore(tmp_path)
    await store.open()

    async def read():
        async with store.transaction() as transaction:
            await transaction.get([b"a"])
            await asyncio.sleep(0)
            return await transaction.range(b"a", b"z")

    assert await asyncio.gather(*(read() for _ in range(2000))) == [[]] * 2000
    await store.aclose()


async def test_a_full_environment_is_unavailable_and_goes_on_with_what_was_committed(tmp_path):
    async with open_taskharbor(storage=KeyValueStorage(LmdbKeyValueStore(tmp_path, map_size=2**18))) as harbor:
        kept = []

        async def fill() -> None:
            while True:
                kept.append(await harbor.create_task(title=f"task {len(kept)}", description="x" * 5000))

        with pytest.raises(StoreUnavailable, match="MDB_MAP_FULL"):
            await fill()
        assert [task.id async for task in harbor.iter_tasks()] == [task.id for task in kept] != []


async def test_a_folder_that_cannot_be_an_environment_is_unavailable(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable):
        await LmdbStorage(tmp_path / "file").open()
    with pytest.raises(StoreUnavailable):
        await LmdbStorage(tmp_path / "file").ping()


async def test_a_url_names_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with open_taskharbor(f"lmdb:///{tmp_path}/tasks") as harbor:
        task = await harbor.create_task(title="by a URL")
    async with open_taskharbor("lmdb:///tasks") as harbor:
        assert await harbor.get_task(task.id) == task


@pytest.mark.parametrize("url", ["lmdb:", "lmdb://", "lmdb:///", "lmdb://host/tasks"])
def test_a_url_without_a_folder_is_refused(url):
    with pytest.raises(InvalidValue, match="lmdb:///"):
        storage_from_url(url)


async def test_without_the_library_the_extra_is_named(tmp_path):
    program = "import sys; sys.modules['lmdb'] = None; import taskharbor.adapters.lmdb"
    done = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stderr=asyncio.subprocess.PIPE)
    _, said = await done.communicate()
    assert b"pip install 'taskharbor[lmdb]'" in said


async def test_while_its_file_is_away_nothing_is_answered_and_once_it_is_back_all_goes_on(tmp_path):
    file = tmp_path / "data.mdb"
    async with open_taskharbor(storage=LmdbStorage(tmp_path)) as harbor:
        task = await harbor.create_task(title="kept")
        file.rename(tmp_path / "away")
        for call in (harbor.get_task(task.id), harbor.create_task(title="lost"), harbor.find_tasks("priority = 0")):
            with pytest.raises(StoreUnavailable, match="is gone"):
                await call
        file.write_bytes((tmp_path / "away").read_bytes())
        with pytest.raises(StoreUnavailable, match="another file is in its place"):
            await harbor.create_task(title="lost")
        (tmp_path / "away").rename(file)
        await harbor.create_task(title="later")
        assert [task.title async for task in harbor.iter_tasks()] == ["kept", "later"]
