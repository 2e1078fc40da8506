from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from taskharbor.adapters.clock import SystemClock
from taskharbor.adapters.sqlalchemy.postgres import PostgresStorage
from taskharbor.adapters.sqlalchemy.sqlite import SqliteStorage
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.application.ports.storage import Storage
from taskharbor.application.use_cases.application import UseCases


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    return tmp_path / "tasks.db"


@pytest_asyncio.fixture
async def sqlite(sqlite_path: Path) -> AsyncIterator[SqliteStorage]:
    async with SqliteStorage(sqlite_path, StorageOptions(timeout=0.2)) as storage:
        yield storage


@pytest_asyncio.fixture
async def postgres(postgres_url: str) -> AsyncIterator[PostgresStorage]:
    options = StorageOptions(migrate=True, pool_size=3)
    async with PostgresStorage.from_url(postgres_url, options) as storage:
        yield storage


@pytest.fixture
def use_cases_on() -> Callable[[Storage], UseCases]:
    return lambda storage: UseCases(storage, clock=SystemClock(), uids=Uuid7Uids())
