"""Over HTTP, every operation answers a caller who is narrowed to lists from these alone."""

from collections.abc import Callable

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from taskharbor.application.principal import Principal, PrincipalKind, system_in
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.container import Container, container_from
from taskharbor.entrypoints.http.routes import mounted_routes, operations_on_tasks
from taskharbor.entrypoints.settings.settings import Settings

NARROWED = Principal(
    kind=PrincipalKind.TOKEN,
    id="t1",
    actor="token t1",
    workspace="default",
    permission=Permission.MANAGE,
    lists=frozenset({1}),
)
IS_NARROWED = {"x-narrowed": "1"}


@pytest.fixture(scope="module")
def container() -> Container:
    return container_from(Settings(database_url="memory://"))


@pytest.fixture(scope="module")
def app(container: Container) -> FastAPI:
    app = FastAPI()

    async def principal_of(request) -> Principal:
        return NARROWED if "x-narrowed" in request.headers else system_in("default", "ada")

    app.include_router(mounted_routes(operations_on_tasks(container, principal_of)))
    return app


@pytest_asyncio.fixture
async def client(container: Container, app: FastAPI):
    async with (
        container.storage(),  # forgets everything when it is closed
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
        seen = await client.get(path, headers=IS_NARROWED)
        assert whole.status_code == 200, (path, whole.text)
        assert seen.status_code in {200, 403, 404}, (path, seen.text)
        assert "secret" not in seen.text, path
    assert [task["title"] for task in (await client.get("/tasks/", headers=IS_NARROWED)).json()] == ["plain"]


TITLE = b'{"title": "mine"}\n'
WRITES = [
    ("PATCH", "/tasks/3", {"json": {"title": "mine"}}),
    ("DELETE", "/tasks/3", {}),
    ("POST", "/tasks/3/complete", {}),
    ("POST", "/tasks/3/move", {"json": {"list": 1}}),
    ("POST", "/tasks/3/comments", {"json": {"text": "mine"}}),
    ("POST", "/batch", {"json": {"commands": [{"command": "complete", "id": 3}]}}),
    ("POST", "/undo", {"json": {"actor": "ada", "since": 0}}),
    ("POST", "/import?format=jsonl", {"content": TITLE}),
    ("POST", "/lists", {"json": {"name": "mine"}}),
    ("PATCH", "/lists/2", {"json": {"name": "mine"}}),
    ("DELETE", "/lists/2?tasks=delete", {}),
    ("POST", "/filters", {"json": {"name": "mine", "filter": "is_open"}}),
]


CREATED_IN_A_LIST = [
    ("/tasks/", lambda list_id: {"title": "mine", "list": list_id}),
    ("/batch", lambda list_id: {"commands": [{"command": "create", "title": "mine", "list": list_id}]}),
]


async def write_elsewhere(client: httpx.AsyncClient) -> None:
    assert (await client.post("/lists", json={"name": "secret plans"})).json()["id"] == 2
    assert (await client.post("/tasks/", json={"title": "secret", "list": 2})).json()["id"] == 3


async def everything(client: httpx.AsyncClient) -> list[object]:
    answers = [await client.get(path) for path in ("/tasks/", "/lists", "/filters", "/trash", "/changes?since=*")]
    assert [answer.status_code for answer in answers] == [200] * 5
    return [answer.json() for answer in answers]


@pytest.mark.parametrize(("method", "path", "sent"), WRITES, ids=[f"{one[0]} {one[1]}" for one in WRITES])
async def test_a_narrowed_caller_writes_nowhere_else(
    client: httpx.AsyncClient, method: str, path: str, sent: dict[str, object]
) -> None:
    await write_elsewhere(client)
    before = await everything(client)
    refused = await client.request(method, path, headers=IS_NARROWED, **sent)
    assert refused.status_code in {403, 404}, refused.text
    assert "secret" not in refused.text
    assert await everything(client) == before
    done = await client.request(method, path, **sent)
    assert done.is_success, done.text
    assert await everything(client) != before


@pytest.mark.parametrize(("path", "body_of"), CREATED_IN_A_LIST, ids=[path for path, _ in CREATED_IN_A_LIST])
async def test_to_a_narrowed_caller_another_list_is_like_one_that_is_not_there(
    client: httpx.AsyncClient, path: str, body_of: Callable[[int], dict[str, object]]
) -> None:
    await write_elsewhere(client)
    before = await everything(client)
    refused = await client.post(path, json=body_of(2), headers=IS_NARROWED)
    nowhere = await client.post(path, json=body_of(999), headers=IS_NARROWED)
    assert (refused.status_code, refused.json()) == (nowhere.status_code, nowhere.json())
    assert "must be the id of a list of this workspace" in refused.text
    assert await everything(client) == before
    done = await client.post(path, json=body_of(2))
    assert done.is_success, done.text


async def test_a_narrowed_caller_undoes_nothing_of_a_commit_elsewhere(client: httpx.AsyncClient) -> None:
    await write_elsewhere(client)
    before = await everything(client)
    commit = (await client.get("/tasks/3")).json()["revision"]
    undone = await client.post(f"/commits/{commit}/undo", headers=IS_NARROWED)
    assert undone.json() == {
        "revision": None, "undone": [], "conflicts": [], "records": [], "record_conflicts": [],
    }  # fmt: skip
    assert await everything(client) == before
    done = await client.post(f"/commits/{commit}/undo")
    assert [one["task"] for one in done.json()["undone"]] == [3], done.text


async def test_a_narrowed_caller_has_the_reminders_of_its_lists(client: httpx.AsyncClient) -> None:
    """Also if those of others come before them."""
    due = {"localDateTime": "2099-12-01T10:00:00", "timeZone": "UTC"}
    await client.post("/lists", json={"name": "elsewhere"})
    shown = []
    for number, list_id in enumerate((2, 2, 1, 2, 1)):
        body = {
            "title": "One",
            "list": list_id,
            "due": due,
            "reminders": [{"offset": f"-PT{9 - number}M", "relativeTo": "due"}],
        }
        made = await client.post("/tasks/", json=body)
        assert made.status_code == 201, made.text
        shown += [made.json()["id"]] if list_id == 1 else []
    first = await client.get("/reminders?limit=1", headers=IS_NARROWED)
    rest = await client.get(first.links["next"]["url"], headers=IS_NARROWED)
    assert [[one["task"] for one in page.json()] for page in (first, rest)] == [[shown[0]], [shown[1]]]
    assert "next" not in rest.links


async def test_a_narrowed_caller_claims_in_its_lists_only(client: httpx.AsyncClient) -> None:
    await write_elsewhere(client)
    bot = {"holder": "bot"}
    assert (await client.post("/tasks/claim", json=bot, headers=IS_NARROWED)).status_code == 204
    for path in ("/tasks/3/claim", "/tasks/3/renew", "/tasks/3/release?force=true"):
        body = {} if "release" in path else {"json": bot if "claim" in path else {"lease": "PT5M"}}
        refused = await client.post(path, headers=IS_NARROWED, **body)
        assert (refused.status_code, refused.json()["code"]) == (404, "task_not_found"), path
    assert "claim" not in (await client.get("/tasks/3")).json()
    mine = (await client.post("/tasks/", json={"title": "plain"})).json()["id"]
    assert (await client.post("/tasks/claim", json=bot, headers=IS_NARROWED)).json()["id"] == mine


async def test_what_concerns_the_whole_workspace_is_refused_with_a_code(client: httpx.AsyncClient) -> None:
    for method, path, sent in (
        ("POST", "/import?format=jsonl", {"content": TITLE}),
        ("POST", "/filters", {"json": {"name": "mine", "filter": "is_open"}}),
        ("POST", "/lists", {"json": {"name": "mine"}}),
    ):
        refused = await client.request(method, path, headers=IS_NARROWED, **sent)
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied"), path
        assert "narrowed to lists" in refused.text


async def test_a_narrowed_caller_sets_reminders(client: httpx.AsyncClient) -> None:
    body = {
        "title": "One",
        "due": {"date": "2099-12-01"},
        "reminders": [{"offset": "PT0S", "relativeTo": "due"}],
    }
    for _ in range(2):
        made = await client.post("/tasks/", json=body, headers=IS_NARROWED)
        assert made.status_code == 201, made.text
    assert [one["at"] for one in (await client.get("/reminders")).json()] == ["2099-12-01T09:00:00Z"] * 2
