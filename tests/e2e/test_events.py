"""Streams of commits over real sockets, between processes, through restarts and kills."""

import asyncio
import json
import signal
from collections.abc import Iterator
from contextlib import aclosing, contextmanager

import httpx
import pytest

from taskharbor.client import connect
from taskharbor.entrypoints.embedded import open_taskharbor

SECONDS = 30


class Events:
    """Reads a stream event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.iter_lines()
        self.last_id = ""
        self.retry: int | None = None

    def __iter__(self) -> Iterator[dict]:
        for line in self._lines:
            name, _, value = line.partition(": ")
            if name == "id":
                self.last_id = value
            elif name == "retry":
                self.retry = int(value)
            elif name == "data":
                yield json.loads(value)

    def next_titles(self, count: int) -> list[str]:
        found: list[str] = []
        for event in self:
            found += [item["title"] for item in event["items"]]
            if len(found) >= count:
                return found
        raise AssertionError(f"the stream ended after {found}")

    def until_ready(self) -> None:
        """Read the position, which comes first."""
        while not self.last_id:
            name, _, value = next(self._lines).partition(": ")
            if name == "id":
                self.last_id = value


@contextmanager
def events_of(url: str, **headers: str) -> Iterator[Events]:
    with httpx.stream("GET", f"{url}events", headers=headers, timeout=SECONDS) as response:
        assert response.status_code == 200, response.read()
        events = Events(response)
        if not headers:
            events.until_ready()
        yield events


def create(server, title: str) -> None:
    assert httpx.post(f"{server.url}tasks/", json={"title": title}, timeout=SECONDS).status_code == 201


@pytest.fixture(params=["sqlite", "postgres"])
def shared_url(request, tmp_path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tasks.db"
    return request.getfixturevalue("postgres_url")


def test_what_one_server_commits_is_told_by_the_other(start_server, shared_url):
    one, other = (start_server(TASKHARBOR_DATABASE_URL=shared_url) for _ in range(2))
    with events_of(one.url) as events:
        for number in range(5):
            create(other, f"task {number}")
            assert events.next_titles(1) == [f"task {number}"]


def test_sigterm_ends_streams_at_once_and_they_resume_after_the_restart(start_server, tmp_path):
    database = f"sqlite:///{tmp_path}/tasks.db"
    server = start_server(TASKHARBOR_DATABASE_URL=database, TASKHARBOR_DRAIN_TIMEOUT="3600")
    with events_of(server.url) as events:
        create(server, "before")
        assert events.next_titles(1) == ["before"]
        server.process.send_signal(signal.SIGTERM)
        assert list(events) == []
        assert events.retry is not None
    assert server.wait() == 0, server.output
    assert "Traceback" not in server.output
    again = start_server(TASKHARBOR_DATABASE_URL=database)
    create(again, "meanwhile")
    with events_of(again.url, **{"Last-Event-ID": events.last_id}) as resumed:
        create(again, "after")
        assert resumed.next_titles(2) == ["meanwhile", "after"]


async def test_a_client_follows_commits_as_a_program_does_also_through_a_restart(start_server, tmp_path):
    server = start_server()
    async with connect(server.url) as harbor, asyncio.timeout(SECONDS):
        home = await harbor.create_list(name="home")
        task = await harbor.create_task(title="one", list=home.id, tags=["urgent"])
        await harbor.change_task(task.id, tags=[])
        await harbor.delete_list(home.id, move_to=1)
        asked = {"since": "1", "filter": "tags:urgent", "lists": True}
        async with aclosing(harbor.follow_commits(**asked)) as commits:
            told = [await anext(commits)]
            await harbor.create_task(title="two", tags=["urgent"])
            told.append(await anext(commits))
            assert server.stop() == 0, server.output
            again = start_server(TASKHARBOR_PORT=str(server.port))
            create(again, "not urgent")
            await harbor.create_task(title="three", tags=["urgent"])
            told.append(await anext(commits))
        async with aclosing(harbor.follow_commits()) as commits:
            waiting = asyncio.ensure_future(anext(commits))
            while not waiting.done():
                await harbor.create_task(title="now")
                await asyncio.wait({waiting}, timeout=0.2)
    again.stop()
    async with (
        open_taskharbor(f"sqlite:///{tmp_path}/tasks.db") as harbor,
        aclosing(harbor.follow_commits(**asked)) as commits,
    ):
        expected = [await anext(commits) for _ in range(3)]
    assert [item for commit in told for item in commit.lists] == [item for one in expected for item in one.lists]
    assert [item for commit in told for item in commit.items] == [item for one in expected for item in one.items]


def test_streams_of_all_workers_end_with_the_server(start_server, tmp_path):
    server = start_server(TASKHARBOR_WORKERS="2", TASKHARBOR_DRAIN_TIMEOUT="3600")
    with events_of(server.url) as one, events_of(server.url) as other:
        create(server, "one")
        assert [events.next_titles(1) for events in (one, other)] == [["one"], ["one"]]
        server.process.send_signal(signal.SIGTERM)
        assert [list(events) for events in (one, other)] == [[], []]
    assert server.wait() == 0, server.output
    assert [path.name for path in tmp_path.iterdir()] == ["tasks.db"], "the store was not closed"
