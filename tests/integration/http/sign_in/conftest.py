"""Servers where callers sign in, with a clock of the test's own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest

from integration.http.serving import client_of
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.access.manage_members import PutMember, RemoveMember
from taskharbor.application.access.sessions import CreateSignInLink, EndSessions
from taskharbor.application.principal import system_in
from taskharbor.application.use_cases.access import AccessUseCases
from taskharbor.domain.access.permission import Role
from taskharbor.domain.identifiers import SERVICE_WORKSPACE
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.http import create_app
from taskharbor.entrypoints.settings.settings import Settings
from taskharbor.testing import FakeClock

PUBLIC_URL = "https://tasks.example.org"


class Server:
    """An app, and what an operator can do beside it."""

    def __init__(
        self, client: httpx.AsyncClient, access: AccessUseCases, clock: FakeClock, storage: InMemoryStorage
    ) -> None:
        self._storage = storage
        self.client = client
        self.clock = clock
        self._access = access

    async def add(self, member: str, role: Role = Role.EDITOR, workspace: str = "default") -> None:
        await self._access.execute(PutMember(id=member, role=role), system_in(workspace))

    async def directory_revision(self) -> int:
        return (await self._storage.read_history_bounds(SERVICE_WORKSPACE)).revision

    async def remove(self, member: str) -> None:
        await self._access.execute(RemoveMember(id=member), system_in("default"))

    async def sign_out(self, member: str) -> None:
        await self._access.execute(EndSessions(member=member), system_in("default"))

    async def link(self, member: str) -> str:
        return await self._access.execute(CreateSignInLink(member=member), system_in("default"))


StartServer = Callable[..., AbstractAsyncContextManager[Server]]


@asynccontextmanager
async def started(**settings: object) -> AsyncIterator[Server]:
    clock = FakeClock(datetime(2026, 3, 1, tzinfo=UTC))
    given = {"database_url": "memory://", "auth": "required", "public_url": PUBLIC_URL} | settings
    storage = InMemoryStorage()
    container = container_from(Settings(**given), storage=storage, clock=clock)
    async with client_of(create_app(container=container), PUBLIC_URL) as client:
        yield Server(client, container.use_cases().access, clock, storage)


@pytest.fixture
def start_server() -> StartServer:
    return started


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with started() as server:
        await server.add("alice")
        yield server
