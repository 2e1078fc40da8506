"""A token that is revoked is good for nothing, on every worker within 5 seconds."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import httpx
import pytest

from e2e.conftest import WITHOUT_TLS, StartServer

SECONDS = 5
SEVERAL = 40
"""Requests on connections of their own: two workers take turns often enough that both answer some."""


@pytest.fixture
def taskharbor(tmp_path: Path, surroundings: dict[str, str]) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        command = [Path(sys.executable).with_name("taskharbor"), *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    return run


@pytest.mark.long
def test_no_worker_knows_a_token_five_seconds_after_another_process_has_revoked_it(
    start_server: StartServer, taskharbor: Callable[..., str]
) -> None:
    token = taskharbor("token", "create", "--scope", "read")
    [listed] = taskharbor("token", "list").splitlines()
    server = start_server("--workers", "2", TASKHARBOR_AUTH="required", TASKHARBOR_FAILED_SIGN_INS="off")

    def answers() -> set[int]:
        headers = {"Authorization": f"Bearer {token}", "Connection": "close"}
        return {httpx.get(f"{server.url}me", headers=headers, verify=WITHOUT_TLS).status_code for _ in range(SEVERAL)}

    assert answers() == {200}
    taskharbor("token", "revoke", listed.partition(" ")[0])
    revoked = monotonic()
    while monotonic() <= revoked + SECONDS:
        assert answers() <= {200, 401}
    assert answers() == {401}
    assert token not in server.output
