"""Others get their turn while many items are handled: what is counted is how many in a row, not how long."""

import asyncio
import gc
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from weakref import ref

import pytest

from taskharbor.adapters.memory.workspace import InMemoryWorkspace
from taskharbor.adapters.sqlalchemy.reads import sql_reads
from taskharbor.application import turns
from taskharbor.application.documents.json_decoding import SHORT, InterruptibleDecoder, decoded
from taskharbor.application.history import snapshot
from taskharbor.application.store_kit import pace
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.turns import FEW, Precedence, give_way, in_turns, mapped
from taskharbor.application.undo import undo_fields, undo_tasks
from taskharbor.application.unit_of_work import history_entries, task_repository
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from taskharbor.entrypoints.http.middleware.admission import AdmissionMiddleware
from taskharbor.entrypoints.http.middleware.lane import Lane, Visit

MANY = 10 * FEW


@pytest.fixture
def short_slices(monkeypatch):
    """Have every item take as long as may be handled without a break."""
    monkeypatch.setattr(turns, "SLICE_SECONDS", 0.0)
    monkeypatch.setattr(turns, "LONGEST_SLICE_SECONDS", 0.0)


@pytest.fixture
def long_slices(monkeypatch):
    monkeypatch.setattr(turns, "SLICE_SECONDS", float("inf"))


@pytest.fixture
def busy_loop(monkeypatch):
    """Have no turn of the loop pass for a quiet one."""
    monkeypatch.setattr(turns, "QUIET_SECONDS", -1.0)
    monkeypatch.setattr(turns, "OTHERS_SECONDS", float("inf"))


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


@pytest.mark.parametrize("count", [0, 1, 2, 50])
@pytest.mark.usefixtures("short_slices")
async def test_all_items_come_in_order(count):
    assert [item async for item in in_turns(range(count))] == list(range(count))


@pytest.mark.usefixtures("short_slices")
async def test_others_have_their_turn_when_a_slice_is_over():
    order = []

    async def other():
        while True:
            order.append("other")
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    async for item in in_turns("abc"):
        order.append(item)  # noqa: PERF401  # the other one appends meanwhile
    task.cancel()

    assert [each for each in order if each != "other"] == ["a", "b", "c"]
    assert all("other" in order[order.index(one) : order.index(next_)] for one, next_ in ("ab", "bc"))


@pytest.mark.usefixtures("long_slices")
async def test_what_takes_no_longer_than_a_slice_is_done_without_a_break():
    task = asyncio.create_task(asyncio.sleep(0))
    assert [item async for item in in_turns(range(1000))] == list(range(1000))
    assert not task.done()
    await task


async def test_few_items_are_handled_without_a_break():
    task = asyncio.create_task(asyncio.sleep(0))
    assert await mapped(str, range(FEW)) == [str(number) for number in range(FEW)]
    assert not task.done()
    await task


@pytest.mark.usefixtures("short_slices")
async def test_a_cancelled_computation_handles_no_further_item():
    handled = []

    async def handle():
        async for item in in_turns(range(100)):
            handled.append(item)  # noqa: PERF401  # so that something is there when it is cancelled

    task = asyncio.create_task(handle())
    while len(handled) < 10:  # noqa: ASYNC110  # nothing says so
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert handled == list(range(10))


async def test_one_computation_goes_on_each_time_that_the_loop_comes_round():
    done = [0]

    async def computation():
        for _ in range(5):
            await give_way()
            done[-1] += 1

    computations = [asyncio.create_task(computation()) for _ in range(10)]
    while sum(done) < 50:
        await asyncio.sleep(0)
        done.append(0)
    await asyncio.gather(*computations)

    assert max(done) == 1


async def test_computations_take_turns():
    order = []

    async def computation(name):
        for _ in range(3):
            await give_way()
            order.append(name)

    await asyncio.gather(*map(computation, "abc"))

    assert "".join(order) == "abcabcabc"


async def test_a_computation_that_is_cancelled_leaves_its_turn_to_the_next():
    waiting = [asyncio.create_task(give_way()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    waiting[1].cancel()
    await waiting[2]
    await asyncio.gather(*waiting, return_exceptions=True)
    await give_way()


@pytest.mark.usefixtures("busy_loop")
async def test_a_computation_waits_while_others_are_busy_but_not_for_ever(monkeypatch):
    turn = asyncio.create_task(give_way())
    for _ in range(100):
        await asyncio.sleep(0)
    assert not turn.done()
    monkeypatch.setattr(turns, "OTHERS_SECONDS", 0.0)
    await turn


def test_a_loop_that_is_closed_is_not_kept():
    def run_one():
        loop = asyncio.new_event_loop()
        loop.run_until_complete(give_way())
        loop.close()
        return ref(loop)

    loop = run_one()
    gc.collect(1)
    assert loop() is None


@pytest.fixture
async def harbor():
    async with open_taskharbor("memory://") as opened:
        yield opened


@pytest.fixture
async def made(harbor):
    return await harbor.run_batch([CreateTask(title=f"Task {number}") for number in range(MANY)])


@pytest.mark.usefixtures("short_slices")
async def test_a_batch_lets_others_have_their_turn(harbor, monkeypatch):
    with (
        most_in_a_row(monkeypatch, task_repository.TaskRepository, "add") as carried_out,
        most_in_a_row(monkeypatch, history_entries, "texts_of") as written,
        most_in_a_row(monkeypatch, history_entries, "document_from") as shown,
        most_in_a_row(monkeypatch, history_entries, "changes_between") as recorded,
    ):
        await harbor.run_batch([CreateTask(title=f"Task {number}") for number in range(MANY)])

    assert [most() for most in (carried_out, written, shown, recorded)] == [1] * 4


@pytest.mark.usefixtures("short_slices")
async def test_a_large_commit_in_memory_lets_others_have_their_turn(harbor, monkeypatch):
    monkeypatch.setattr(pace, "SLICE_SECONDS", 0.0)
    with most_in_a_row(monkeypatch, InMemoryWorkspace, "_put") as written:
        made = harbor.run_batch([CreateTask(title=f"Task {number}") for number in range(MANY)])
        others = [harbor.create_task(title=f"Another {number}") for number in range(5)]
        revisions = [outcome.revision for outcome in await asyncio.gather(made, *others)]

    assert written() <= 2 * FEW
    assert sorted(revisions) == [1, 2, 3, 4, 5, 6]


@pytest.mark.usefixtures("made", "short_slices")
async def test_a_bulk_change_lets_others_have_their_turn(harbor, monkeypatch):
    with (
        most_in_a_row(monkeypatch, UnitOfWork, "view") as seen,
        most_in_a_row(monkeypatch, task_repository.TaskRepository, "save") as changed,
    ):
        await harbor.change_matching("id > 0", max_affected=MANY, priority=1)

    assert (changed(), seen()) == (1, 1)


@pytest.mark.usefixtures("short_slices")
async def test_an_undo_lets_others_have_their_turn(harbor, made, monkeypatch):
    changed = await harbor.change_matching("id > 0", max_affected=MANY, priority=1)
    with (
        most_in_a_row(monkeypatch, undo_fields, "recorded_state") as looked_at,
        most_in_a_row(monkeypatch, undo_fields, "with_values") as put_back,
    ):
        await harbor.undo_commit(changed.revision)
    with most_in_a_row(monkeypatch, undo_tasks, "recorded_state") as compared:
        await harbor.undo_commit(made.revision)

    assert put_back() == 1
    assert looked_at() <= 2
    assert compared() <= 2


@pytest.mark.usefixtures("short_slices")
async def test_a_page_of_the_past_lets_others_have_their_turn(harbor, made, monkeypatch):
    await harbor.change_matching("id > 0", max_affected=MANY, priority=1)
    with most_in_a_row(monkeypatch, snapshot, "rewound") as rewound:
        page = await harbor.find_tasks_as_of(made.revision, "priority = 0", limit=MANY)

    assert len(page.items) == MANY
    assert rewound() == 1


@pytest.mark.usefixtures("short_slices")
async def test_reading_many_tasks_from_sqlite_lets_others_have_their_turn(tmp_path, monkeypatch):
    async with open_taskharbor(f"sqlite:///{tmp_path}/tasks.db") as harbor:
        await harbor.run_batch([CreateTask(title=f"Task {number}") for number in range(MANY)])
        with most_in_a_row(monkeypatch, sql_reads, "task_from_row") as read:
            await harbor.change_matching("id > 0", max_affected=MANY, priority=1)

    assert read() == 1


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


@pytest.fixture
def long_patience(monkeypatch):
    """Have nothing be waited for so long that computations go on all the same."""
    monkeypatch.setattr(turns, "OTHERS_SECONDS", 60.0)
    monkeypatch.setattr(turns, "PRECEDENCE_SECONDS", 60.0)
    monkeypatch.setattr(turns, "EXPECTED_SECONDS", float("inf"))
    monkeypatch.setattr(turns, "QUIET_SECONDS", 60.0)


async def rounds(count=10 * turns.ROUNDS):
    for _ in range(count):
        await asyncio.sleep(0)


async def nothing(*_arguments):
    raise AssertionError


@pytest.mark.usefixtures("long_patience")
@pytest.mark.parametrize(("expected", "waits"), [(0.0, False), (float("inf"), True)])
async def test_a_request_has_precedence_only_where_something_computes(monkeypatch, expected, waits):
    monkeypatch.setattr(turns, "EXPECTED_SECONDS", expected)
    await give_way()
    visit = Visit(Lane(most=1, max_wait=1), receive=nothing, send=nothing)
    computation = asyncio.create_task(give_way(), context=Context())
    await rounds()
    assert computation.done() is not waits
    visit.end()
    await computation


@pytest.mark.usefixtures("long_patience")
async def test_slices_get_longer_while_nobody_else_has_anything_to_do():
    first, second = await give_way(), await give_way()
    assert turns.SLICE_SECONDS < first <= second == turns.LONGEST_SLICE_SECONDS

    work = Precedence.begin()
    computation = asyncio.create_task(give_way(), context=Context())
    await rounds()
    work.end()
    assert await computation == turns.SLICE_SECONDS


@pytest.mark.usefixtures("long_patience")
async def test_a_computation_waits_for_all_work_that_has_precedence():
    one, other = Precedence.begin(), Precedence.begin()
    computation = asyncio.create_task(give_way(), context=Context())
    await rounds()
    one.end()
    await rounds()
    assert not computation.done()
    other.end()
    await computation


@pytest.mark.usefixtures("long_patience")
async def test_work_that_gives_way_has_precedence_no_more():
    own = Precedence.begin()
    await give_way()
    computation = asyncio.create_task(give_way(), context=Context())
    await computation
    own.end()  # again, which does no harm


@pytest.mark.usefixtures("long_patience")
async def test_work_has_precedence_for_a_moment_only(monkeypatch):
    Precedence.begin()
    monkeypatch.setattr(turns, "PRECEDENCE_SECONDS", 0.0)
    await asyncio.create_task(give_way(), context=Context())


async def test_a_computation_does_not_wait_for_precedence_for_ever(monkeypatch):
    monkeypatch.setattr(turns, "PRECEDENCE_SECONDS", 60.0)
    Precedence.begin()
    await asyncio.create_task(give_way(), context=Context())


@pytest.mark.usefixtures("long_patience")
async def test_between_two_slices_the_loop_comes_round_some_times():
    came_round = 0

    async def count():
        nonlocal came_round
        while True:
            came_round += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    await give_way()
    before = came_round
    await give_way()
    counting.cancel()
    assert came_round - before >= turns.ROUNDS


@pytest.mark.usefixtures("long_patience")
async def test_a_request_has_precedence_until_its_answer_begins():
    seen: list[bool] = []

    async def app(scope, receive, send):
        computation = asyncio.create_task(give_way(), context=Context())
        await rounds()
        seen.append(computation.done())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await computation
        await send({"type": "http.response.body", "body": b""})

    async def receive():
        return {"type": "http.disconnect"}

    async def send(_message):
        pass

    gate = AdmissionMiddleware(app, max_running=8, max_wait=1.0)
    await gate({"type": "http", "method": "GET", "path": "/tasks/"}, receive, send)
    assert seen == [False]
