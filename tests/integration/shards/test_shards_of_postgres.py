"""Workspaces over two databases, as operators see them."""

from collections.abc import Iterator

import pytest
from typer.testing import CliRunner, Result

from postgres_server import PostgresServer
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.root import app

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def urls(postgres_server: PostgresServer, migrated_template: str) -> Iterator[tuple[str, str]]:
    with (
        postgres_server.database(template=migrated_template) as home,
        postgres_server.database(template=migrated_template) as shard,
    ):
        yield home, shard


def failure_of(result: Result) -> CommandFailed:
    assert isinstance(result.exception, CommandFailed), result.output
    return result.exception


def run(urls: tuple[str, str], *arguments: str, shards: str | None = None) -> Result:
    environment = {
        "TASKHARBOR_DATABASE_URL": urls[0],
        "TASKHARBOR_SHARDS": f"north={urls[1]}" if shards is None else shards,
        "TASKHARBOR_HISTORY_RETENTION": "forever",
    }
    return CliRunner().invoke(app, list(arguments), env=environment)


def test_a_workspace_is_made_on_a_shard_moved_and_verified(
    urls: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("taskharbor.entrypoints.cli.store.moving.GRACE", 0)
    assert run(urls, "db", "check").stdout.endswith("in 2 databases.\n")
    assert run(urls, "db", "current").stdout.startswith("home: 0")
    assert run(urls, "workspace", "create", "team").exit_code == 0
    assert run(urls, "add", "Plant", "--workspace", "team").exit_code == 0
    moved = run(urls, "workspace", "move", "team", "--to", "home")
    assert moved.stdout.startswith("Moved team from north to home: "), moved.output
    assert run(urls, "workspace", "move", "team", "--to", "home").stdout == "team is on home.\n"
    assert "Plant" in run(urls, "list", "--workspace", "team").stdout
    assert run(urls, "verify").stdout.startswith("All is well: 1 task and ")
    assert "Nothing is wrong." in run(urls, "doctor").stdout


@pytest.mark.parametrize(
    ("arguments", "shards", "exit_code", "says"),
    [
        (("workspace", "move", "nobody", "--to", "north"), None, 5, "there is no workspace nobody"),
        (("workspace", "move", "default", "--to", "east"), None, 2, "--to must be one of home, north"),
        (("workspace", "move", "default", "--to", "east"), "off", 2, "TASKHARBOR_SHARDS names no shards"),
        (("list",), "off", 3, "This database is one of several: home: name the home in TASKHARBOR_DATABASE_URL"),
        (("list",), "north=sqlite:///tasks.db", 2, "TASKHARBOR_SHARDS must be names of a-z, 0-9 and -"),
        (("db", "check"), "north=postgresql://nobody@127.0.0.1:1/nothing", 3, "north: The task store is unavailable"),
        (("doctor",), "north=postgresql://nobody@127.0.0.1:1/nothing", 3, "FAULT: shard north: The task store"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    urls: tuple[str, str], arguments: tuple[str, ...], shards: str | None, exit_code: int, says: str
) -> None:
    assert run(urls, "verify").exit_code == 0  # the two know each other
    result = run(urls, *arguments, shards=shards)
    assert says in result.output + str(result.exception)
    assert failure_of(result).exit_code == exit_code


def test_a_directory_that_names_an_unknown_shard_harms_nothing(
    urls: tuple[str, str], postgres_server: PostgresServer, migrated_template: str
) -> None:
    assert run(urls, "add", "Here", "--workspace", "default").exit_code == 0
    with postgres_server.database(template=migrated_template) as other:
        result = run(urls, "add", "There", shards=f"south={other}")
        assert failure_of(result).exit_code == 3
        assert "workspace default is on the shard north, which is not among those named: name it in" in str(
            result.exception
        )
        told = run(urls, "doctor", shards=f"south={other}")
        assert failure_of(told).exit_code == 3
        assert "the shard north, which has 1 workspace, is not among those named" in told.stdout
    listed = run(urls, "list").stdout
    assert "Here" in listed
    assert "There" not in listed
