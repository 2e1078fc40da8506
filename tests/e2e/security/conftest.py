"""A server that two tenants share, and what each of them calls it with."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO

import httpx
import pytest

from e2e.conftest import RunningServer, end, launch
from e2e.warm_command import WarmCommand
from taskharbor.entrypoints.cli import main


@dataclass
class Shared:
    """A running server. `tokens` are by what they may do; `theirs` is the other tenant's."""

    server: RunningServer
    tokens: Mapping[str, str]

    def client(self, token: str) -> httpx.Client:
        client = self.server.client()
        client.headers["authorization"] = f"Bearer {self.tokens[token]}"
        return client


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory, surroundings: dict[str, str], warm_command: WarmCommand | None
) -> Iterator[Shared]:
    folder = tmp_path_factory.mktemp("shared")
    environment = surroundings | {
        "TASKHARBOR_DATABASE_URL": "sqlite:///tasks.db",
        "TASKHARBOR_AUTH": "required",
        "TASKHARBOR_FAILED_SIGN_INS": "off",
        "TASKHARBOR_QUOTA_LISTS": "3",
        "TASKHARBOR_MAX_REQUEST_LINE_BYTES": "8192",
    }

    def run(*arguments: str) -> str:
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as shown:
            patch.chdir(folder)
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["taskharbor", *arguments])
            with pytest.raises(SystemExit) as ended:
                main()
        assert not ended.value.code
        return shown.getvalue().strip()

    run("workspace", "create", "ours", "--owner", "ada")
    run("workspace", "create", "theirs", "--owner", "eve")
    tokens = {
        scope: run("token", "create", "--workspace", "ours", "--scope", scope, "--member", "ada")
        for scope in ("read", "write", "manage")
    }
    tokens["theirs"] = run("token", "create", "--workspace", "theirs", "--scope", "manage", "--member", "eve")
    tokens["default"] = run("token", "create", "--scope", "manage")
    tokens["link"] = run("sign-in-link", "--member", "ada").partition("secret=")[2]
    tokens["invitation"] = run("invitation", "create", "--workspace", "ours", "--role", "viewer")
    server = launch(folder, environment, warm=warm_command)
    try:
        server.wait_until_serving()
        yield Shared(server, tokens)
    finally:
        end(server)
