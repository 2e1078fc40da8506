"""A server under load for minutes, with clients that come, change their mind and go."""

import asyncio
import json
import random

import httpx
import psutil
import pytest

CLIENTS = 32
REQUESTS_PER_CLIENT = 200
WARM_UP = 50
GROWTH_ALLOWED = 40 * 2**20


@pytest.fixture(scope="session")
def warm_command():
    """None: what a process of the command holds is measured here."""


class Client:
    """One of many; keeps the answers about its own tasks, which no other client changes."""

    def __init__(self, http: httpx.AsyncClient, number: int) -> None:
        self._http = http
        self._chance = random.Random(number)
        self.tasks: dict[int, dict] = {}
        self.revisions: list[int] = []

    async def work(self, requests: int) -> None:
        for _ in range(requests):
            await self._chance.choice([self._create, self._change, self._get, self._list, self._walk_away])()

    async def _create(self) -> None:
        answer = await self._http.post(
            "/tasks/", json={"title": "Soak", "description": "x" * self._chance.randint(0, 2000)}
        )
        assert answer.status_code == 201, answer.text
        self._note(answer)

    async def _change(self) -> None:
        if not self.tasks:
            return
        task = self._chance.choice(list(self.tasks.values()))
        completed = "false" if task["is_completed"] else "true"
        answer = await self._http.patch(
            f"/tasks/{task['id']}", params={"completed": completed}, headers={"If-Match": f'"{task["revision"]}"'}
        )
        assert answer.status_code == 200, answer.text
        self._note(answer)

    async def _get(self) -> None:
        if self.tasks:
            task = self._chance.choice(list(self.tasks.values()))
            assert (await self._http.get(f"/tasks/{task['id']}")).json() == task

    async def _list(self) -> None:
        ids = [task["id"] for task in (await self._http.get("/tasks/", params={"limit": 100})).json()]
        assert ids == sorted(set(ids))

    async def _walk_away(self) -> None:
        """Send a request and hang up before the answer comes."""
        url = self._http.base_url
        _, writer = await asyncio.open_connection(url.host, url.port)
        body = json.dumps({"title": "Nobody waits for this"})
        head = f"POST /tasks/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}\r\n{body}"[: self._chance.randint(1, 200)].encode())
        await writer.drain()
        writer.close()

    def _note(self, answer: httpx.Response) -> None:
        task = answer.json()
        self.tasks[task["id"]] = task
        self.revisions.append(task["revision"])


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_under_load_for_minutes_nothing_is_lost_and_nothing_grows(running_server):
    process = psutil.Process(running_server.process.pid)
    limits = httpx.Limits(max_connections=CLIENTS)
    async with httpx.AsyncClient(base_url=running_server.url, timeout=60, limits=limits) as http:
        clients = [Client(http, number) for number in range(CLIENTS)]
        await asyncio.gather(*(client.work(WARM_UP) for client in clients))
        warm = process.memory_info().rss
        await asyncio.gather(*(client.work(REQUESTS_PER_CLIENT) for client in clients))
        grown = process.memory_info().rss - warm
        revisions = [revision for client in clients for revision in client.revisions]
        assert len(revisions) == len(set(revisions))
        everything = {}
        url = "/tasks/?limit=1000"
        while url:
            answer = await http.get(url)
            everything.update({task["id"]: task for task in answer.json()})
            url = str(answer.url.join(answer.links["next"]["url"])) if "next" in answer.links else ""
        for client in clients:
            for task_id, task in client.tasks.items():
                assert everything[task_id] == task
    if "memory" not in running_server.output:  # which keeps the tasks themselves
        assert grown < GROWTH_ALLOWED
