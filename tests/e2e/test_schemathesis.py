"""Schemathesis finds no answer that the OpenAPI document does not describe, and none that is the server's fault."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

HERE = Path(__file__).parent


def run_schemathesis(url: str, folder: Path, *options: str) -> str:
    """Run every check on every operation; return what it says."""
    command = [Path(sys.executable).with_name("st"), "--config-file", HERE / "schemathesis.toml", "run"]
    command += [f"{url}openapi.json", "--no-color", "--continue-on-failure", *options]
    hooks = {"SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE)}
    done = subprocess.run(command, cwd=folder, env={**os.environ, **hooks}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-20_000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.mark.parametrize("running_server", ["memory", pytest.param("sqlite", marks=pytest.mark.long)], indirect=True)
def test_a_few_requests_to_every_operation_are_answered_as_described(running_server, tmp_path):
    # Events come for as long as one listens.
    few = ("--max-examples", "2", "--phases", "examples,fuzzing", "--seed", "1", "--exclude-path", "/events")
    assert " passed" in run_schemathesis(running_server.url, tmp_path, *few)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("running_server", ["memory", "sqlite"], indirect=True)
def test_thousands_of_requests_to_every_operation_are_answered_as_described(running_server, tmp_path):
    # By one thread: in Python 3.11 two that parse source at a time, as Hypothesis does, can be a SystemError, "AST
    # constructor recursion depth mismatch" (https://github.com/python/cpython/issues/106905).
    said = run_schemathesis(running_server.url, tmp_path, "--max-examples", "25", "--workers", "1")
    assert "Coverage" in said
    assert "Stateful" in said


@pytest.mark.parametrize("running_server", ["memory"], indirect=True)
def test_the_document_is_valid(running_server):
    with running_server.client() as client:
        validate(json.loads(client.get("/openapi.json").text), cls=OpenAPIV31SpecValidator)
