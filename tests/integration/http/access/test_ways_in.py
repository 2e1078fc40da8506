"""Who is let in, and what those see who are not."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from integration.http.problem import assert_problem
from integration.http.serving import client_of, container
from taskharbor.application.access.manage_tokens import CreateToken
from taskharbor.application.access.manage_workspaces import CreateWorkspace
from taskharbor.application.principal import system_in
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.container import Container
from taskharbor.entrypoints.http import create_app
from taskharbor.testing import FakeClock

DAY = timedelta(days=1)

STRANGER = {
    "type": "urn:taskharbor:problem:unauthenticated",
    "title": "Unauthenticated",
    "status": 401,
    "detail": "This needs credentials that are accepted here",
    "code": "unauthenticated",
}


@pytest.fixture
def parts() -> Container:
    return container(auth="required")


@pytest.fixture
async def client(parts: Container) -> AsyncIterator[httpx.AsyncClient]:
    """A server that knows its callers by tokens, with the workspaces `default` and `team`."""
    async with client_of(create_app(container=parts)) as client:
        yield client


async def token(parts: Container, workspace: str = "default", **said: object) -> dict[str, str]:
    access = parts.use_cases().access
    command = CreateToken(**{"name": "t", "scope": Permission.MANAGE, "expires_in": None} | said)
    made = await access.execute(command, system_in(workspace))
    return {"Authorization": f"Bearer {made.secret}"}


async def test_whatever_is_wrong_with_a_token_a_stranger_is_told_the_same(parts, client):
    revoked = await token(parts)
    [listed] = (await client.get("/tokens/", headers=revoked)).json()
    assert (await client.delete(f"/tokens/{listed['id']}", headers=revoked)).status_code == 204
    for wrong in (
        revoked["Authorization"],
        "Bearer th_" + "0" * 33,
        "Bearer th_",
        "Bearer " + "x" * 5_000,
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "bearer \xff",
        "Basic YWRhOnNlY3JldA==",
        "Bearer",
        "",
    ):
        answer = await client.get("/tasks/", headers={"Authorization": wrong.encode("latin-1")})
        assert (answer.status_code, answer.json()) == (401, STRANGER), wrong
        assert answer.headers["www-authenticate"] == 'Bearer realm="taskharbor", error="invalid_token"', wrong
    nothing = await client.get("/tasks/")
    assert (nothing.status_code, nothing.json()) == (401, STRANGER)
    assert nothing.headers["www-authenticate"] == 'Bearer realm="taskharbor"'


async def test_an_expired_token_is_no_longer_accepted():
    clock = FakeClock()
    parts = container(auth="required")
    parts.clock.override(clock)
    async with client_of(create_app(container=parts)) as client:
        headers = await token(parts, expires_in=DAY)
        assert (await client.get("/me", headers=headers)).status_code == 200
        clock.advance(DAY)
        answer = await client.get("/me", headers=headers)
        assert (answer.status_code, answer.json()) == (401, STRANGER)


async def test_another_workspace_is_answered_like_one_that_does_not_exist(parts, client):
    await parts.use_cases().access.execute(CreateWorkspace(id="secret"), system_in("default"))
    headers = await token(parts)
    answers = [
        await client.request(method, f"/workspaces/{workspace}{path}", headers=headers)
        for workspace in ("secret", "nowhere", "taskharbor.service", "No such", "%00", "x" * 300)
        for method, path in (
            ("GET", "/tasks/"),
            ("GET", "/tasks/1"),
            ("GET", ""),
            ("POST", "/tasks/"),
            ("GET", "/audit"),
        )
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (404, "workspace_not_found")
        assert answer.content == answers[0].content


async def test_below_a_workspace_is_the_same_api_with_links_that_stay_there(parts, client):
    await parts.use_cases().access.execute(CreateWorkspace(id="team"), system_in("default"))
    headers = await token(parts, "team")
    made = await client.post("/workspaces/team/tasks", json={"title": "one"}, headers=headers)
    assert made.headers["location"] == "/workspaces/team/tasks/1"
    await client.post("/tasks/", json={"title": "two"}, headers=headers)
    page = await client.get("/workspaces/team/tasks/?limit=1", headers=headers)
    assert page.links["next"]["url"] == "/workspaces/team/tasks/?after=1&limit=1"
    assert (await client.get("/workspaces/team/tasks/2/", headers=headers)).json()["title"] == "two"
    assert (await client.options("/workspaces/team/tasks/2")).headers["allow"].startswith("DELETE, GET, HEAD")
    assert_problem(await client.get("/workspaces/team/nothing", headers=headers), 404, "path_not_found")
    assert_problem(await client.get("/workspaces/team/workspaces/", headers=headers), 404, "path_not_found")


async def test_a_caller_is_refused_before_anything_of_the_request_is_read(parts, client):
    reader = await token(parts, scope=Permission.READ)
    answer = await client.post("/tasks/?colour=red", content=b"{", headers=reader)
    assert_problem(answer, 403, "permission_denied")
    assert answer.json()["values"] == {"needed": "write", "has": "read"}
    challenge = 'Bearer realm="taskharbor", error="insufficient_scope", scope="write"'
    assert answer.headers["www-authenticate"] == challenge


async def test_health_and_the_documentation_are_for_everyone(client):
    for path in ("/health/live", "/health/ready", "/docs", "/openapi.json", "/"):
        assert (await client.get(path)).status_code == 200


async def test_a_narrowed_token_sees_its_lists_and_nothing_of_the_workspace(parts, client):
    owner = await token(parts)
    made = await client.post("/lists/", json={"name": "Mine"}, headers=owner)
    for where in (1, made.json()["id"]):
        await client.post("/tasks/", json={"title": f"in {where}", "list": where}, headers=owner)
    narrowed = await token(parts, scope=Permission.WRITE, lists=[made.json()["id"]])
    assert [task["list"] for task in (await client.get("/tasks/", headers=narrowed)).json()] == [made.json()["id"]]
    for path in ("/members/", "/workspaces/", "/workspaces/default", "/tokens/", "/audit"):
        assert_problem(await client.get(path, headers=narrowed), 403, "permission_denied")


async def test_where_there_are_no_accounts_what_a_proxy_adds_to_requests_does_not_count():
    async with client_of(create_app(container=container())) as client:
        for header in ("Basic YWRhOnNlY3JldA==", "Bearer eyJhbGciOiJub25lIn0.e30."):
            answer = await client.get("/me", headers={"Authorization": header})
            assert answer.json()["kind"] == "local"
        ours = await client.get("/me", headers={"Authorization": "Bearer th_" + "0" * 33})
        assert_problem(ours, 401, "unauthenticated")


async def test_tasks_are_given_to_members_of_the_workspace(parts, client):
    headers = await token(parts)
    assert (await client.put("/members/ada", json={"role": "editor"}, headers=headers)).status_code == 200
    made = await client.post("/tasks/", json={"title": "one", "assignees": ["local", "ada", "ada"]}, headers=headers)
    assert made.json()["assignees"] == ["ada", "local"]
    refused = await client.post("/tasks/", json={"title": "two", "assignees": ["eve"]}, headers=headers)
    assert_problem(refused, 422, "invalid_value")
    assert refused.json()["errors"][0]["location"] == "body.assignees"
    found = await client.get("/tasks/?filter=assignees:ada&fields=id", headers=headers)
    assert found.json() == [{"id": 1}]
    assert (await client.delete("/members/ada", headers=headers)).status_code == 204
    patch = headers | {"Content-Type": "application/merge-patch+json"}
    kept = await client.patch("/tasks/1", json={"assignees": ["ada"]}, headers=patch)
    assert kept.json()["assignees"] == ["ada"]  # who has left stays, and nobody is new
    gone = await client.patch("/tasks/1", json={"assignees": []}, headers=patch)
    assert "assignees" not in gone.json()
    assert (await client.get("/tasks/?filter=assignees:*", headers=headers)).json() == []
