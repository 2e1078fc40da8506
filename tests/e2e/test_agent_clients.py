"""What others have written for MCP: its conformance suite and its inspector, both from npm."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

PACKAGES = ("node@22", "@modelcontextprotocol/conformance@0.1.16", "@modelcontextprotocol/inspector@2.12.0")
"""The suite needs a newer Node.js than Debian has."""

SCENARIOS = ("server-initialize", "ping", "tools-list", "dns-rebinding-protection")
"""Those for any server. The others call tools, prompts and resources of a server that is made for the suite."""

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Runs a program of the packages."""
    folder = tmp_path_factory.mktemp("npm")
    if not (npm := shutil.which("npm")):
        pytest.skip("npm is not installed")
    install = [npm, "install", "--no-audit", "--no-fund", *PACKAGES]
    installed = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if installed.returncode:
        pytest.skip(f"cannot install: {installed.stderr.strip()[-300:]}")
    programs = folder / "node_modules" / ".bin"
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}

    def run(program: str, *arguments: str) -> str:
        done = subprocess.run(
            [programs / program, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def url(start_server, tmp_path: Path) -> str:
    return f"{start_server(TASKHARBOR_MCP='true').url}mcp"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_conformance_suite_finds_no_fault(run, url, scenario):
    said = run("conformance", "server", "--url", url, "--scenario", scenario)
    assert ", 0 failed, 0 warnings" in said


def test_the_inspector_lists_the_tools_and_calls_them(run, url):
    def ask(*what: str) -> dict:
        return json.loads(run("mcp-inspector", "--cli", url, "--transport", "http", "--method", *what))

    names = [tool["name"] for tool in ask("tools/list")["tools"]]
    assert sorted(names) == ["add", "change", "claim", "complete", "find", "get", "history", "now"]
    called = ask(
        "tools/call", "--tool-name", "add", "--tool-arg", 'tasks=[{"title": "Inspect"}]', "--tool-arg", "key=k"
    )
    assert json.loads(called["content"][0]["text"])["tasks"][0]["title"] == "Inspect"
    found = ask("tools/call", "--tool-name", "find")
    assert json.loads(found["content"][0]["text"])["total"] == 1
