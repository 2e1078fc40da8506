"""The task API in another app."""

import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import PlainTextResponse

from integration.http.problem import assert_problem, places
from integration.http.serving import client_of, container
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.http import taskharbor_router


async def _titles(client, prefix):
    return [task["title"] for task in (await client.get(f"{prefix}/tasks/")).json()]


async def test_two_routers_in_one_app_do_not_touch_each_other(tmp_path):
    host = FastAPI()
    for name in ("home", "team"):
        host.include_router(taskharbor_router(f"sqlite:///{tmp_path / name}.db"), prefix=f"/{name}")
    async with client_of(host) as client:
        await client.post("/home/tasks/", json={"title": "Water the plants"})
        await client.post("/team/tasks/", json={"title": "Plan the party"})

        assert await _titles(client, "/home") == ["Water the plants"]
        assert await _titles(client, "/team") == ["Plan the party"]
    assert (tmp_path / "home.db").exists()
    assert (tmp_path / "team.db").exists()


async def test_two_apps_in_one_process_do_not_touch_each_other():
    apps = [FastAPI(), FastAPI()]
    for app in apps:
        app.include_router(taskharbor_router("memory://"))
    async with client_of(apps[0]) as first, client_of(apps[1]) as second:
        await first.post("/tasks/", json={"title": "Water the plants"})

        assert await _titles(second, "") == []


async def test_links_lead_below_any_prefix_and_root_path():
    inner = APIRouter(prefix="/{team}")
    inner.include_router(taskharbor_router("memory://"), prefix="/todo")
    host = FastAPI()
    host.include_router(inner)
    async with client_of(host, root_path="/api") as client:
        first = await client.post("/a%20b/todo/tasks", json={"title": "Water the plants"})
        await client.post("/a%20b/todo/tasks", json={"title": "Plan the party"})
        page = await client.get("/a%20b/todo/tasks?limit=1")

    assert first.headers["location"] == "/api/a%20b/todo/tasks/1"
    assert page.links["next"]["url"] == "/api/a%20b/todo/tasks?after=1&limit=1"


async def test_the_store_is_open_just_as_long_as_the_app_runs():
    class Watched(InMemoryStorage):
        history: list[str]

        def __init__(self):
            super().__init__()
            self.history = []

        async def open(self):
            self.history.append("opened")

        async def aclose(self):
            self.history.append("closed")

    storage = Watched()
    router = taskharbor_router(container=container(storage))
    host = FastAPI()
    host.include_router(router, prefix="/v1")
    host.include_router(router, prefix="/v2")
    assert storage.history == []

    async with client_of(host) as client:
        assert storage.history == ["opened"]
        await client.post("/v1/tasks/", json={"title": "Water the plants"})
        assert await _titles(client, "/v2") == ["Water the plants"]

    assert storage.history == ["opened", "closed"]


async def test_the_host_keeps_its_own_errors():
    host = FastAPI()

    @host.exception_handler(404)
    async def not_found(_request, _error):
        return PlainTextResponse("the host's own", status_code=404)

    @host.get("/number")
    async def number(n: int):
        return n

    host.include_router(taskharbor_router("memory://"), prefix="/todo")
    async with client_of(host) as client:
        assert (await client.get("/nowhere")).text == "the host's own"
        assert (await client.get("/todo/nowhere")).text == "the host's own"
        assert "detail" in (await client.get("/number?n=x")).json()
        assert_problem(await client.get("/todo/tasks/7"), 404, "task_not_found")


async def test_dependencies_of_the_host_are_run_and_refuse_in_its_own_way():
    async def require_key(request: Request):
        if request.headers.get("key") != "sesame":
            raise HTTPException(401, "no key")

    host = FastAPI()
    host.include_router(taskharbor_router("memory://"), dependencies=[Depends(require_key)])
    async with client_of(host) as client:
        refused = await client.get("/tasks/7")
        allowed = await client.get("/tasks/7", headers={"key": "sesame"})

    assert (refused.status_code, refused.json()) == (401, {"detail": "no key"})
    assert_problem(allowed, 404, "task_not_found")


async def test_a_dependency_of_the_host_may_read_the_body_first():
    async def look(request: Request):
        await request.body()

    host = FastAPI()
    host.include_router(taskharbor_router("memory://"), dependencies=[Depends(look)])
    async with client_of(host) as client:
        assert (await client.post("/tasks/", json={"title": "Water the plants"})).status_code == 201


async def test_a_workspace_can_be_chosen_for_each_request():
    async def workspace_of(request: Request) -> str:
        if (tenant := request.headers.get("tenant")) is None:
            raise HTTPException(401)
        return tenant

    host = FastAPI()
    host.include_router(taskharbor_router("memory://", workspace=workspace_of))
    async with client_of(host) as client:
        for tenant in ("ada", "bob"):
            made = await client.post("/tasks/", json={"title": f"For {tenant}"}, headers={"tenant": tenant})
            assert made.json()["id"] == 1
        adas = await client.get("/tasks/", headers={"tenant": "ada"})
        stranger = await client.get("/tasks/")
        nobody = await client.get("/tasks/", headers={"tenant": "No Such"})

    assert [task["title"] for task in adas.json()] == ["For ada"]
    assert stranger.status_code == 401
    assert places(nobody) == {"workspace": "invalid_value"}


async def test_routers_can_share_a_store_and_serve_a_workspace_each():
    shared = InMemoryStorage()
    host = FastAPI()
    for name in ("ada", "bob"):
        host.include_router(taskharbor_router(container=container(shared), workspace=name), prefix=f"/{name}")
    async with client_of(host) as client:
        await client.post("/ada/tasks/", json={"title": "Mine"})

        assert await _titles(client, "/bob") == []


async def test_the_history_knows_who_a_request_is_from():
    async def actor_of(request: Request) -> str | None:
        return request.headers.get("user")

    shared = InMemoryStorage()
    host = FastAPI()
    host.include_router(taskharbor_router(container=container(shared), actor=actor_of), prefix="/people")
    host.include_router(taskharbor_router(container=container(shared), actor="robot"), prefix="/robot")
    async with client_of(host) as client:
        await client.post("/people/tasks/", json={"title": "Water the plants"}, headers={"user": "ada"})
        await client.patch("/people/tasks/1", json={"priority": 3})
        await client.post("/people/tasks/1/complete", headers={"user": "bob"})
        batch = {"commands": [{"command": "reopen", "id": 1}]}
        await client.post("/people/batch", json=batch, headers={"user": "cyd"})
        await client.delete("/robot/tasks/1")
        nobody = await client.post("/people/tasks/", json={"title": "Water the plants"}, headers={"user": ""})
        entries = await shared.list_history("default", 1, before=99, limit=99)

    assert [entry.actor for entry in reversed(entries)] == ["ada", None, "bob", "cyd", "robot"]
    assert places(nobody) == {"actor": "invalid_value"}


def test_a_malformed_workspace_actor_or_url_is_refused_at_once():
    with pytest.raises(InvalidValue):
        taskharbor_router("memory://", actor="")
    with pytest.raises(InvalidValue):
        taskharbor_router("memory://", workspace="No Such")
    with pytest.raises(InvalidValue):
        taskharbor_router("mysql://")


def test_a_url_beside_a_container_is_refused():
    with pytest.raises(ValueError, match="either"):
        taskharbor_router("memory://", container=container())


async def test_the_environment_of_the_host_is_not_asked_for_anything(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TASKHARBOR_WORKSPACE", "No Such")
    monkeypatch.setenv("PORT", "none of your business")
    host = FastAPI()
    host.include_router(taskharbor_router())
    async with client_of(host) as client:
        assert (await client.post("/tasks/", json={"title": "Water the plants"})).status_code == 201
    assert (tmp_path / "tasks.db").exists()


async def test_two_routers_have_different_names_for_their_operations():
    host = FastAPI()
    host.include_router(taskharbor_router("memory://"), prefix="/home")
    host.include_router(taskharbor_router("memory://"), prefix="/team")

    paths = host.openapi()["paths"]

    assert paths["/home/tasks/"]["post"]["operationId"] == "create_task_home"
    assert paths["/team/tasks/"]["post"]["operationId"] == "create_task_team"
    assert paths["/team/changes"]["get"]["operationId"] == "list_changes_team"
    assert paths["/team/batch"]["post"]["operationId"] == "run_batch_team"
