"""Others get their turn while many items are handled: what is counted is how many in a row, not how long."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from taskharbor.adapters.sqlalchemy.reads import sql_reads
from taskharbor.application.documents.json_decoding import SHORT, InterruptibleDecoder, decoded
from taskharbor.application.history import snapshot
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.turns import AT_ONCE, in_turns
from taskharbor.application.undo import undo_fields, undo_tasks
from taskharbor.application.unit_of_work import history_entries, task_repository
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.entrypoints.embedded.opening import open_taskharbor

MANY = 10 * AT_ONCE


@contextmanager
def most_in_a_row(monkeypatch, owner, name) -> Iterator[Callable[[], int]]:
    """Count how often `name` is called without a turn for others in between."""
    counts = [0]
    original = getattr(owner, name)

    def counting(*arguments, **named):
        counts[-1] += 1
        return original(*arguments, **named)

    async def others() -> None:
        while True:
            counts.append(0)
            await asyncio.sleep(0)

    monkeypatch.setattr(owner, name, counting)
    ticking = asyncio.create_task(others())
    yield lambda: max(counts)
    ticking.cancel()


@pytest.mark.parametrize("count", [0, 1, AT_ONCE, AT_ONCE + 1, 5 * AT_ONCE])
async def test_all_items_come_in_order(count):
    assert [item async for item in in_turns(range(count))] == list(range(count))


async def test_others_have_their_turn_after_so_many_items():
    order = []

    async def other():
        for _ in range(2):
            order.append("other")
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    async for item in in_turns("abcde", at_once=2):
        order.append(item)  # noqa: PERF401  # the other one appends meanwhile
    await task

    assert order == ["a", "b", "other", "c", "d", "other", "e"]


async def test_few_items_are_handled_without_a_break():
    task = asyncio.create_task(asyncio.sleep(0))
    assert [item async for item in in_turns(range(AT_ONCE))] == list(range(AT_ONCE))
    assert not task.done()
    await task


async def test_a_cancelled_loop_handles_no_further_item():
    handled = []

    async def handle():
        async for item in in_turns(range(100), at_once=10):
            handled.append(item)  # noqa: PERF401  # so that something is there when it is cancelled

    task = asyncio.create_task(handle())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert handled == list(range(10))


@pytest.fixture
async def harbor():
    async with open_taskharbor("memory://") as opened:
        yield opened


@pytest.fixture
async def made(harbor):
    return await harbor.run_batch([CreateTask(title=f"Task {number}") for number in range(MANY)])


async def test_a_batch_lets_others_have_their_turn(harbor, monkeypatch):
    with (
        most_in_a_row(monkeypatch, task_repository.TaskRepository, "add") as carried_out,
        most_in_a_row(monkeypatch, history_entries, "texts_of") as written,
        most_in_a_row(monkeypatch, history_entries, "document_from") as shown,
        most_in_a_row(monkeypatch, history_entries, "changes_between") as recorded,
    ):
        await harbor.run_batch([CreateTask(title=f"Task {number}") for number in range(MANY)])

    assert [most() for most in (carried_out, written, shown, recorded)] == [AT_ONCE] * 4


@pytest.mark.usefixtures("made")
async def test_a_bulk_change_lets_others_have_their_turn(harbor, monkeypatch):
    with (
        most_in_a_row(monkeypatch, UnitOfWork, "view") as seen,
        most_in_a_row(monkeypatch, task_repository.TaskRepository, "save") as changed,
    ):
        await harbor.change_matching("id > 0", max_affected=MANY, priority=1)

    assert (changed(), seen()) == (AT_ONCE, AT_ONCE)


async def test_an_undo_lets_others_have_their_turn(harbor, made, monkeypatch):
    changed = await harbor.change_matching("id > 0", max_affected=MANY, priority=1)
    with (
        most_in_a_row(monkeypatch, undo_fields, "recorded_state") as looked_at,
        most_in_a_row(monkeypatch, undo_fields, "with_values") as put_back,
    ):
        await harbor.undo_commit(changed.revision)
    with most_in_a_row(monkeypatch, undo_tasks, "recorded_state") as compared:
        await harbor.undo_commit(made.revision)

    assert put_back() == AT_ONCE
    assert looked_at() <= 2 * AT_ONCE
    assert compared() <= 2 * AT_ONCE


async def test_a_page_of_the_past_lets_others_have_their_turn(harbor, made, monkeypatch):
    await harbor.change_matching("id > 0", max_affected=MANY, priority=1)
    with most_in_a_row(monkeypatch, snapshot, "rewound") as rewound:
        page = await harbor.find_tasks_as_of(made.revision, "priority = 0", limit=MANY)

    assert len(page.items) == MANY
    assert rewound() == AT_ONCE


async def test_reading_many_tasks_from_sqlite_lets_others_have_their_turn(tmp_path, monkeypatch):
    async with open_taskharbor(f"sqlite:///{tmp_path}/tasks.db") as harbor:
        await harbor.run_batch([CreateTask(title=f"Task {number}") for number in range(MANY)])
        with most_in_a_row(monkeypatch, sql_reads, "task_from_row") as read:
            await harbor.change_matching("id > 0", max_affected=MANY, priority=1)

    assert read() == AT_ONCE


@pytest.mark.parametrize(
    "text",
    [
        '{"a":[1,2.5,"x",null,true,{"b":[]}],"c":{}}',
        "[[[]]]",
        '"a"',
        "[1,]",
        '{"a":1,}',
        '{"a" 1}',
        "",
        "[NaN]",
        '["\x00"]',
    ],
)
def test_what_can_be_interrupted_decodes_as_json_does(text):
    def outcome(decoder):
        try:
            return decoder.decode(text)
        except ValueError as error:
            return str(error)

    assert repr(outcome(InterruptibleDecoder())) == repr(outcome(json.JSONDecoder()))


@pytest.mark.parametrize(("size", "is_here"), [(SHORT, True), (SHORT + 1, False)])
async def test_what_is_long_is_decoded_in_another_thread(size, is_here):
    thread = await decoded(b" " * size, lambda _: threading.get_ident())
    assert (thread == threading.get_ident()) is is_here
