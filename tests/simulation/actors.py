"""Those who use a service at the same time: each is cancelled at any await, and asks again."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import TypeVar

from taskharbor.application.errors import ConcurrentUpdate, IdempotencyKeyInFlight, PreconditionFailed
from taskharbor.application.live.read_commits import WatchedCommits
from taskharbor.application.ports.webhook_sender import WebhookAnswer, WebhookSender
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, Revision, TaskId

T = TypeVar("T")

LONGEST_WAIT = 0.1
"""Seconds after which a caller hangs up."""


class Impatient:
    """Calls until it has an answer; often it is cancelled before, at a moment that nobody knows."""

    def __init__(self, random: Random) -> None:
        self._random = random

    async def call(self, work: Callable[[], Awaitable[T]]) -> T:
        """Return what a call returns that may be repeated, as it has an idempotency key or only reads."""
        while True:
            patience = self._random.uniform(0, LONGEST_WAIT) if self._random.random() < 1 / 2 else None
            try:
                async with asyncio.timeout(patience):
                    return await work()
            except (TimeoutError, ConcurrentUpdate, IdempotencyKeyInFlight):
                await asyncio.sleep(self._random.uniform(0, LONGEST_WAIT))


class Writer(Impatient):
    """Creates tasks with keys. `made` holds the id that was answered for each title."""

    def __init__(self, name: str, process: UseCases, random: Random) -> None:
        super().__init__(random)
        self._name = name
        self._process = process
        self.made: dict[str, TaskId] = {}

    async def work(self, times: int) -> None:
        """Create so many."""
        for number in range(times):
            title = f"{self._name} {number}"
            create = CreateTask(title=title)
            task = await self.call(lambda: self._process.execute(create, idempotency_key=title))  # noqa: B023
            self.made[title] = task.id


class Counter(Impatient):
    """Adds one to the number in a task's description, again and again, on the revision that it has read."""

    def __init__(self, name: str, process: UseCases, random: Random) -> None:
        super().__init__(random)
        self._name = name
        self._process = process

    async def work(self, task: TaskId, times: int) -> None:
        """Add one so many times."""
        added = attempts = 0
        while added < times:
            read = await self.call(lambda: self._process.get_task(task))
            more = ChangeTask(id=task, if_match=read.revision, description=str(int(read.description or 0) + 1))
            attempts += 1
            key = f"{self._name} {attempts}"
            try:
                changed = await self.call(lambda: self._process.execute(more, idempotency_key=key))  # noqa: B023
            except PreconditionFailed:
                continue  # another was faster
            assert changed.updated >= read.updated, "no time goes back"
            added += 1


class Follower(Impatient):
    """Watches all commits, hangs up now and then, and goes on from where it was."""

    def __init__(self, process: UseCases, random: Random) -> None:
        super().__init__(random)
        self._process = process
        self.seen: list[Revision] = []

    async def work(self, since: str) -> None:
        """Watch what comes after a token until cancelled."""
        while True:
            try:
                async with asyncio.timeout(self._random.uniform(0, 5 * LONGEST_WAIT)):
                    async for batch in self._process.live.follow(WatchedCommits(), since, DEFAULT_WORKSPACE):
                        self.seen += [event.revision for event in batch.events]
                        since = batch.next
            except TimeoutError:
                pass


class Receiver(WebhookSender):
    """Takes deliveries, or does not; sometimes it has taken one and its answer is lost."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.taken: list[Mapping[str, int]] = []

    async def refusal_of(self, url: str) -> str | None:
        return None

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
        await asyncio.sleep(self._random.uniform(0, LONGEST_WAIT))
        luck = self._random.random()
        if luck < 1 / 8:
            return WebhookAnswer(error="refused")
        self.taken.append(json.loads(body)["data"])
        await asyncio.sleep(self._random.uniform(0, LONGEST_WAIT))
        return WebhookAnswer(error="lost") if luck < 1 / 4 else WebhookAnswer(status=200)

    async def aclose(self) -> None:
        pass
