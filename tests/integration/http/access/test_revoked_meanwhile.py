"""A caller whose token is revoked while it is being answered does nothing more, however long that may still take."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import pytest_asyncio

from integration.http.serving import client_of, container
from taskharbor.application.access.manage_tokens import CreateToken, RevokeToken
from taskharbor.application.claims import waiting
from taskharbor.application.interchange import export_tasks, import_tasks
from taskharbor.application.principal import system_in
from taskharbor.application.use_cases.access import AccessUseCases
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.http import create_app
from taskharbor.entrypoints.http.requests import callers

OPERATOR = system_in("default")


@dataclass
class Server:
    """A server, and two who call it: the first one's token is revoked."""

    client: httpx.AsyncClient
    access: AccessUseCases
    id: str = ""
    first: dict[str, str] = field(default_factory=dict[str, str])
    other: dict[str, str] = field(default_factory=dict[str, str])

    async def token(self) -> tuple[str, dict[str, str]]:
        command = CreateToken(name="t", scope=Permission.MANAGE, expires_in=None)
        made = await self.access.execute(command, OPERATOR)
        return made.token.id, {"Authorization": f"Bearer {made.secret}"}

    async def begin(self) -> None:
        """Let the first one have another token."""
        self.id, self.first = await self.token()

    async def revoke(self) -> None:
        await self.access.execute(RevokeToken(id=self.id), OPERATOR)

    async def titles(self) -> list[str]:
        found = await self.client.get("/tasks/?limit=1000", headers=self.other)
        return [task["title"] for task in found.json()]

    async def body(self, before: bytes, after: bytes = b"") -> AsyncIterator[bytes]:
        """Yield a body that is not all there when the token is revoked."""
        yield before
        await self.revoke()
        yield after


@pytest.fixture(autouse=True)
def always_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "MOMENT", 0.0)


@pytest.fixture
def has_looked(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """An event that is set when a call has found no task and waits for one."""
    has_looked = asyncio.Event()
    wait_for_any = waiting._wait_for_any

    async def noted(*events: asyncio.Event, until: float) -> None:
        has_looked.set()
        await wait_for_any(*events, until=until)

    monkeypatch.setattr(waiting, "_wait_for_any", noted)
    return has_looked


@asynccontextmanager
async def started(**settings: object) -> AsyncIterator[Server]:
    parts = container(auth="required", rate_limit=None, **settings)
    access = parts.use_cases().access
    async with client_of(create_app(container=parts)) as client:
        server = Server(client, access)
        await server.begin()
        _, server.other = await server.token()
        yield server


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    async with started() as server:
        yield server


async def test_who_waits_for_a_task_gets_none(server: Server, has_looked: asyncio.Event) -> None:
    asked = asyncio.create_task(server.client.post("/tasks/claim?wait=60", headers=server.first, timeout=90))
    await has_looked.wait()
    await server.revoke()
    await server.client.post("/tasks/", json={"title": "one"}, headers=server.other)
    assert (await asked).status_code == 401
    assert (await server.client.get("/tasks/1", headers=server.other)).json().get("claim") is None


async def test_an_import_takes_no_more_of_the_file(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_tasks, "MAX_CHUNK", 4)
    lines = [b'{"title":"t%d"}\n' % n for n in range(12)]
    sent = {"headers": server.first | {"Content-Type": "application/jsonl"}, "params": {"format": "jsonl"}}
    body = server.body(b"".join(lines[:5]), b"".join(lines[5:]))
    assert (await server.client.post("/import", content=body, **sent)).status_code == 401
    assert await server.titles() in ([], ["t0", "t1", "t2", "t3"])


async def test_an_atomic_import_takes_nothing(server: Server) -> None:
    body = server.body(b'{"title":"t0"}\n', b'{"title":"t1"}\n')
    sent = {"headers": server.first | {"Content-Type": "application/jsonl"}}
    path = "/import?format=jsonl&atomic=true"
    assert (await server.client.post(path, content=body, **sent)).status_code == 401
    assert await server.titles() == []


async def test_an_export_breaks_off(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_tasks, "PAGE", 2)
    commands = [{"command": "create", "title": f"t{n}"} for n in range(12)]
    await server.client.post("/batch", json={"commands": commands}, headers=server.other)
    seen = bytearray()
    is_whole = False

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()  # the client stays
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        nonlocal is_whole
        if message["type"] == "http.response.body":
            if not seen:
                await server.revoke()
            seen.extend(message["body"])
            is_whole = not message.get("more_body", False)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/export",
        "raw_path": b"/export",
        "root_path": "",
        "query_string": b"format=jsonl",
        "headers": [(b"host", b"test"), (b"authorization", server.first["Authorization"].encode())],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("test", 80),
        "client": ("127.0.0.1", 1),
    }
    app = server.client._transport.app  # type: ignore[attr-defined]  # a client would wait for the whole answer
    with pytest.raises(Exception):  # noqa: B017, PT011  # whatever breaks it off
        await app(scope, receive, send)
    assert b"t0" in seen
    assert b"t11" not in seen
    assert not is_whole


async def test_a_request_whose_body_comes_slowly_changes_nothing(server: Server) -> None:
    for method, path, document in (
        ("POST", "/tasks/", {"title": "mine"}),
        ("POST", "/batch", {"commands": [{"command": "create", "title": "mine"}]}),
        ("PUT", "/members/mallory", {"role": "owner"}),
        ("POST", "/tokens/", {"name": "mine", "scope": "manage"}),
        ("POST", "/invitations/", {"role": "owner"}),
        ("PATCH", "/workspaces/default", {"archived": True}),
        ("POST", "/webhooks/", {"url": "https://example.org/"}),
    ):
        encoded = json.dumps(document).encode()
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        body = server.body(encoded[:5], encoded[5:])
        answer = await server.client.request(method, path, content=body, headers=server.first | {"Content-Type": kind})
        assert answer.status_code == 401, (path, answer.text)
        await server.begin()
    for path, ids in (("/tasks/", []), ("/members/", ["local"]), ("/invitations/", []), ("/webhooks/", [])):
        found = (await server.client.get(path, headers=server.other)).json()
        assert [each["id"] for each in found] == ids, path
    assert [each["name"] for each in (await server.client.get("/tokens/", headers=server.other)).json()] == ["t", "t"]


async def test_an_agent_that_waits_for_a_task_gets_none(has_looked: asyncio.Event) -> None:
    call = {"name": "claim", "arguments": {"action": "take", "wait": 30}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    async with started(mcp=True) as server:
        headers = server.first | {"Accept": "application/json, text/event-stream"}
        asked = asyncio.create_task(server.client.post("/mcp", json=message, headers=headers, timeout=90))
        await has_looked.wait()
        await server.revoke()
        await server.client.post("/tasks/", json={"title": "one"}, headers=server.other)
        assert (await asked).json()["result"]["isError"]
        assert (await server.client.get("/tasks/1", headers=server.other)).json().get("claim") is None
