"""Over HTTP, every operation answers a caller who is narrowed to lists from these alone."""

import httpx
import pytest_asyncio
from fastapi import FastAPI

from taskharbor.application.principal import Principal, PrincipalKind, system_in
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.http.routes import task_routes
from taskharbor.entrypoints.http.routing.route_class import MountedTaskRoute
from taskharbor.entrypoints.settings.settings import Settings

NARROWED = Principal(
    kind=PrincipalKind.TOKEN,
    id="t1",
    actor="token t1",
    workspace="default",
    permission=Permission.MANAGE,
    lists=frozenset({1}),
)


@pytest_asyncio.fixture
async def client():
    container = container_from(Settings(database_url="memory://"))
    app = FastAPI()

    async def principal_of(request) -> Principal:
        return NARROWED if "x-narrowed" in request.headers else system_in("default")

    app.include_router(task_routes(container, MountedTaskRoute, principal_of))
    async with (
        container.storage(),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
    ):
        yield client


READS = [
    "/tasks/",
    "/tasks/?q=secret",
    "/tasks/?filter=title:secret",
    "/tasks/?sort=title",
    "/tasks/?as_of=4",
    "/tasks/facets",
    "/changes?since=*",
    "/lists",
    "/lists/2",
    "/filters",
    "/filters/plans",
    "/trash",
    "/commits/3",
    "/export?format=jsonl",
    "/export?format=icalendar",
    "/tasks/3",
    "/tasks/3/history",
    "/tasks/3/comments",
    "/tasks/3/urgency",
    "/tasks/3?as_of=4",
]


async def test_no_operation_shows_a_narrowed_caller_what_is_elsewhere(client: httpx.AsyncClient) -> None:
    for path, body in (
        ("/tasks/", {"title": "plain"}),
        ("/lists", {"name": "secret plans"}),
        ("/tasks/", {"title": "secret", "list": 2, "tags": ["secret"]}),
        ("/tasks/3/comments", {"text": "secret"}),
        ("/filters", {"name": "plans", "filter": "title:secret"}),
    ):
        assert (await client.post(path, json=body)).is_success, path
    for path in READS:
        whole = await client.get(path)
        seen = await client.get(path, headers={"x-narrowed": "1"})
        assert whole.status_code != 404 or path == "/commits/3", path
        assert seen.status_code in {200, 403, 404}, (path, seen.text)
        assert "secret" not in seen.text, path
    assert [task["title"] for task in (await client.get("/tasks/", headers={"x-narrowed": "1"})).json()] == ["plain"]


async def test_a_narrowed_caller_writes_nowhere_else(client: httpx.AsyncClient) -> None:
    await client.post("/lists", json={"name": "secret plans"})
    there = (await client.post("/tasks/", json={"title": "secret", "list": 2})).json()["id"]
    narrowed = {"x-narrowed": "1"}
    writes = [
        await client.patch(f"/tasks/{there}", json={"title": "mine"}, headers=narrowed),
        await client.delete(f"/tasks/{there}", headers=narrowed),
        await client.post(f"/tasks/{there}/complete", headers=narrowed),
        await client.post("/batch", json={"commands": [{"op": "complete", "id": there}]}, headers=narrowed),
        await client.post("/undo", json={"revision": 2}, headers=narrowed),
        await client.post("/import?format=jsonl", content=b'{"title": "mine"}\n', headers=narrowed),
        await client.post("/lists", json={"name": "mine"}, headers=narrowed),
    ]
    assert [answer.is_success for answer in writes] == [False] * len(writes), [one.text for one in writes]
    task = (await client.get(f"/tasks/{there}")).json()
    assert (task["title"], task["is_completed"]) == ("secret", False)
