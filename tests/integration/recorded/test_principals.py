"""The recorded session as members make it: what an operation needs is what its commands need."""

import httpx
from fastapi import FastAPI

from integration.recorded.session import BEGIN, play
from integration.recorded.steps import ACCESS, STEPS
from taskharbor.application.principal import Principal, PrincipalKind
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.http import taskharbor_router
from taskharbor.entrypoints.settings.settings import Settings
from taskharbor.testing import FakeClock, FakeUids


async def session_of(permission: Permission) -> list[tuple[str, int, str]]:
    async def principal_of(_request: object) -> Principal:
        return Principal(kind=PrincipalKind.MEMBER, id="ada", actor=None, workspace="default", permission=permission)

    clock = FakeClock(BEGIN)
    container = container_from(
        Settings(database_url="memory://", cursor_key="recorded-session-0123456789abcdef"),
        clock=clock,
        uids=FakeUids(),
    )
    app = FastAPI()
    app.include_router(taskharbor_router(container=container, principal=principal_of))
    transport = httpx.ASGITransport(app)
    async with container.storage(), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        exchanges = await play(
            client,
            clock,
            [
                step
                for step in STEPS
                if step not in ACCESS and not step[1].startswith(("/health/", "/webhooks/", "/undo"))
            ],
        )
    return [(each.method, each.status, each.text) for each in exchanges]


async def test_an_editor_is_refused_nothing_but_to_manage() -> None:
    session = await session_of(Permission.WRITE)
    assert len(session) > 200
    assert {status for _, status, _ in session} & {401, 403} == set()
    assert session == await session_of(Permission.MANAGE)


async def test_a_viewer_is_refused_every_change_and_no_reading() -> None:
    for method, status, _ in await session_of(Permission.READ):
        if method in {"GET", "HEAD"}:
            assert status != 403
        else:
            assert status in {403, 405}
