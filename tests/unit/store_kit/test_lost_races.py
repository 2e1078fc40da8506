"""Processes that write to the same keys at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports import KeyValueStorage, KeyValueTransaction, TransactionConflict
from taskharbor.application.store_kit.key_value import storage as module
from taskharbor.domain.identifiers import WorkspaceId


class Contested:
    """Keys that another process has written each time, so often."""

    def __init__(self, losses: int) -> None:
        self.losses = losses
        self.transactions = 0

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[KeyValueTransaction]:
        self.transactions += 1
        yield Nothing()
        if self.transactions <= self.losses:
            raise TransactionConflict


class Nothing(KeyValueTransaction):
    """No key is there."""

    async def get(self, keys):
        return {}

    async def range(self, start, end, *, limit=None, reverse=False):
        return []

    def put(self, key, value):
        pass

    def delete(self, key):
        pass


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(module, "_LONGEST_PAUSE", 0.0)


async def test_a_write_that_loses_63_races_wins_the_next():
    store = Contested(losses=63)
    assert await KeyValueStorage(store).next_task_id(WorkspaceId("default")) == 1
    assert store.transactions == 64


async def test_a_write_that_always_loses_says_so():
    store = Contested(losses=1000)
    with pytest.raises(ConcurrentUpdate):
        await KeyValueStorage(store).next_task_id(WorkspaceId("default"))
    assert store.transactions == 64
