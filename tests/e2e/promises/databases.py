"""Databases that die, and are there again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.cluster.nodes import Node, nodes


class File:
    """A database that dies with the server that has it open."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder}/tasks.db"

    def kill(self) -> None:
        pass

    def start(self) -> None:
        pass


class Server:
    """A server of PostgreSQL. What is promised of it holds if it writes its log before it answers, as it does."""

    def __init__(self, node: Node) -> None:
        self.url = node.url
        self._node = node

    def kill(self) -> None:
        self._node.kill()

    def start(self) -> None:
        self._node.start(fsync="on")


Database = File | Server


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield File(tmp_path)
    else:
        with nodes("database") as [node]:
            node.create()
            database = Server(node)
            database.start()
            yield database
