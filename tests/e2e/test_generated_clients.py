"""Clients that are generated from the OpenAPI document compile, and work."""

import compileall
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SESSIONS = Path(__file__).parents[1] / "data" / "clients"
PACKAGES = (
    "openapi-typescript@7.13.0",
    "openapi-fetch@0.17.0",
    "typescript@5.9.3",
    "@types/node@24",
    "@redocly/cli@2.77.0",
)

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.parametrize("running_server", ["memory"], indirect=True),
]


def run(*command: str | Path, folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-5000:]}\n{done.stderr[-5000:]}"
    return done.stdout


def installed(*command: str | Path, folder: Path) -> None:
    """Install something, or skip the test where that cannot be: away from the network."""
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        pytest.skip(f"cannot install: {done.stderr.strip()[-300:]}")


@pytest.fixture
def described(running_server, tmp_path):
    """A folder with the document of a server."""
    with running_server.client() as client:
        (tmp_path / "openapi.json").write_text(client.get("/openapi.json").text)
    return tmp_path


def test_a_client_in_typescript_compiles_and_works_and_redocly_finds_the_document_valid(running_server, described):
    (described / "package.json").write_text('{"type": "module", "private": true}')
    installed("npm", "install", "--no-audit", "--no-fund", *PACKAGES, folder=described)
    tools = described / "node_modules" / ".bin"
    run(tools / "redocly", "lint", "--extends=spec", "openapi.json", folder=described)
    run(tools / "openapi-typescript", "openapi.json", "-o", "api.d.ts", folder=described)
    shutil.copy(SESSIONS / "session.ts", described)
    strict = ("--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes")
    modern = ("--target", "es2022", "--module", "nodenext", "--types", "node")
    run(tools / "tsc", *strict, *modern, "session.ts", folder=described)
    assert run("node", "session.js", running_server.url, folder=described) == "completed true\n"


def test_a_client_in_python_compiles_and_works(running_server, described):
    uv = Path(sys.executable).with_name("uv")
    generator = (uv, "tool", "run", "--from", "openapi-python-client==0.29.1", "openapi-python-client")
    installed(*generator, "--version", folder=described)
    said = run(*generator, "generate", "--path", "openapi.json", "--output-path", "client", folder=described)
    assert said.count("WARNING") == said.count("WARNING parsing POST /import ")  # files are no JSON
    assert compileall.compile_dir(described / "client", quiet=2)
    path = {"PYTHONPATH": str(described / "client")}
    checked = (sys.executable, "-m", "mypy", "--strict", "--ignore-missing-imports", SESSIONS / "session.py")
    run(*checked, folder=described, MYPYPATH=str(described / "client"))
    assert (
        run(sys.executable, SESSIONS / "session.py", running_server.url, folder=described, **path) == "completed True\n"
    )
