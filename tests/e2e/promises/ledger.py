"""Clients that hold a service to its answers: they call until they have one, with keys, and keep what it said."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

CLIENTS = 8

BEFORE_RETRY = 0.02
"""Seconds."""


@dataclass
class Ledger:
    """What was acknowledged.

    Attributes:
        tasks: of each title the id that was answered.
        counted: of each task that is counted in, how often one was added.
        answers: how many there were.
    """

    tasks: dict[str, int] = field(default_factory=dict)
    counted: dict[int, int] = field(default_factory=dict)
    answers: int = 0
    is_over: bool = False


class Client:
    """Works until the ledger is over, and then ends what it has begun."""

    def __init__(self, name: str, base_url: str, ledger: Ledger) -> None:
        self._name = name
        self._base_url = base_url
        self._ledger = ledger

    async def create(self) -> None:
        """Create tasks, each with a key."""
        async with self._connection() as http:
            number = 0
            while not self._ledger.is_over:
                title = f"{self._name} {number}"
                number += 1
                task = await self._answer(http, "POST", "/tasks/", json={"title": title}, key=title)
                assert title not in self._ledger.tasks
                self._ledger.tasks[title] = task["id"]

    async def count(self, task_id: int) -> None:
        """Add one to the number in a task's description, again and again, on the revision that was read."""
        async with self._connection() as http:
            attempts = 0
            while not self._ledger.is_over:
                task = await self._answer(http, "GET", f"/tasks/{task_id}")
                attempts += 1
                changed = await self._answer(
                    http,
                    "PATCH",
                    f"/tasks/{task_id}",
                    json={"description": str(int(task["description"] or 0) + 1)},
                    headers={"If-Match": f'"{task["revision"]}"', "Content-Type": "application/merge-patch+json"},
                    key=f"{self._name} {attempts}",
                )
                if changed is not None:
                    self._ledger.counted[task_id] = self._ledger.counted.get(task_id, 0) + 1

    def _connection(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self._base_url, timeout=30)

    async def _answer(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        *,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        key: str | None = None,
    ) -> Any:
        """Return what was answered at last; None if another was faster."""
        keyed = {} if key is None else {"Idempotency-Key": f'"{key}"'}
        while True:
            try:
                answer = await http.request(method, path, json=json, headers={**(headers or {}), **keyed})
            except httpx.TransportError:
                await asyncio.sleep(BEFORE_RETRY)  # whether it was done is what the key is for
                continue
            if answer.status_code == 412:
                return None
            if answer.is_success:
                self._ledger.answers += 1
                return answer.json()
            assert answer.status_code in {409, 429, 503}, answer.text  # in flight, or the store is away
            await asyncio.sleep(BEFORE_RETRY)


@asynccontextmanager
async def clients_at(base_url: str) -> AsyncIterator[Ledger]:
    """Have clients work until the block is left and each has had its answer; yield what they were told."""
    async with httpx.AsyncClient(base_url=base_url, timeout=30) as http:
        counted = [(await http.post("/tasks/", json={"title": f"counted {n}"})).json()["id"] for n in range(2)]
    ledger = Ledger()
    clients = [Client(f"client {n}", base_url, ledger) for n in range(CLIENTS)]
    async with asyncio.TaskGroup() as working:
        for number, client in enumerate(clients):
            working.create_task(client.count(counted[number % 2]) if number < CLIENTS // 2 else client.create())
        yield ledger
        ledger.is_over = True


async def require_all(base_url: str, ledger: Ledger) -> None:
    """Make sure that everything acknowledged is there, once, and that no update was lost."""
    async with httpx.AsyncClient(base_url=base_url, timeout=60) as http:
        found: list[dict[str, Any]] = []
        url = "/tasks/?limit=1000"
        while url:
            answer = await http.get(url)
            assert answer.is_success, answer.text
            found += answer.json()
            url = answer.links["next"]["url"] if "next" in answer.links else ""
    titles = {task["title"]: task["id"] for task in found}
    assert len(titles) == len(found), "one task a key"
    lost = {title: task_id for title, task_id in ledger.tasks.items() if titles.get(title) != task_id}
    assert not lost, "an acknowledged task is there"
    for task_id, times in ledger.counted.items():
        [task] = [task for task in found if task["id"] == task_id]
        assert task["description"] == str(times), "no update is lost, and none is made twice"
