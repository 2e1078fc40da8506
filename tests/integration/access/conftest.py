from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.ports.storage import Storage
from taskharbor.entrypoints.composition import storage_on


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    """An open store of each kind."""
    match request.param:
        case "memory":
            url = "memory://"
        case "sqlite":
            url = f"sqlite:///{tmp_path}/tasks.db"
        case _:
            url = request.getfixturevalue("postgres_url")
    async with storage_on(url, StorageOptions()) as storage:
        yield storage
