"""What the benchmarks ask for, and how they time it."""

import asyncio
from http import HTTPStatus
from pathlib import Path

from benchmarks.calls import CALLS, CHANGE, SHARED, VARIED
from benchmarks.drawing import draw, read_drawn, write_drawn
from benchmarks.half_load import percentile, requests_of
from benchmarks.open_loop import open_loop

from generated_tasks import generated_tasks

TASKS = [{"id": task.id, "title": task.title, "revision": task.id} for task in generated_tasks(300)]


def test_the_same_tasks_give_the_same_requests() -> None:
    assert draw(TASKS) == draw(TASKS)
    assert draw(TASKS) != draw(TASKS, seed=1)


def test_every_task_is_asked_for_once_in_a_pass() -> None:
    assert sorted(int(each["id"]) for each in draw(TASKS)) == [task["id"] for task in TASKS]


def test_a_varied_call_is_another_request_almost_every_time() -> None:
    drawn = draw(TASKS)
    for call in (call for call in CALLS if call in VARIED):
        assert len({call.filled(each, number) for number, each in enumerate(drawn)}) > len(drawn) / 3, call.name


def test_a_shared_call_is_the_same_request_every_time() -> None:
    for call in SHARED:
        assert len({call.filled(each, number) for number, each in enumerate(draw(TASKS))}) == 1, call.name


def test_what_is_written_for_the_load_generator_is_what_was_drawn(tmp_path: Path) -> None:
    write_drawn(draw(TASKS), tmp_path / "drawn")

    assert read_drawn(tmp_path / "drawn") == draw(TASKS)


def test_a_second_pass_over_the_tasks_undoes_what_the_first_did() -> None:
    request = requests_of(CHANGE, draw(TASKS)[:2])
    lines = [request().split(b"\r\n")[0] for _ in range(4)]

    assert [b"completed=true" in line for line in lines] == [True, True, False, False]


def test_a_percentile_is_the_time_within_which_that_part_was_answered() -> None:
    times = [number / 1000 for number in range(1, 101)]

    assert (percentile(times, 0.5), percentile(times, 0.99), percentile([0.002], 0.99)) == (50, 99, 2)


async def test_a_stall_counts_for_every_request_that_was_due_in_it() -> None:
    """A closed loop would see one slow answer: coordinated omission."""
    stalled = asyncio.Event()
    due = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            await stalled.wait()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    served: list[asyncio.Future[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        done = asyncio.get_running_loop().create_future()
        served.append(done)
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
        finally:
            done.set_result(None)

    def request() -> bytes:
        nonlocal due
        due += 1
        if due == 20:
            stalled.set()
        return b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        outcome = await open_loop(port, rate=500, seconds=0.06, request=request)
        await asyncio.gather(*served)  # else the loop ends before they close their connections

    assert len(outcome.answers) >= 20
    assert {answer.status for answer in outcome.answers} == {HTTPStatus.OK}
    waiting = sorted(outcome.answers)[:20]
    end_of_stall = waiting[-1].due
    assert all(answer.took >= end_of_stall - answer.due for answer in waiting)
