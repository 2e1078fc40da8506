"""A client of a queue that notes what it asked and was answered, and asks again until it is."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import count
from random import Random
from typing import Any, Final

import httpx

from taskharbor.testing.claims.linearizability import (
    Operation,
    Step,
    added,
    claimed,
    completed,
    nothing_to_claim,
    refused,
    released,
)

LEASE: Final = "PT1H"

HANGS_UP: Final = 1 / 8
"""How often a client does not wait for its answer."""

LONGEST_PATIENCE: Final = 0.05
"""Seconds that it waits then."""

BEFORE_RETRY: Final = 0.02
"""Seconds."""

AGAIN: Final = {409, 429, 503}
"""Another request with the key is being carried out, others were faster time and again, or the store is away."""


class History:
    """What happened in one workspace.

    Attributes:
        operations: what was asked and answered.
        told: the same, to be read by people.
        lost: of each claim that may have been made without an answer, its key, and when it was asked.
    """

    def __init__(self, workspace: str) -> None:
        self.path = f"/workspaces/{workspace}/tasks/"
        self.operations: list[Operation] = []
        self.told: list[str] = []
        self.lost: dict[str, int] = {}
        self.clock: Callable[[], int] = count().__next__

    def add(self, asked: int, what: str, step: Step) -> None:
        answered = self.clock()
        self.operations.append(Operation(asked, answered, step))
        self.told.append(f"{asked}-{answered}: {what}")


class Claimant:
    """Adds, claims, completes and releases at random, each time through another server."""

    def __init__(
        self, name: str, servers: list[httpx.AsyncClient], history: History, random: Random, faults: Counter[str]
    ) -> None:
        self._name = name
        self._servers = servers
        self._history = history
        self._random = random
        self._faults = faults
        self._claims: list[tuple[int, int]] = []
        self._asked = 0
        self._unanswered = 0

    async def work(self, times: int) -> None:
        """Do so many things."""
        for _ in range(times):
            chance = self._random.random()
            if chance < 1 / 4:
                await self._add()
            elif self._claims and chance < 5 / 8:
                await self._end_a_claim(*self._random.choice(self._claims))
            else:
                await self._claim()

    async def _add(self) -> None:
        asked = self._history.clock()
        task = (await self._call("", self._key(), {"title": "a task"})).json()
        self._history.add(asked, f"{self._name} added {task['id']}", added(task["id"]))

    async def _claim(self) -> None:
        asked, key = self._history.clock(), self._key()
        answer = await self._call("claim", key, {"holder": key, "lease": LEASE})
        if answer.status_code == httpx.codes.NO_CONTENT:
            # With another one of its requests still on its way, that may get something later.
            if self._unanswered:
                self._history.lost[key] = asked
            self._history.add(asked, f"{self._name} found nothing", nothing_to_claim)
            return
        task, fence = answer.json()["id"], answer.json()["claim"]["fence"]
        self._claims.append((task, fence))
        self._history.add(asked, f"{self._name} claimed {task} under {fence}", claimed(task, fence))

    async def _end_a_claim(self, task: int, fence: int) -> None:
        asked = self._history.clock()
        how = self._random.choice(("complete", "release"))
        answer = await self._call(f"{task}/{how}", self._key(), None, {"If-Claim": str(fence)})
        if answer.is_success:
            step = completed(task, fence) if how == "complete" else released(task, fence)
        else:
            assert answer.json()["code"] == "claim_ended", answer.text
            step = refused(task, fence)
        self._history.add(asked, f"{self._name} {how} {task} under {fence}: {answer.status_code}", step)

    def _key(self) -> str:
        self._asked += 1
        return f"{self._name} {self._asked}"

    async def _call(
        self, path: str, key: str, body: Mapping[str, Any] | None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Return the answer, however often it takes to have one."""
        self._unanswered = 0
        keyed = {"Idempotency-Key": f'"{key}"', **(headers or {})}
        while True:
            patience = self._random.uniform(0, LONGEST_PATIENCE) if self._random.random() < HANGS_UP else None
            try:
                async with asyncio.timeout(patience):
                    server = self._random.choice(self._servers)
                    answer = await server.post(self._history.path + path, json=body, headers=keyed)
            except TimeoutError:
                self._faults["hung up"] += 1
                self._unanswered += 1
            except httpx.TransportError:
                self._unanswered += 1
            else:
                if answer.is_success or answer.status_code not in AGAIN:
                    return answer
                self._unanswered += answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
            await asyncio.sleep(BEFORE_RETRY)
