"""Whatever one tenant sends, it neither sees nor changes anything of another; and a token that is narrowed to a list
neither sees nor changes anything of the others, while the other tenant goes on with its work.
"""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, Final, TypeVar

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from integration.http.access.attacker import Attacker
from integration.http.access.tenants import OF_THE_WORKSPACE, READS_OF_ALL, SECRET, Server, Tenants
from integration.http.serving import client_of, container
from taskharbor.entrypoints.http import create_app

R = TypeVar("R")

DRAWN: Final = st.randoms(use_true_random=True)
"""One seed each: to let Hypothesis draw each choice takes longer than the requests."""

SEVERAL: Final = st.integers(1, 40)

FEW: Final = settings(max_examples=4, stateful_step_count=30, derandomize=True, database=None)
"""Some 1,000 requests of each machine."""

SOME: Final = settings(max_examples=20, stateful_step_count=80)

PARTS: Final = 5

ASKED_IN_A_PART: Final = 100_000 // PARTS
"""Requests of the caller: those of the other tenant, and those that look whether all is as it was, come on top."""


class TwoTenants(RuleBasedStateMachine):
    """One tenant asks for anything, the other one works."""

    def __init__(self, server: Server, run: Callable[[Awaitable[Any]], Any]) -> None:
        super().__init__()
        self._run = run
        self._client = server.client
        self.tenants: Tenants = run(server.tenants())
        self._before: list[Any] = run(self.snapshot())

    async def snapshot(self) -> list[Any]:
        """Return what the caller must not change."""
        raise NotImplementedError

    async def asked(self, method: str, path: str, sent: dict[str, Any]) -> None:
        """Have the caller ask."""
        raise NotImplementedError

    @rule(draw=DRAWN, several=SEVERAL)
    def anything_is_asked(self, draw: Random, several: int) -> None:
        async def asked() -> None:
            attacker = Attacker(self.tenants, draw)
            for _ in range(several):
                await self.asked(*attacker.request())

        self._run(asked())

    async def ask(self, caller: Any, method: str, path: str, sent: dict[str, Any]) -> httpx.Response:
        """Send a request of somebody who must not see the secret."""
        self.tenants.server.asked += 1
        headers = sent.get("headers", {}) | caller
        answer = await self._client.request(method, path, **(sent | {"headers": headers}))
        assert answer.status_code < 500, (method, path, sent, answer.text)
        assert SECRET not in answer.text, (method, path, sent, answer.text)
        assert SECRET not in str(answer.headers), (method, path, sent, answer.headers)
        return answer

    @rule(draw=DRAWN)
    def the_other_works(self, draw: Random) -> None:
        """It has what it had, and changes it."""
        self.look()
        self._run(self._work(draw))
        self._before = self._run(self.snapshot())

    async def _work(self, draw: Random) -> None:
        for _ in range(3):
            await self._one_change(draw)

    async def _one_change(self, draw: Random) -> None:
        names = self.tenants.names
        [shared], closed = names["shared"], names["list_id"][-1]
        silent = draw.choice(names["silent"])  # a list that a token sees shows the comments of its tasks
        task, revision = draw.choice(names["task_id"]), draw.choice(names["revision"])
        method, path, body = draw.choice(
            [
                ("POST", "/tasks/", {"title": f"{SECRET} more", "list": closed, "parent": None}),
                ("POST", "/tasks/", {"title": "plain more", "list": shared}),
                ("PATCH", f"/tasks/{task}", {"title": f"{SECRET} again", "description": SECRET, "list": closed}),
                ("PATCH", f"/tasks/{silent}", {"title": "plain", "description": None, "tags": [], "list": shared}),
                ("POST", f"/tasks/{task}/complete", None),
                ("DELETE", f"/tasks/{task}", None),
                ("POST", f"/tasks/{task}/restore", None),
                ("POST", "/filters/", {"name": f"f{revision}", "filter": f"title:{SECRET}"}),
            ]
        )
        answer = await self._client.request(method, path, json=body, headers=self.tenants.theirs)
        assert answer.status_code < 500, (method, path, body, answer.text)
        if answer.status_code == 201 and path == "/tasks/":
            names["task_id"].append(answer.json()["id"])
            names["uid"].append(answer.json()["uid"])

    def look(self) -> None:
        """Nothing of the other tenant has changed since it worked."""
        assert self._run(self.snapshot()) == self._before

    def teardown(self) -> None:
        self.look()


class FromElsewhere(TwoTenants):
    """The caller is in another workspace: it knows all names, and what it makes itself has the same."""

    async def snapshot(self) -> list[Any]:
        return await self.tenants.snapshot((*READS_OF_ALL, *OF_THE_WORKSPACE))

    async def asked(self, method: str, path: str, sent: dict[str, Any]) -> None:
        answer = await self.ask(self.tenants.ours, method, path, sent)
        if path.startswith(f"/workspaces/{self.tenants.name}"):
            assert answer.status_code in {404, 405, 422}, (method, path, answer.text)
        if path.startswith(("/workspaces", "/invitations/accept", "/me")):
            return
        hidden = await self.ask(self.tenants.ours, method, f"/workspaces/{self.tenants.name}{path}", sent)
        nowhere = await self.ask(self.tenants.ours, method, f"/workspaces/nowhere{path}", sent)
        assert hidden.status_code == 404, (method, path, hidden.text)
        assert (hidden.text, _headers(hidden)) == (nowhere.text, _headers(nowhere)), (method, path)

    @rule(number=st.integers(0, 2))
    def a_key_of_the_other_is_used_for_the_same(self, number: int) -> None:
        """Who repeats a request of somebody else, key and body, gets a task of its own."""
        sent = {"json": {"title": f"plain {number}"}, "headers": {"Idempotency-Key": f"plain-{number}"}}
        answer = self._run(self.ask(self.tenants.ours, "POST", "/tasks/", sent))
        assert answer.status_code in {201, 422}, answer.text
        assert answer.status_code == 422 or answer.json()["uid"] not in self.tenants.names["uid"]

    @rule(number=st.integers(0, 2))
    def a_page_goes_on_where_one_of_the_other_ended(self, number: int) -> None:
        """A cursor and a sync token are of use in their workspace only, or tell about the caller's."""
        names = self.tenants.names
        path = [
            f"/tasks/?filter=is_open&sort=title&limit=2&cursor={names['cursor'][0]}",
            f"/changes?since={names['since'][-1]}",
            f"/tasks/?as_of={names['revision'][-1]}",
        ][number]
        self._run(self.ask(self.tenants.ours, "GET", path, {}))


class FromAList(TwoTenants):
    """The caller has a token for one list of the same workspace, in which it may do as it likes."""

    async def snapshot(self) -> list[Any]:
        [shared] = self.tenants.names["shared"]
        others = f"/tasks/?limit=1000&filter=NOT%20list={shared}"
        paths = (others, "/lists/", "/filters/", "/webhooks/", *OF_THE_WORKSPACE)
        tasks, lists, *rest = await self.tenants.snapshot(paths)
        # Its own list a token may rename, or delete.
        return [tasks, [one for one in lists if one["id"] != shared], *rest]

    async def asked(self, method: str, path: str, sent: dict[str, Any]) -> None:
        await self.ask(self.tenants.narrowed, method, path, sent)


def _headers(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


async def attack(machine: type[TwoTenants], effort: settings) -> int:
    """Return how many requests the caller has sent."""
    parts = container(auth="required", rate_limit=None, deliver_webhooks=False)
    app = create_app(container=parts)
    loop = asyncio.get_running_loop()

    def run(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    async with client_of(app) as client:
        operations = [
            (method.upper(), path, described)
            for path, methods in app.openapi()["paths"].items()
            for method, described in methods.items()
            # A stream does not end; leaving ends the test, for the caller only.
            if path not in {"/events", "/members/leave", "/health/live", "/health/ready"}
        ]
        server = Server(parts, client, operations)
        # Hypothesis is synchronous: it works in a thread, the app stays in its event loop.
        effort = settings(effort, deadline=None, suppress_health_check=list(HealthCheck))
        await asyncio.to_thread(run_state_machine_as_test, lambda: machine(server, run), settings=effort)
    return server.asked


async def test_a_tenant_neither_sees_nor_changes_what_another_has() -> None:
    await attack(FromElsewhere, FEW)


async def test_a_token_for_a_list_neither_sees_nor_changes_what_is_in_others() -> None:
    await attack(FromAList, FEW)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("machine", [FromElsewhere, FromAList])
async def test_a_hundred_thousand_requests_neither_see_nor_change_what_is_not_the_callers(
    machine: type[TwoTenants], part: int
) -> None:
    asked = 0
    while asked < ASKED_IN_A_PART:
        asked += await attack(machine, SOME)
