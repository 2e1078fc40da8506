"""Who is let in when more requests come than can be answered."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from taskharbor.entrypoints.http.middleware.admission import HEALTH_PATHS, AdmissionMiddleware
from taskharbor.entrypoints.http.middleware.lane import FEWEST, SENT_AWAY_WITHIN, Lane


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def lane(clock):
    return Lane(most=FEWEST, max_wait=0.4, clock=clock)


async def waiting(lane, count):
    """Have so many wait in the lane."""
    tasks = [asyncio.create_task(lane.enter()) for _ in range(count)]
    await asyncio.sleep(0)
    return tasks


async def settle():
    for _ in range(5):
        await asyncio.sleep(0)


def finish(lane, clock, *, seconds):
    clock.now += seconds
    lane.leave()


async def test_so_many_are_let_in_and_the_others_follow_in_their_order(lane, clock):
    tasks = await waiting(lane, FEWEST + 3)
    assert [task.done() for task in tasks] == [True] * FEWEST + [False] * 3
    for done in range(1, 4):
        finish(lane, clock, seconds=0.001)
        await settle()
        assert [task.done() for task in tasks] == [True] * (FEWEST + done) + [False] * (3 - done)


async def test_quick_requests_may_wait_in_greater_numbers_than_slow_ones(clock):
    room = {}
    for seconds in (0.001, 0.1):
        lane = Lane(most=FEWEST, max_wait=0.4, clock=clock)
        for _ in range(200):
            await lane.enter()
            finish(lane, clock, seconds=seconds)
        tasks = await waiting(lane, FEWEST)
        while not lane.is_full:
            tasks += await waiting(lane, 1)
        room[seconds] = len(tasks) - FEWEST
        for task in tasks:
            task.cancel()
    assert room[0.1] < 10
    assert room[0.001] > 300


async def test_nobody_else_may_wait_while_the_first_has_waited_too_long(lane, clock):
    tasks = await waiting(lane, FEWEST + 1)
    assert not lane.is_full
    clock.now += 0.5
    assert lane.is_full
    lane.leave()
    await settle()
    assert tasks[-1].result() is True
    assert not lane.is_full


async def test_who_has_waited_far_too_long_is_not_let_in(lane, clock):
    tasks = await waiting(lane, FEWEST + 2)
    clock.now += 2
    lane.leave()
    await settle()
    assert [task.result() for task in tasks[FEWEST:]] == [False, False]
    assert await lane.enter()


async def test_when_requests_take_longer_than_was_foreseen_those_who_came_last_are_refused_at_once(lane, clock):
    tasks = await waiting(lane, FEWEST)
    while not lane.is_full:
        tasks += await waiting(lane, 1)
    assert len(tasks) > 150
    for _ in range(FEWEST):
        finish(lane, clock, seconds=0.016)
        await settle()
    refused = [number for number, task in enumerate(tasks) if task.done() and task.result() is False]
    assert len(refused) > 50
    assert refused == list(range(len(tasks) - len(refused), len(tasks)))
    still = [task for task in tasks if not task.done()]
    assert len(still) * 0.003 < 0.4 * 1.25
    for task in still:
        task.cancel()


async def test_who_has_waited_for_long_is_not_refused_because_requests_take_longer_than_was_foreseen(lane, clock):
    early = await waiting(lane, FEWEST)
    while not lane.is_full:
        early += await waiting(lane, 1)
    clock.now += SENT_AWAY_WITHIN * 1.01
    for _ in range(FEWEST):
        finish(lane, clock, seconds=0.02)
        await settle()
    assert lane.is_full
    assert not [task for task in early if task.done() and task.result() is False]
    for task in early:
        task.cancel()


async def test_a_request_that_goes_away_while_it_waits_leaves_its_turn_to_the_next(lane, clock):
    tasks = await waiting(lane, FEWEST + 2)
    tasks[FEWEST].cancel()
    finish(lane, clock, seconds=0.001)
    await settle()
    assert tasks[FEWEST + 1].result() is True


async def test_a_request_that_goes_away_just_when_its_turn_comes_gives_it_on(lane, clock):
    tasks = await waiting(lane, FEWEST + 2)
    finish(lane, clock, seconds=0.001)
    tasks[FEWEST].cancel()
    await settle()
    assert tasks[FEWEST + 1].result() is True


class SlowApp:
    """Answers when it may. Reads the body first."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.running = 0

    async def __call__(self, scope, receive, send):
        while scope["method"] == "POST" and (await receive()).get("more_body"):
            pass
        self.running += 1
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] == "/export":
            await asyncio.Event().wait()
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def app():
    return SlowApp()


@pytest.fixture
def gate(app):
    return AdmissionMiddleware(app, max_running=FEWEST, max_wait=0.01)


async def nothing_comes():
    await asyncio.Event().wait()


async def all_has_come():
    return {"type": "http.request", "body": b"", "more_body": False}


@asynccontextmanager
async def asked(gate, method, path, count, receive=all_has_come, root_path=""):
    """Send so many requests; give the statuses that come."""
    statuses: list[int] = []

    async def send(message):
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {"type": "http", "method": method, "path": path, "root_path": root_path, "headers": []}
    tasks = [asyncio.create_task(gate(dict(scope), receive, send)) for _ in range(count)]
    await settle()
    yield statuses
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_would_wait_too_long_is_refused_at_once(gate, app):
    async with asked(gate, "GET", "/tasks/", 100) as statuses:
        assert set(statuses) == {503}
        assert 50 < len(statuses) < 100 - FEWEST
        assert app.running == FEWEST
        refused = len(statuses)
        app.may_answer.set()
        await settle()
        assert 200 in statuses[refused:]


async def test_a_refusal_says_when_to_come_again(gate, app):
    sent = []

    async def send(message):
        sent.append(message)

    async with asked(gate, "GET", "/tasks/", 100):
        await gate({"type": "http", "method": "GET", "path": "/tasks/", "headers": []}, all_has_come, send)
    assert (b"retry-after", b"1") in sent[0]["headers"]
    assert b'"code":"overloaded"' in sent[1]["body"]


async def test_reads_go_on_while_writes_wait_for_their_store(gate, app):
    async with asked(gate, "POST", "/tasks/", 100), asked(gate, "GET", "/tasks/", 1) as statuses:
        app.may_answer.set()
        await settle()
        assert statuses == [200]


@pytest.mark.parametrize("path", sorted(HEALTH_PATHS))
@pytest.mark.parametrize("root_path", ["", "/api"])
async def test_health_is_answered_whatever_else_comes(gate, app, root_path, path):
    health = asked(gate, "GET", f"{root_path}{path}", 50, root_path=root_path)
    async with asked(gate, "GET", "/tasks/", 100), health as statuses:
        app.may_answer.set()
        await settle()
        assert statuses == [200] * 50


@pytest.mark.parametrize("path", ["/filters/x/health/live", "/health/other", "/api/health/live", "/health/live/x"])
async def test_no_other_path_passes_for_health(gate, app, path):
    async with asked(gate, "GET", "/tasks/", 100), asked(gate, "GET", path, 50) as statuses:
        assert statuses == [503] * 50


async def test_clients_that_are_slow_to_send_keep_nobody_out(gate, app):
    app.may_answer.set()
    async with asked(gate, "POST", "/tasks/", 100, nothing_comes), asked(gate, "POST", "/tasks/", 1) as statuses:
        assert statuses == [200]


async def test_a_body_that_comes_in_parts_keeps_nobody_out_between_them(gate, app):
    parts = iter([{"type": "http.request", "body": b"x", "more_body": True}] * 100)

    async def half():
        return next(parts, None) or await nothing_comes()

    app.may_answer.set()
    async with asked(gate, "POST", "/import", 20, half), asked(gate, "POST", "/tasks/", 1) as statuses:
        await settle()
        assert statuses == [200]


async def test_clients_that_are_slow_to_read_keep_nobody_out(gate, app):
    app.may_answer.set()
    async with asked(gate, "GET", "/export", FEWEST), asked(gate, "GET", "/tasks/", 1) as statuses:
        assert statuses == [200]
