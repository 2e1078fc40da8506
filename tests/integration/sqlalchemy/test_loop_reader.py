"""Quick reads are answered on the event loop; what does not go smoothly there is left to threads."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copyfile
from time import thread_time

import pytest

from taskharbor.adapters.sqlalchemy.sqlite import SqliteStorage, loop_reader
from taskharbor.adapters.sqlalchemy.sqlite.database_file import DatabaseFile
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.search.count_tasks import CountTasks
from taskharbor.application.search.find_tasks import FindTasks
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.list_tasks import ListTasks

_LONG = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
    SELECT count(*) FROM (SELECT * FROM n LIMIT 2000000)"""


@asynccontextmanager
async def _no_thread_free(sqlite: SqliteStorage) -> AsyncIterator[None]:
    """Keep every thread that reads busy until the block is left."""
    loop, may_end = asyncio.get_running_loop(), threading.Event()
    busy = []
    try:
        for _ in range(sqlite.figures().pools["readers"].most - 1):  # the last is for what is known as slow
            has_begun = asyncio.Event()

            def hold(_: sqlite3.Connection, has_begun: asyncio.Event = has_begun) -> None:
                loop.call_soon_threadsafe(has_begun.set)
                may_end.wait()

            busy.append(loop.create_task(sqlite._readers.run(hold)))
            await has_begun.wait()
        yield
    finally:
        may_end.set()
        await asyncio.gather(*busy)


async def test_a_page_and_a_task_are_read_though_no_thread_is_free(sqlite: SqliteStorage, use_cases_on) -> None:
    use_cases = use_cases_on(sqlite)
    task = await use_cases.execute(CreateTask(title="at once"))
    async with _no_thread_free(sqlite), asyncio.timeout(30):
        assert [one.title for one in (await use_cases.list_tasks(ListTasks())).items] == ["at once"]
        assert (await use_cases.get_task(task.id)).title == "at once"


async def test_a_search_and_a_count_are_answered_though_no_thread_is_free(sqlite: SqliteStorage, use_cases_on) -> None:
    use_cases = use_cases_on(sqlite)
    await use_cases.execute(CreateTask(title="at once"))
    async with _no_thread_free(sqlite), asyncio.timeout(30):
        for sort in ("id", "due"):
            found = await use_cases.search.find_tasks(FindTasks(q="once", sort=sort), workspace="default")
            assert [one.title for one in found.items] == ["at once"]
        assert await use_cases.search.count_tasks(CountTasks(q="once"), workspace="default") == 1


async def test_a_question_that_takes_long_is_not_tried_on_the_event_loop_again(sqlite: SqliteStorage) -> None:
    tried = []

    def work(connection: sqlite3.Connection) -> int:
        tried.append(threading.current_thread())
        return connection.execute(_LONG).fetchone()[0]

    for _ in range(2):
        assert await sqlite._readers.run(work, question="the same") == 2_000_000
    loop = threading.current_thread()
    assert tried[0] is loop
    assert loop not in tried[1:]


async def test_a_read_that_takes_long_is_carried_out_by_a_thread(sqlite: SqliteStorage) -> None:
    began = thread_time()
    assert list(await sqlite._fetch(_LONG)) == [(2_000_000,)]
    assert thread_time() - began < 0.05  # of the event loop's time; it takes several times that


async def test_once_a_read_has_waited_for_the_disk_threads_read(sqlite: SqliteStorage, monkeypatch) -> None:
    reader = sqlite._readers._at_once
    monkeypatch.setattr(loop_reader, "STALLED_SECONDS", -1.0)
    assert reader.fetch("SELECT 1", ()) == [(1,)]  # it waited, but for no disk
    monkeypatch.setattr(loop_reader, "_blocks_read", lambda: -1)
    assert [reader.fetch("SELECT 1", ()), reader.fetch("SELECT 1", ())] == [[(1,)], None]
    assert list(await sqlite._fetch("SELECT 1")) == [(1,)]


async def test_when_another_file_is_in_its_place_the_event_loop_reads_that(
    sqlite_path: Path, tmp_path: Path, use_cases_on
) -> None:
    other = tmp_path / "other.db"
    for path, title in ((sqlite_path, "former"), (other, "there now")):
        async with SqliteStorage(path, StorageOptions()) as sqlite:
            await use_cases_on(sqlite).execute(CreateTask(title=title))
    async with SqliteStorage(sqlite_path, StorageOptions()) as sqlite:
        reader = sqlite._readers._at_once
        assert (await use_cases_on(sqlite).list_tasks(ListTasks())).items[0].title == "former"
        copyfile(other, tmp_path / "copy.db")
        (tmp_path / "copy.db").replace(sqlite_path)
        assert (await use_cases_on(sqlite).list_tasks(ListTasks())).items[0].title == "there now"
        if reader._reopening is not None:
            await reader._reopening
        assert reader.fetch("SELECT json_extract(document, '$.title') FROM tasks", ()) == [("there now",)]


async def test_a_file_that_cannot_be_opened_is_a_store_that_is_unavailable(sqlite: SqliteStorage, monkeypatch) -> None:
    def connect(*_: object, **__: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(DatabaseFile, "connect", connect)
    with pytest.raises(StoreUnavailable, match="disk I/O error"):
        await loop_reader.LoopReader(sqlite._file, sqlite._readers.budget).start()
