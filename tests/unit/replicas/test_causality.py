"""Nobody is shown less than was seen, by that caller or by whoever told it, however far replicas are behind."""

from pathlib import Path

import pytest

from replicas import faults_of_followers
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.sqlalchemy.sqlite import SqliteStorage
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.ports.storage import Storage
from taskharbor.application.replicas.replica import Replica
from taskharbor.application.replicas.seen import Seen


def in_memory(count: int = 2) -> list[Storage]:
    return [InMemoryStorage() for _ in range(count)]


@pytest.mark.parametrize("wait", [0, 0.01])
async def test_reads_never_go_back(wait: float) -> None:
    for seed in range(10):
        assert await faults_of_followers(seed, InMemoryStorage(), in_memory(), wait=wait) == []


async def test_reads_of_files_never_go_back(tmp_path: Path) -> None:
    primary, *copies = [SqliteStorage(tmp_path / f"{n}.db", StorageOptions()) for n in range(3)]
    assert await faults_of_followers(1, primary, list(copies)) == []


async def test_the_checker_finds_replicas_that_are_asked_whatever_they_have_reached(monkeypatch) -> None:
    async def always(*_: object) -> bool:
        return True

    async def whatever(self: Replica, workspace: str, at_least: int, ask) -> tuple[object, int]:
        return await ask(self._storage), max(at_least, await self._revision(workspace))

    monkeypatch.setattr(Replica, "has_reached", always)
    monkeypatch.setattr(Replica, "read", whatever)
    assert await faults_of_followers(1, InMemoryStorage(), in_memory()) != []


async def test_the_checker_finds_answers_that_show_more_than_they_say(monkeypatch) -> None:
    async def nothing_later(self: Seen) -> dict[str, int]:
        return {"default": self.meanwhile.get("default", self.revision or 0) and (self.revision or 0)}

    monkeypatch.setattr(Seen, "settle", nothing_later)
    assert await faults_of_followers(1, InMemoryStorage(), in_memory()) != []
