"""Our own app: what is built when."""

import re

import pytest

from integration.http.serving import client_of
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import StoreUnavailable
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.http import create_app
from taskharbor.entrypoints.settings.settings import Settings


def test_settings_come_from_the_environment_if_nobody_gives_any(monkeypatch):
    monkeypatch.setenv("TASKHARBOR_DATABASE_URL", "memory://")

    app = create_app()

    assert isinstance(app.state.container.storage(), InMemoryStorage)


async def test_an_app_has_a_container_of_its_own():
    settings = Settings(database_url="memory://")
    async with client_of(create_app(settings)) as first, client_of(create_app(settings)) as second:
        await first.post("/tasks/", json={"title": "Water the plants"})

        assert (await second.get("/tasks/")).json() == []


async def test_the_store_is_opened_by_the_start_and_closed_by_the_stop(tmp_path):
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/tasks.db"))
    assert not (tmp_path / "tasks.db").exists()

    async with client_of(app) as client:
        assert (await client.post("/tasks/", json={"title": "Water the plants"})).status_code == 201


async def test_a_store_that_cannot_be_opened_stops_the_start():
    class Away(InMemoryStorage):
        async def open(self):
            raise StoreUnavailable("nobody answers")

    app = create_app(container=container_from(Settings(database_url="memory://"), storage=Away()))

    with pytest.raises(StoreUnavailable):
        async with client_of(app):
            pass


async def test_the_workspace_of_the_settings_is_served():
    storage = InMemoryStorage()
    for workspace, expected in (("ada", 1), ("bob", 1), ("ada", 2)):
        settings = Settings(database_url="memory://", workspace=workspace)
        app = create_app(container=container_from(settings, storage=Kept(storage)))
        async with client_of(app) as client:
            assert (await client.post("/tasks/", json={"title": "Mine"})).json()["id"] == expected


class Kept(InMemoryStorage):
    """Outlives the app that serves it."""

    def __init__(self, storage: InMemoryStorage) -> None:
        super().__init__()
        self._workspaces = storage._workspaces

    async def aclose(self):
        pass


async def test_the_documentation_shows_itself_without_the_internet():
    async with client_of(create_app(Settings(database_url="memory://"))) as client:
        page = (await client.get("/docs")).text
        assets = re.findall(r'(?:href|src)="([^"]+)"', page)

        assert len(assets) == 4
        for asset in assets:
            assert (await client.get(asset)).status_code == 200
