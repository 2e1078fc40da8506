"""One workspace that cannot be looked at holds up no other, and a store that is away ends nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.entrypoints import reminding
from taskharbor.entrypoints.background import in_background
from taskharbor.entrypoints.reminding import Rounds


class Workspaces:
    """Three workspaces; who looks at one is refused as often as is said."""

    clock = SimpleNamespace(now=lambda: datetime(2026, 11, 29, tzinfo=UTC))

    def __init__(self) -> None:
        self.refusals: dict[str, list[Exception]] = {}
        self.unlisted: list[Exception] = []
        self.seen: asyncio.Queue[str] = asyncio.Queue()

    async def workspaces(self) -> AsyncIterator[str]:
        if self.unlisted:
            raise self.unlisted.pop()
        for name in ("broken", "home", "work"):
            yield name

    async def look(self, workspace: str) -> None:
        if refusals := self.refusals.get(workspace):
            raise refusals.pop()
        await self.seen.put(workspace)

    @asynccontextmanager
    async def are_looked_at(self) -> AsyncIterator[Rounds]:
        rounds = Rounds(self, self.look)
        async with asyncio.timeout(30), in_background(rounds.go_on()):
            yield rounds


@pytest.fixture
def workspaces(monkeypatch):
    monkeypatch.setattr(reminding, "_BEFORE_RETRY", 0.0)
    return Workspaces()


async def test_a_workspace_that_fails_holds_up_no_other(workspaces):
    workspaces.refusals["broken"] = [ValueError("a record of another release")]
    async with workspaces.are_looked_at() as rounds:
        assert [await workspaces.seen.get() for _ in range(2)] == ["home", "work"]
        rounds.want("broken")
        assert await workspaces.seen.get() == "broken"


@pytest.mark.parametrize("away", [StoreUnavailable("no answer"), StoreNotReady("outdated", remedy="upgrade")])
async def test_a_store_that_is_away_is_asked_again(workspaces, away):
    async with workspaces.are_looked_at() as rounds:
        assert [await workspaces.seen.get() for _ in range(3)] == ["broken", "home", "work"]
        workspaces.refusals["home"] = [away, away]
        rounds.want("home")
        assert await workspaces.seen.get() == "home"


async def test_a_round_that_cannot_begin_is_not_the_last(workspaces):
    workspaces.unlisted = [ValueError("an error of the driver")]
    async with workspaces.are_looked_at():
        assert [await workspaces.seen.get() for _ in range(3)] == ["broken", "home", "work"]
