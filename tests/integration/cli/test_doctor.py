import asyncio
from pathlib import Path

import pytest

from taskharbor.entrypoints.cli.store import doctor
from taskharbor.entrypoints.embedded.opening import open_taskharbor


async def make(url="sqlite:///tasks.db"):
    async with open_taskharbor(url) as harbor:
        await harbor.create_task(title="x")


@pytest.mark.parametrize("url", ["memory://", "sqlite:///tasks.db", "sqlite:///not-yet.db"])
def test_of_what_works_it_says_that_nothing_is_wrong(taskharbor, url):
    asyncio.run(make())
    found = taskharbor("doctor", "--database-url", url)
    assert (found.exit_code, found.out, found.err) == (0, "Nothing is wrong.\n", "")


def test_postgres_that_works_has_nothing_wrong(taskharbor, postgres_url):
    assert taskharbor("doctor", "--database-url", postgres_url).out == "Nothing is wrong.\n"


def test_it_finds_replicas_that_are_away_or_none(taskharbor, postgres_url, monkeypatch):
    monkeypatch.setenv("TASKHARBOR_REPLICA_URL", postgres_url.replace("@", "@127.0.0.1:1,"))
    found = taskharbor("doctor", "--database-url", postgres_url)
    assert (found.exit_code, "warning: replica 1 is away" in found.out) == (0, True)
    assert "warning: replica 2 is no replica" in found.out


@pytest.mark.parametrize(
    ("settings", "says", "exit_code"),
    [
        ({"TASKHARBOR_HOST": "0.0.0.0"}, "FAULT: TASKHARBOR_HOST=0.0.0.0 can be reached by others", 3),
        ({"TASKHARBOR_DATABASE_URL": "sqlite:///no/such/tasks.db"}, "FAULT: there is no folder", 3),
        ({"TASKHARBOR_DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "start the database, or correct", 3),
        ({"TASKHARBOR_WORKERS": "64"}, "warning: 64 workers share", 0),
        ({"TASKHARBOR_INSECURE_NO_AUTH": "true"}, "warning: everybody who reaches the server", 0),
        (
            {"TASKHARBOR_TRASH_RETENTION": "forever", "TASKHARBOR_HISTORY_RETENTION": "forever"},
            "warning: nothing is ever purged",
            0,
        ),
        ({"TASKHARBOR_AUTH": "required", "TASKHARBOR_HOST": "0.0.0.0"}, "warning: no public name is allowed", 0),
    ],
)
def test_it_says_what_is_wrong_and_what_to_do(taskharbor, monkeypatch, settings, says, exit_code):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    found = taskharbor("doctor")
    assert says in found.out
    assert found.exit_code == exit_code


def test_it_finds_a_damaged_file(taskharbor):
    asyncio.run(make())
    file = Path("tasks.db")
    file.write_bytes(file.read_bytes()[:4096] + b"\xff" * 8192 + file.read_bytes()[12288:])
    found = taskharbor("doctor")
    assert (found.exit_code, "is damaged" in found.out) == (3, True)


def test_it_finds_a_database_without_a_schema(taskharbor, empty_postgres_url):
    found = taskharbor("doctor", "--database-url", empty_postgres_url)
    assert (found.exit_code, "`taskharbor db upgrade`" in found.out) == (3, True)


def test_it_warns_of_little_space_and_network_file_systems(taskharbor, monkeypatch):
    monkeypatch.setattr(doctor, "_LITTLE_SPACE", 2**62)
    monkeypatch.setattr(doctor, "_file_system_of", lambda _folder: "nfs4")
    found = taskharbor("doctor")
    assert "is on a network file system (nfs4)" in found.out
    assert "MB left" in found.out
