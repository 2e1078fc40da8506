"""Agents at a real server, and beside a real process of `taskharbor mcp`."""

import json
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError


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
