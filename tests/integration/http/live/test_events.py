"""The stream of commits, without a socket in between."""

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI

from integration.http.live.streaming import StreamClient, listening
from integration.http.problem import places
from integration.http.serving import client_of, container
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import StoreUnavailable, Unauthenticated
from taskharbor.application.principal import Principal, PrincipalKind
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.http import create_app, taskharbor_router
from taskharbor.entrypoints.http.live.subscriber import MAX_WAITING_BYTES


@asynccontextmanager
async def running(storage=None, **settings):
    app = create_app(container=container(storage, **settings))
    async with client_of(app) as client:
        yield app, client


@pytest.fixture
async def app_and_client():
    async with running() as both:
        yield both


async def create(client: httpx.AsyncClient, title: str, **fields) -> dict:
    answer = await client.post("/tasks/", json={"title": title, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_commit_is_told_as_changes_tells_it(app_and_client):
    app, client = app_and_client
    async with listening(app) as stream:
        assert stream.status == 200
        assert stream.headers["content-type"] == "text/event-stream"
        assert stream.headers["cache-control"] == "no-store"
        assert stream.headers["x-accel-buffering"] == "no"
        await create(client, "one")
        await stream.until_text(b"data: ")
        assert json.loads(stream.data()[0]) == (await client.get("/changes")).json()
        assert stream.ids() == [json.loads(stream.data()[0])["next"]]


async def test_without_a_token_only_what_is_to_come_is_told_and_the_position_is_known_at_once(app_and_client):
    app, client = app_and_client
    await create(client, "before")
    async with listening(app) as stream:
        await stream.until_text(b"id: 1-")
        await create(client, "after")
        await stream.until_text(b"after")
        assert b"before" not in stream.text


@pytest.mark.parametrize(
    ("query", "headers"),
    [("since=2", {}), ("since=0", {"Last-Event-ID": "2"}), ("", {"Last-Event-ID": "2"})],
)
async def test_a_client_that_comes_back_gets_exactly_what_it_has_missed(app_and_client, query, headers):
    app, client = app_and_client
    for n in range(1, 5):
        await create(client, f"task {n}")
    async with listening(app, query, headers=headers) as stream:
        await stream.until_text(b"task 4")
        await create(client, "task 5")
        await stream.until_text(b"task 5")
        titles = [item["title"] for data in stream.data() for item in json.loads(data)["items"]]
        assert titles == ["task 3", "task 4", "task 5"]


async def test_fields_lists_and_filters_can_be_asked_for(app_and_client):
    app, client = app_and_client
    query = urlencode({"filter": "tags:urgent", "fields": "id,title", "lists": "true"})
    async with listening(app, query) as stream:
        await create(client, "no")
        await create(client, "yes", tags=["urgent"])
        await stream.until_text(b"yes")
        await client.patch("/tasks/2", json={"tags": []})
        await client.post("/lists", json={"name": "home"})
        await stream.until_text(b"home")
        told = [json.loads(data) for data in stream.data()]
        assert told[0]["items"] == [{"id": 2, "title": "yes"}]
        assert told[1]["items"][0]["matches"] is False
        assert told[2]["lists"][0]["name"] == "home"


async def test_clients_that_ask_alike_share_one_reader_and_the_last_ends_it():
    class Counting(InMemoryStorage):
        reads = 0

        async def list_changes(self, workspace, *, after, limit):
            Counting.reads += limit > 1
            return await super().list_changes(workspace, after=after, limit=limit)

    async with running(Counting()) as (app, client):
        async with listening(app) as one, listening(app) as two, listening(app) as three:
            await one.until_text(b"id: 0")
            await three.until_text(b"id: 0")
            await create(client, "first")
            for stream in (one, two, three):
                await stream.until_text(b"first")
            before = Counting.reads
            await create(client, "second")
            for stream in (one, two, three):
                await stream.until_text(b"second")
            assert Counting.reads - before == 1
        await asyncio.sleep(0)
        before = Counting.reads
        await create(client, "third")
        await asyncio.sleep(0)
        assert Counting.reads == before


async def test_a_slow_client_is_cut_and_holds_up_nobody(app_and_client):
    app, client = app_and_client
    async with listening(app) as slow, listening(app) as quick:
        await slow.until_text(b"id: 0")
        await quick.until_text(b"id: 0")
        slow.gate.clear()
        assert slow.task is not None
        number = 0
        while not slow.task.done():
            number += 1
            await create(client, f"task {number}", description="x" * 60_000)
            await quick.until_text(f'"task {number}"'.encode())
            assert number * 60_000 < 3 * MAX_WAITING_BYTES
        assert slow.aborted
        assert not slow.is_complete
    async with listening(app, headers={"Last-Event-ID": "0"}) as resumed:
        await resumed.until_text(f'"task {number}"'.encode())


async def test_nothing_is_sent_to_a_client_that_has_left_before_its_stream_begins(app_and_client):
    app, _ = app_and_client
    client = StreamClient(app)
    client.scope["taskharbor.connection"] = client
    client.gone.set()
    await app(client.scope, client.receive, client.send)
    assert client.status is None


async def test_a_stop_ends_streams_at_once_and_says_when_to_come_back(app_and_client):
    app, _ = app_and_client
    async with listening(app) as stream:
        await stream.until_text(b"id: 0")
        assert stream.stop is not None
        stream.stop()
        await stream.until(lambda: stream.is_complete)
        assert b"retry: " in stream.text


async def test_a_client_that_takes_nothing_does_not_hold_up_a_stop(app_and_client):
    app, client = app_and_client
    async with listening(app) as stream:
        await stream.until_text(b"id: 0")
        stream.gate.clear()
        await create(client, "one")
        stream.stop()
        async with asyncio.timeout(10):
            await asyncio.wait({stream.task})
        assert stream.aborted


async def test_a_quiet_stream_shows_that_it_lives_and_moves_on():
    async with running(stream_heartbeat=0.01) as (app, client), listening(app, "filter=tags:urgent") as stream:
        await create(client, "not urgent")
        await stream.until_text(b":\n\nid: 1-")


async def test_a_stream_goes_on_when_the_store_was_away(monkeypatch):
    class Away(InMemoryStorage):
        is_away = False

        async def list_changes(self, workspace, *, after, limit):
            if self.is_away:
                self.is_away = False
                raise StoreUnavailable("away")
            return await super().list_changes(workspace, after=after, limit=limit)

    monkeypatch.setattr("taskharbor.entrypoints.http.live.channel._BEFORE_RETRY", 0.01)
    storage = Away()
    async with running(storage) as (app, client), listening(app) as stream:
        await stream.until_text(b"id: 0")
        storage.is_away = True
        await create(client, "one")
        await stream.until_text(b'"one"')


async def test_a_stream_that_cannot_go_on_says_why(app_and_client):
    app, client = app_and_client
    await client.post("/filters", json={"name": "mine", "filter": "is_open"})
    async with listening(app, "saved=mine") as stream:
        await stream.until_text(b"id: 1")
        await client.delete("/filters/mine")
        await stream.until(lambda: stream.is_complete)
        assert b"event: reset\ndata: {" in stream.text
        assert b"filter_not_found" in stream.text


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ({"since": "x"}, "query.since"),
        ({"since": "9"}, "query.since"),
        ({"filter": "colour = red"}, "query.filter"),
        ({"filter": "blocked"}, "query.filter"),
        ({"fields": "id,urgency"}, "query.fields"),
        ({"lists": "perhaps"}, "query.lists"),
        ({"sort": "id"}, "query.sort"),
        ({"time_zone": "Mars/Base"}, "query.time_zone"),
    ],
)
async def test_what_is_asked_wrongly_is_refused(app_and_client, query, location):
    _, client = app_and_client
    answer = await client.get("/events", params=query)
    assert (answer.status_code, list(places(answer))) == (422, [location])


async def test_a_wrong_last_event_id_is_refused_by_its_name(app_and_client):
    _, client = app_and_client
    answer = await client.get("/events", headers={"Last-Event-ID": "9"})
    assert (answer.status_code, list(places(answer))) == (422, ["header.Last-Event-ID"])


async def test_a_token_that_is_too_old_is_gone():
    async with running(trash_retention=0) as (app, client):
        await create(client, "one")
        await client.delete("/tasks/1")
        await app.state.container.use_cases().history.purge(app.state.container.settings().purge_command())
        answer = await client.get("/events", headers={"Last-Event-ID": "1"})
        assert (answer.status_code, answer.json()["code"]) == (410, "token_expired")


async def test_a_stream_ends_when_its_caller_is_no_longer_allowed(monkeypatch):
    monkeypatch.setattr("taskharbor.entrypoints.http.live.hub.CHECK_EVERY", 0.01)
    revoked = False

    async def principal(_request):
        if revoked:
            raise Unauthenticated
        return Principal(kind=PrincipalKind.TOKEN, id="1", actor="ada", workspace="team", permission=Permission.READ)

    app = FastAPI()
    app.include_router(taskharbor_router(container=container(), principal=principal))
    async with client_of(app), listening(app) as stream:
        await stream.until_text(b"id: 0")
        revoked = True
        await stream.until(lambda: stream.is_complete)
        assert b"event: reset" in stream.text
        assert b"unauthenticated" in stream.text


async def test_there_are_only_so_many_streams():
    async with running(max_streams=1) as (app, client), listening(app) as stream:
        await stream.until_text(b"id: 0")
        answer = await client.get("/events")
        assert (answer.status_code, answer.json()["code"]) == (503, "overloaded")


async def test_a_head_request_has_no_stream(app_and_client):
    app, _ = app_and_client
    async with listening(app, method="HEAD") as stream:
        await stream.until(lambda: stream.is_complete)
        assert (stream.status, stream.text) == (200, b"")


async def test_many_who_come_at_once_are_all_served():
    """A browser that is refused does not come back."""
    async with running(max_running=4, max_wait=0.001) as (app, _), AsyncExitStack() as stack:
        streams = await asyncio.gather(*(stack.enter_async_context(listening(app)) for _ in range(100)))
        assert {stream.status for stream in streams} == {200}


async def test_streams_take_no_turn_from_requests():
    async with running(max_running=4) as (app, client), AsyncExitStack() as stack:
        for _ in range(8):
            stream = await stack.enter_async_context(listening(app))
            await stream.until_text(b"id: 0")
        assert (await client.get("/tasks/")).status_code == 200


async def test_a_check_that_fails_ends_its_stream_and_those_of_others_are_looked_at(monkeypatch):
    monkeypatch.setattr("taskharbor.entrypoints.http.live.hub.CHECK_EVERY", 0.01)
    failure: Exception | None = None

    async def principal(_request):
        if failure is not None:
            raise failure
        return Principal(kind=PrincipalKind.TOKEN, id="1", actor="ada", workspace="team", permission=Permission.READ)

    app = FastAPI()
    app.include_router(taskharbor_router(container=container(), principal=principal))
    async with client_of(app), listening(app) as one:
        await one.until_text(b"id: 0")
        failure = RuntimeError("a fault")
        await one.until(lambda: one.is_complete)
        failure = None
        async with listening(app) as other:
            await other.until_text(b"id: 0")
            failure = Unauthenticated()
            await other.until(lambda: other.is_complete)
    assert b"reset" not in one.text
    assert b"unauthenticated" in other.text
