import asyncio
import threading
from contextlib import closing
from pathlib import Path

import pytest

from bulk_load import load
from generated_tasks import generated_tasks
from taskharbor.adapters.sqlalchemy.sqlite import SqliteStorage
from taskharbor.adapters.sqlalchemy.sqlite.database_file import DatabaseFile
from taskharbor.adapters.sqlalchemy.sqlite.workers import Unit, Workers
from taskharbor.adapters.sqlalchemy.sqlite.writer import GroupCommitWriter
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.errors import QueryTooExpensive, StoreUnavailable
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.search.marked_tasks import MarkedTasks
from taskharbor.application.sync.commit_marks import read_mark
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.domain.search.order import order_from
from taskharbor.testing.scenes.bench import Bench


async def test_an_answered_commit_survives_a_power_cut_and_readers_do_not_wait(sqlite: SqliteStorage) -> None:
    def pragmas(connection: sqlite3.Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "wal_autocheckpoint")
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    full = 2
    expected = {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 200,
        "wal_autocheckpoint": 4000,
    }
    # A PRAGMA cannot be asked inside the writer's transaction, but its values can be read there.
    assert await sqlite._writer.run(pragmas) == expected


async def test_a_file_locked_for_too_long_is_unavailable_and_recovers(
    sqlite: SqliteStorage, sqlite_path: Path, use_cases_on
) -> None:
    use_cases = use_cases_on(sqlite)
    await use_cases.execute(CreateTask(title="before"))
    other = sqlite3.connect(sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        await use_cases.execute(CreateTask(title="meanwhile"))
    assert [task.title for task in (await use_cases.list_tasks(ListTasks())).items] == ["before"]
    other.execute("ROLLBACK")
    other.close()
    await use_cases.execute(CreateTask(title="after"))
    assert [task.title for task in (await use_cases.list_tasks(ListTasks())).items] == ["before", "after"]


async def test_processes_that_share_a_file_take_gap_free_revisions(
    sqlite: SqliteStorage, sqlite_path: Path, use_cases_on
) -> None:
    async with SqliteStorage(sqlite_path, StorageOptions()) as other:
        creates = [
            use_cases_on(storage).execute(CreateTask(title=f"task {n}"))
            for n in range(40)
            for storage in (sqlite, other)
        ]
        tasks = await asyncio.gather(*creates)
    assert sorted(task.revision for task in tasks) == list(range(1, 81))
    assert len({task.id for task in tasks}) == 80


@pytest.fixture
def writer(sqlite_path: Path) -> GroupCommitWriter:
    with closing(sqlite3.connect(sqlite_path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE notes (text)")
    return GroupCommitWriter(DatabaseFile(sqlite_path, timeout=1, when_replaced=lambda: None))


def note(text: str):
    def work(connection: sqlite3.Connection) -> str:
        connection.execute("INSERT INTO notes VALUES (?)", (text,))
        return text

    return work


def notes(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [text for (text,) in connection.execute("SELECT text FROM notes ORDER BY rowid")]
    finally:
        connection.close()


class Gate:
    """Work that keeps the writer's thread busy until it is opened, so that other work queues up behind it."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self._open = threading.Event()

    def __call__(self, connection: sqlite3.Connection) -> None:
        self.entered.set()
        assert self._open.wait(10)

    def open(self) -> None:
        self._open.set()


async def queue_behind_a_gate(writer: GroupCommitWriter, *works) -> list[object]:
    gate = Gate()
    held = asyncio.ensure_future(writer.run(gate))
    await asyncio.to_thread(gate.entered.wait, 10)
    waiting = [asyncio.ensure_future(writer.run(work)) for work in works]
    await asyncio.sleep(0)  # each has put its unit into the queue
    gate.open()
    await held
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_units_that_wait_together_share_a_transaction(writer: GroupCommitWriter) -> None:
    transactions = []

    def work(connection: sqlite3.Connection) -> None:
        transactions.append(connection.total_changes)
        connection.execute("INSERT INTO notes VALUES ('x')")

    await writer.start()
    begun = []
    await writer.run(lambda connection: connection.set_trace_callback(begun.append))
    await queue_behind_a_gate(writer, *[work] * 20)
    await writer.aclose()
    assert begun.count("BEGIN IMMEDIATE") == 2  # the gate's, and one for all twenty
    assert len(transactions) == 20


async def test_a_unit_that_fails_undoes_itself_only(writer: GroupCommitWriter, sqlite_path: Path) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO notes VALUES ('never')")
        raise LookupError("on purpose")

    await writer.start()
    answers = await queue_behind_a_gate(writer, note("one"), fail, note("two"))
    await writer.aclose()
    assert answers[0] == "one"
    assert isinstance(answers[1], LookupError)
    assert answers[2] == "two"
    assert notes(sqlite_path) == ["one", "two"]


async def test_when_the_whole_transaction_is_lost_every_call_in_it_fails(
    writer: GroupCommitWriter, sqlite_path: Path
) -> None:
    def lose_everything(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")  # what SQLite does by itself when the disk is full
        raise sqlite3.OperationalError("database or disk is full")

    await writer.start()
    answers = await queue_behind_a_gate(writer, note("one"), lose_everything, note("two"))
    assert all(isinstance(answer, StoreUnavailable) for answer in answers)
    assert {str(answer) for answer in answers} == {"The task store is unavailable: SQLite: database or disk is full"}
    assert await writer.run(note("three")) == "three"
    await writer.aclose()
    assert notes(sqlite_path) == ["three"]


async def test_when_a_unit_cannot_be_undone_every_call_of_the_transaction_fails(
    writer: GroupCommitWriter, sqlite_path: Path
) -> None:
    def lose_the_savepoint(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")
        connection.execute("BEGIN")
        connection.execute("INSERT INTO notes VALUES ('never')")
        raise LookupError("on purpose")

    await writer.start()
    answers = await queue_behind_a_gate(writer, note("one"), lose_the_savepoint, note("two"))
    await writer.aclose()
    assert all(isinstance(answer, StoreUnavailable) for answer in answers)
    assert notes(sqlite_path) == []


async def test_closing_finishes_what_is_waiting(writer: GroupCommitWriter, sqlite_path: Path) -> None:
    await writer.start()
    gate = Gate()
    held = asyncio.ensure_future(writer.run(gate))
    await asyncio.to_thread(gate.entered.wait, 10)
    waiting = asyncio.ensure_future(writer.run(note("late")))
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(writer.aclose())
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(held, waiting, closing)
    assert notes(sqlite_path) == ["late"]


async def test_a_closed_store_is_unavailable(sqlite_path: Path) -> None:
    storage = SqliteStorage(sqlite_path, StorageOptions())
    with pytest.raises(StoreUnavailable):
        await storage.ping()
    async with storage:
        task = await Bench(storage, "default").new_task()
    with pytest.raises(StoreUnavailable):
        await storage.ping()
    with pytest.raises(StoreUnavailable):
        await storage.commit(Changeset(workspace="default", added=(task,), guarded={}))


async def test_cancelled_reads_keep_no_reader_busy(sqlite: SqliteStorage) -> None:
    reads = [asyncio.ensure_future(sqlite.ping()) for _ in range(50)]
    await asyncio.sleep(0)
    for read in reads[::2]:
        read.cancel()
    outcomes = await asyncio.gather(*reads, return_exceptions=True)
    assert outcomes[1::2] == [None] * 25
    await asyncio.gather(*(sqlite.ping() for _ in range(50)))


def carry_out(connection: sqlite3.Connection, group: list[Unit]) -> None:
    for unit in group:
        unit.result = unit.work(connection)


async def test_a_worker_that_cannot_even_undo_answers_and_goes_on(sqlite_path: Path) -> None:
    groups = 0

    def fail_once(connection: sqlite3.Connection, group: list[Unit]) -> None:
        nonlocal groups
        groups += 1
        if groups == 1:
            raise sqlite3.OperationalError("disk I/O error")  # as a ROLLBACK on a broken disk does
        carry_out(connection, group)

    workers = Workers(lambda: sqlite3.connect(sqlite_path), fail_once, threads=1, largest_group=1, name="test")
    await workers.start()
    async with asyncio.timeout(10):
        with pytest.raises(StoreUnavailable, match="I/O"):
            await workers.run(lambda _: "never")
        assert await workers.run(lambda _: "goes on") == "goes on"
        await workers.aclose()


async def test_an_opening_that_is_cancelled_leaves_no_thread_and_it_can_be_opened_again(sqlite_path: Path) -> None:
    connecting, may_connect = threading.Event(), threading.Event()
    threads: list[threading.Thread] = []

    def connect() -> sqlite3.Connection:
        threads.append(threading.current_thread())
        connecting.set()
        may_connect.wait()
        return sqlite3.connect(sqlite_path)

    workers = Workers(connect, carry_out, threads=1, largest_group=1, name="test")
    async with asyncio.timeout(10):
        opening = asyncio.create_task(workers.start())
        await asyncio.to_thread(connecting.wait)
        opening.cancel()
        await asyncio.wait({opening})
        may_connect.set()
        await workers.aclose()
        assert not any(thread.is_alive() for thread in threads)
        await workers.start()
        assert await workers.run(lambda _: "goes on") == "goes on"
        await workers.aclose()


async def test_threads_come_with_the_work_that_they_are_needed_for(sqlite_path: Path) -> None:
    threads: list[threading.Thread] = []
    begun, may_end = threading.Semaphore(0), threading.Event()

    def connect() -> sqlite3.Connection:
        threads.append(threading.current_thread())
        return sqlite3.connect(sqlite_path)

    def wait(_connection: sqlite3.Connection) -> None:
        begun.release()
        may_end.wait()

    workers = Workers(connect, carry_out, threads=2, largest_group=1, name="test")
    await workers.start()
    assert len(threads) == 1
    async with asyncio.timeout(10):
        for _ in range(5):
            await workers.run(lambda _: None)
        assert len(threads) == 1
        waiting = [workers.begin(wait) for _ in range(3)]
        for _ in range(2):
            await asyncio.to_thread(begun.acquire)
        may_end.set()
        await asyncio.gather(*waiting)
        await workers.aclose()
    assert len(threads) == 2
    assert not any(thread.is_alive() for thread in threads)


async def test_a_further_thread_that_cannot_connect_is_done_without(sqlite_path: Path) -> None:
    connected: list[bool] = []
    begun, may_end = threading.Event(), threading.Event()

    def connect() -> sqlite3.Connection:
        connected.append(not connected)
        if not connected[-1]:
            may_end.set()
            raise sqlite3.OperationalError("unable to open database file")
        return sqlite3.connect(sqlite_path)

    def wait(_connection: sqlite3.Connection) -> None:
        begun.set()
        may_end.wait()

    workers = Workers(connect, carry_out, threads=2, largest_group=1, name="test")
    await workers.start()
    async with asyncio.timeout(10):
        first = workers.begin(wait)
        await asyncio.to_thread(begun.wait)
        assert await workers.run(lambda _: "goes on") == "goes on"
        await first
        await workers.aclose()
    assert connected[:2] == [True, False]


async def test_the_words_of_the_new_tasks_of_a_commit_are_written_to_the_index_together(sqlite: SqliteStorage) -> None:
    async def rows_written() -> int:
        return await sqlite._writer.run(lambda connection: connection.total_changes)

    size = 100
    await sqlite.next_task_id("default")
    before = await rows_written()
    await load(sqlite, generated_tasks(size))

    # The task, its history, and its entry in the index, but no part of the index for each task.
    assert await rows_written() - before < 3.5 * size


async def test_a_full_page_that_is_found_knows_the_last_commit_at_once(sqlite: SqliteStorage, use_cases_on) -> None:
    for title in ("first", "second", "third"):
        await use_cases_on(sqlite).execute(CreateTask(title=title))
        for sort in ("id", "title"):
            found = await sqlite.find_tasks("default", TaskQuery(order=order_from(sort), limit=1))
            assert isinstance(found, MarkedTasks)
            assert found.mark == await read_mark(sqlite, "default")


_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


async def test_a_query_that_takes_too_long_is_given_up_and_the_store_goes_on(sqlite_path: Path, use_cases_on) -> None:
    async with SqliteStorage(sqlite_path, StorageOptions(query_timeout=0.1)) as sqlite:
        with pytest.raises(QueryTooExpensive, match=r"more than 0\.1 seconds"):
            await sqlite._fetch(_ENDLESS)
        await use_cases_on(sqlite).execute(CreateTask(title="after"))
        assert [task.title for task in (await use_cases_on(sqlite).list_tasks(ListTasks())).items] == ["after"]


async def test_a_query_that_is_slow_and_allowed_is_answered(sqlite: SqliteStorage) -> None:
    some = _ENDLESS.replace("FROM n)", "FROM n LIMIT 1000000)")  # longer than what makes way for others
    assert list(await sqlite._fetch(some)) == [(1_000_000,)]


async def test_a_question_that_was_slow_does_not_begin_among_the_quick_ones_again(sqlite: SqliteStorage) -> None:
    begun = 0

    def ask(connection: sqlite3.Connection) -> None:
        nonlocal begun
        begun += 1
        connection.execute(_ENDLESS.replace("FROM n)", "FROM n LIMIT 1000000)"))

    for times in (3, 4):  # on the event loop, among the quick ones, among the slow ones; then only there
        await sqlite._readers.run(ask, question=("default", "how many"))
        assert begun == times
    await sqlite._readers.run(ask, question=("another workspace", "how many"))
    assert begun == 7


async def test_a_few_slow_queries_leave_room_for_the_others(sqlite_path: Path, use_cases_on) -> None:
    async with SqliteStorage(sqlite_path, StorageOptions(query_timeout=30)) as sqlite:
        slow = [asyncio.create_task(sqlite._fetch(_ENDLESS)) for _ in range(10)]
        async with asyncio.timeout(10):
            await use_cases_on(sqlite).execute(CreateTask(title="meanwhile"))
            assert [task.title for task in (await use_cases_on(sqlite).list_tasks(ListTasks())).items] == ["meanwhile"]
        assert not any(query.done() for query in slow)
        for query in slow:  # which interrupts it, or the store could not be closed for 30 seconds
            query.cancel()
