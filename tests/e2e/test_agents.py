"""Agents at a real server, and beside a real process of `taskharbor mcp`."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError

from e2e.conftest import RunningServer, StartServer


async def answer_of(client: Client, name: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result
    answer: dict[str, Any] = json.loads(result.content[0].text)
    return answer


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_server_answers_agents_of_today_and_older_ones(start_server, mode: str) -> None:
    server = start_server("--port", "0", TASKHARBOR_MCP="true")
    async with Client(f"{server.url}mcp", mode=mode) as client:
        assert len((await client.list_tools()).tools) == 8
        made = await answer_of(client, "add", tasks=[{"title": "Over HTTP"}], key="k")
        assert (await answer_of(client, "find"))["tasks"] == made["tasks"]
        with server.client() as http:
            assert [task["title"] for task in http.get("/tasks/").json()] == ["Over HTTP"]
            http.patch("/workspaces/default", json={"time_zone": "Asia/Tokyo"}).raise_for_status()
        assert (await answer_of(client, "now"))["time_zone"] == "Asia/Tokyo"


def test_without_the_setting_there_is_nothing(start_server) -> None:
    server = start_server("--port", "0")
    with server.client() as http:
        assert http.post("/mcp", json={}).status_code == 404


async def test_a_page_of_another_origin_and_a_stranger_are_refused(start_server) -> None:
    server = start_server("--port", "0", TASKHARBOR_MCP="true", TASKHARBOR_AUTH="required")
    with server.client() as http:
        stranger = http.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
        assert (stranger.status_code, stranger.json()["code"]) == (401, "unauthenticated")
        assert stranger.headers["www-authenticate"].startswith("Bearer")
        page = http.post("/mcp", json={}, headers={"Origin": "https://evil.example"})
        assert page.status_code == 403
    with pytest.raises((MCPError, httpx.HTTPError, ExceptionGroup)):
        async with Client(f"{server.url}mcp") as client:
            await client.list_tools()
    assert server.stop() == 0
    assert '"operation":"agent"' in server.output  # the audit


@asynccontextmanager
async def agent_at(server: RunningServer, token: str, mode: str = "auto") -> AsyncIterator[Client]:
    async with create_mcp_http_client(headers={"Authorization": f"Bearer {token}"}) as http:
        transport = streamable_http_client(f"{server.url}mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


async def tools_of(client: Client) -> set[str]:
    return {tool.name for tool in (await client.list_tools()).tools}


@pytest.fixture
def manager(tmp_path: Path, surroundings: dict[str, str]) -> str:
    """A token that may do everything at servers of this test."""
    taskharbor = Path(sys.executable).with_name("taskharbor")
    create = [taskharbor, "token", "create", "--scope", "manage", "--expires", "never"]
    done = subprocess.run(create, cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_token_decides_which_tools_there_are_and_which_tasks(
    manager: str, start_server: StartServer, mode: str
) -> None:
    server = start_server("--port", "0", TASKHARBOR_MCP="true", TASKHARBOR_AUTH="required")
    with server.client() as http:
        http.headers["authorization"] = f"Bearer {manager}"

        def post(path: str, **body: Any) -> Any:
            answer = http.post(path, json=body)
            assert answer.is_success, answer.text
            return answer.json()

        plans = post("/lists/", name="Plans")["id"]
        inside, outside = post("/tasks/", title="Inside", list=plans)["id"], post("/tasks/", title="Outside")["id"]
        reader = post("/tokens/", name="reader", scope="read")["token"]
        writer = post("/tokens/", name="writer", scope="write")["token"]
        narrowed = post("/tokens/", name="narrowed", scope="write", lists=[plans])["token"]

        async with agent_at(server, reader, mode) as agent:
            assert await tools_of(agent) == {"find", "get", "history", "now"}
            assert {task["title"] for task in (await answer_of(agent, "find"))["tasks"]} == {"Inside", "Outside"}
            for name, arguments in (
                ("add", {"tasks": [{"title": "Planted"}]}),
                ("change", {"tasks": [{"id": inside, "title": "Planted"}]}),
                ("complete", {"tasks": [{"id": inside}]}),
                ("claim", {"action": "take", "id": inside}),
                ("history", {"undo": 1}),
            ):
                assert (await agent.call_tool(name, arguments)).is_error, name
        async with agent_at(server, writer, mode) as agent:
            assert await tools_of(agent) == {"find", "get", "history", "now", "add", "change", "complete", "claim"}
        async with agent_at(server, narrowed, mode) as agent:
            found = await answer_of(agent, "find")
            assert ([task["id"] for task in found["tasks"]], found["total"]) == ([inside], 1)
            assert (await answer_of(agent, "get", ids=[inside, outside]))["missing"] == [outside]
            assert "Outside" not in json.dumps(await answer_of(agent, "now"))
            change = {"tasks": [{"id": outside, "title": "Planted"}]}
            assert (await agent.call_tool("change", change)).is_error
        assert [(task["id"], task["title"], task["is_completed"]) for task in http.get("/tasks/").json()] == [
            (inside, "Inside", False),
            (outside, "Outside", False),
        ]


async def test_a_process_serves_an_agent_over_its_standard_input_and_output(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/tasks.db"
    command = StdioServerParameters(
        command=str(Path(sys.executable).with_name("taskharbor")),
        args=["mcp", "--database-url", database, "--actor", "bot"],
    )
    async with Client(command) as client:
        made = await answer_of(client, "add", tasks=[{"title": "Over a pipe"}])
        history = await answer_of(client, "history", id=made["tasks"][0]["id"])
    assert [entry["actor"] for entry in history["history"]] == ["bot"]
