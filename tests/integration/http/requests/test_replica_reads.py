"""`Taskharbor-Revision`: what a caller has seen, and which replicas may answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from replicas import Commits, Follower
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.replicas.replicated_storage import ReplicatedStorage
from taskharbor.client import connect
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.embedded import open_taskharbor
from taskharbor.entrypoints.http import create_app
from taskharbor.entrypoints.settings.settings import Settings

URL = SecretStr("postgresql://here/tasks")


@cache
def cluster() -> tuple[FastAPI, Commits, Follower]:
    commits = Commits()
    follower = Follower(commits)
    storage = ReplicatedStorage(commits.recorded(InMemoryStorage()), [follower.storage])
    settings = Settings(database_url=URL, replica_url=URL)
    return create_app(container=container_from(settings, storage=storage)), commits, follower


@asynccontextmanager
async def served() -> AsyncIterator[tuple[httpx.ASGITransport, Follower]]:
    """Start the app on stores in memory, which forget everything when it stops."""
    app, commits, follower = cluster()
    async with app.router.lifespan_context(app):
        yield httpx.ASGITransport(app), follower
    commits.of.clear()
    follower.reached.clear()


def told(answer: httpx.Response) -> str | None:
    return answer.headers.get("taskharbor-revision")


async def test_answers_say_what_has_been_seen_and_requests_say_it_again() -> None:
    async with served() as (transport, follower):
        # Without a store of cookies, as most programs are.
        async def ask(method: str, path: str, **options) -> httpx.Response:
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, path, **options)

        created = await ask("POST", "/tasks/", json={"title": "one"})
        assert told(created) == "1"
        assert (await ask("GET", "/tasks/1", headers={"Taskharbor-Revision": "0"})).status_code == 404  # a replica's
        answer = await ask("GET", "/tasks/1", headers={"Taskharbor-Revision": "1"})
        assert (answer.status_code, told(answer)) == (200, "1")
        answer = await ask("GET", "/tasks/1")
        assert (answer.status_code, told(answer)) == (200, "1")
        await follower.follow()
        answer = await ask("GET", "/tasks/1", headers={"Taskharbor-Revision": "0"})
        assert (answer.status_code, told(answer)) == (200, "1")


async def test_a_cookie_says_it_too_for_each_workspace() -> None:
    async with served() as (transport, _), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        await client.post("/tasks/", json={"title": "one"})
        assert dict(client.cookies) == {"taskharbor-revision-default": "1"}
        assert (await client.get("/tasks/1")).status_code == 200
        client.cookies.clear()
        client.cookies.set("taskharbor-revision-default", "0")
        assert (await client.get("/tasks/1")).status_code == 404
        client.cookies.clear()
        client.cookies.set("taskharbor-revision-elsewhere", "0")
        assert (await client.get("/tasks/1")).status_code == 200


@pytest.mark.parametrize("said", ["", "-1", "01", "one", "1, 2", "99999999999999999"])
async def test_what_is_no_revision_is_refused(said: str) -> None:
    async with served() as (transport, _), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/tasks/", headers={"Taskharbor-Revision": said})
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_header")


async def test_a_repeated_request_says_what_its_answer_shows() -> None:
    async with served() as (transport, _), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        for _ in range(2):
            answer = await client.post("/tasks/", json={"title": "one"}, headers={"Idempotency-Key": '"k"'})
            assert (answer.status_code, told(answer)) == (201, "1")


async def test_a_connected_harbor_sees_what_it_has_written_whatever_replicas_have_reached() -> None:
    async with served() as (transport, follower), connect("http://test", transport=transport) as harbor:
        for _ in range(3):
            task = await harbor.create_task(title="one")
            assert await harbor.get_task(task.id) == task
            await follower.follow(most=1)
        async with connect("http://test", transport=transport) as other:
            async with other.reading(at_least_revision=3) as reading:
                assert len((await other.list_tasks()).items) == 3
            assert reading.revision == 3


async def test_an_embedded_harbor_reads_from_replicas_where_it_says_so() -> None:
    commits = Commits()
    follower = Follower(commits)
    storage = ReplicatedStorage(commits.recorded(InMemoryStorage()), [follower.storage])
    async with open_taskharbor(storage=storage) as harbor:
        async with harbor.reading() as reading:
            await harbor.create_task(title="one")
        assert reading.revision == 1
        async with harbor.reading(at_least_revision=0):
            assert (await harbor.list_tasks()).items == []
        async with harbor.reading(at_least_revision=reading.revision) as again:
            assert len((await harbor.list_tasks()).items) == 1
        assert again.revision == 1
        assert len((await harbor.list_tasks()).items) == 1
