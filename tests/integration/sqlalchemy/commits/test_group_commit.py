"""Commits that wait for SQLite's writer at the same moment."""

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable

import pytest

from taskharbor.adapters.sqlalchemy.sqlite import SqliteStorage
from taskharbor.application.errors import ConcurrentUpdate, UidTaken
from taskharbor.application.ports.record_store import Record
from taskharbor.application.search.find_tasks import FindTasks
from taskharbor.testing.scenes.bench import LATER, Bench, retitled


async def all_waiting(sqlite: SqliteStorage, *commits: Awaitable[object]) -> tuple[list[object], list[str]]:
    """Let the commits wait together; return what became of them, and the statements that they took."""
    entered, go = threading.Event(), threading.Event()
    statements: list[str] = []

    def hold(connection: sqlite3.Connection) -> None:
        entered.set()
        assert go.wait(10)
        connection.set_trace_callback(statements.append)

    held = asyncio.ensure_future(sqlite._writer.run(hold))
    await asyncio.to_thread(entered.wait, 10)
    waiting = [asyncio.ensure_future(commit) for commit in commits]
    await asyncio.sleep(0)  # each has put its changeset into the queue
    go.set()
    await held
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    await sqlite._writer.run(lambda connection: connection.set_trace_callback(None))
    return answers, statements


@pytest.fixture
def here(sqlite: SqliteStorage) -> Bench:
    return Bench(sqlite)


async def test_commits_that_touch_different_tasks_are_written_together(sqlite: SqliteStorage, here: Bench) -> None:
    tasks = await here.add_many(10)
    added = [await here.new_task(f"new {n}") for n in range(10)]
    before = await here.take_revision()
    answers, statements = await all_waiting(
        sqlite,
        *[here.commit(changed=[retitled(task, f"changed {task.id}")]) for task in tasks],
        *[here.commit(added=[task]) for task in added],
    )
    assert answers == list(range(before + 1, before + 21))
    for table, most in (("UPDATE workspaces", 1), ("INSERT INTO tasks", 2), ("UPDATE tasks", 2)):
        # What a trigger does is traced as its statement once more.
        assert 1 <= len({sql for sql in statements if sql.startswith(table)}) <= most
    for revision, task in enumerate(tasks, start=before + 1):
        assert await here.load(task.id) == retitled(task, f"changed {task.id}").committed(revision)
    for revision, task in enumerate(added, start=before + 11):
        assert await here.load(task.id) == task.committed(revision)


async def test_new_tasks_of_commits_that_are_written_together_are_found_by_their_words(
    sqlite: SqliteStorage, here: Bench, use_cases_on
) -> None:
    added = [await here.new_task(f"word{n}") for n in range(7)]
    await all_waiting(sqlite, *[here.commit(added=[task]) for task in added])
    found = [
        await use_cases_on(sqlite).search.find_tasks(FindTasks(q=task.title), workspace=here.workspace)
        for task in added
    ]
    assert [[view.id for view in page.items] for page in found] == [[task.id] for task in added]


async def test_of_commits_that_wait_together_only_the_one_that_is_refused_goes_without(
    sqlite: SqliteStorage, here: Bench
) -> None:
    tasks = await here.add_many(5)
    stale, holder = tasks[2], tasks[4]
    await here.change(stale.begin(at=LATER))
    fine, taken = await here.new_task("fine"), await here.new_task("taken", uid=holder.uid)
    before = await here.take_revision()
    answers, _ = await all_waiting(
        sqlite,
        *[here.commit(changed=[task.complete(at=LATER)]) for task in tasks],
        here.commit(added=[taken]),
        here.commit(added=[fine]),
    )
    assert isinstance(answers.pop(2), ConcurrentUpdate)
    assert isinstance(answers.pop(4), UidTaken)
    assert answers == [before + 1, before + 2, before + 3, before + 4, before + 5]
    assert await here.load(taken.id) is None
    assert await here.load(fine.id) == fine.committed(before + 5)


async def test_commits_to_one_task_that_wait_together_are_written_one_after_the_other(
    sqlite: SqliteStorage, here: Bench
) -> None:
    task = await here.add()
    answers, _ = await all_waiting(
        sqlite, *[here.commit(changed=[retitled(task, title)]) for title in ("one", "two", "three")]
    )
    assert answers[0] == task.revision + 1
    assert [type(answer) for answer in answers[1:]] == [ConcurrentUpdate, ConcurrentUpdate]
    assert await here.load(task.id) == retitled(task, "one").committed(task.revision + 1)


async def test_commits_that_guard_one_record_are_written_together(sqlite: SqliteStorage, here: Bench) -> None:
    record = Record(kind="list", key="a", document="{}")
    guards = {record.found_by: await here.commit(records=[record])}
    added = [await here.new_task(f"new {n}") for n in range(10)]
    before = await here.take_revision()
    answers, statements = await all_waiting(
        sqlite, *[here.commit(added=[task], guarded_records=guards) for task in added]
    )
    assert answers == list(range(before + 1, before + 11))
    assert len({sql for sql in statements if sql.startswith("UPDATE workspaces")}) == 1


async def test_commits_of_several_workspaces_share_the_transaction_but_no_revisions(
    sqlite: SqliteStorage, here: Bench
) -> None:
    there = here.another()
    tasks = [(bench, await bench.new_task()) for bench in (here, there, here, there)]
    answers, statements = await all_waiting(sqlite, *[bench.commit(added=[task]) for bench, task in tasks])
    assert answers == [1, 1, 2, 2]
    assert statements.count("BEGIN IMMEDIATE") == 2  # and one to end the trace
