"""Fixtures of deliveries: a receiver, a store, and the use cases on it."""

from collections.abc import AsyncIterator

import pytest

from integration.webhooks.deliveries import use_cases_on
from integration.webhooks.receiver import Receiver, receiving
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.use_cases.application import UseCases


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def storage() -> AsyncIterator[InMemoryStorage]:
    async with InMemoryStorage() as storage:
        yield storage


@pytest.fixture
async def harbor(storage: InMemoryStorage) -> UseCases:
    return use_cases_on(storage)
