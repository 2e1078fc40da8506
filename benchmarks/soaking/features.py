"""Clients that use every feature of a server at random."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import httpx

from benchmarks.soaking.tally import Tally

MOST_TASKS: Final = 60
"""Of one client; with more it deletes more than it creates."""

MOST_COMMENTS: Final = 50

Made = dict[str, Any]


class Unexpected(Exception):
    """A call was answered as it should not have been."""


class Client:
    """One of many. Its tasks are its own, so that it knows what its calls have to be answered."""

    def __init__(self, http: httpx.AsyncClient, number: int, tally: Tally) -> None:
        self._http = http
        self._name = f"client{number:03}"
        self._chance = random.Random(number)
        self._tally = tally
        self._tasks: dict[int, Made] = {}

    @classmethod
    def features(cls) -> list[tuple[str, Callable[["Client"], Awaitable[None]]]]:
        """Return the features by their names."""
        return [(name.removeprefix("do_"), getattr(cls, name)) for name in dir(cls) if name.startswith("do_")]

    async def work(self, ends_at: float) -> None:
        """Use each feature once, then any of them until the time is over."""
        features = self.features()
        self._chance.shuffle(features)
        for name, use in features:
            await self._use(name, use)
        clock = asyncio.get_running_loop().time
        while clock() < ends_at:
            has_many = len(self._tasks) > MOST_TASKS
            await self._use(*(("delete", Client.do_delete) if has_many else self._chance.choice(features)))

    async def _use(self, name: str, use: Callable[["Client"], Awaitable[None]]) -> None:
        self._tally.done[name] += 1
        try:
            await use(self)
        except Unexpected as error:
            self._tally.fail(str(error))
        except httpx.HTTPError as error:
            self._tally.fail(f"{name}: {type(error).__name__} {error}")

    async def do_create(self) -> None:
        await self._create(description="x" * self._chance.randint(0, 2000))

    async def do_create_with_a_reminder(self) -> None:
        soon = datetime.now(UTC) + timedelta(seconds=self._chance.randint(2, 20))
        await self._create(reminders=[{"when": soon.isoformat(timespec="seconds").replace("+00:00", "Z")}])

    async def do_create_recurring(self) -> None:
        task = await self._create(due={"date": "2027-01-04"}, recurrence={"rrule": "FREQ=WEEKLY"})
        await self._send("POST", f"/tasks/{task['id']}/complete", 200)

    async def do_quick_add(self) -> None:
        text = f"Call {self._name} tomorrow 9:00 #soak"
        task = (await self._send("POST", "/tasks/quick", 200, json={"text": text})).json()["task"]
        self._tasks[task["id"]] = task

    async def do_change(self) -> None:
        if task := self._one():
            answer = await self._send(
                "PATCH", f"/tasks/{task['id']}", 200, json={"priority": self._chance.randint(0, 9)}
            )
            self._tasks[task["id"]] = answer.json()

    async def do_change_twice_with_a_key(self) -> None:
        if task := self._one():
            call = {"json": {"tags": ["twice"]}, "headers": {"Idempotency-Key": str(uuid4())}}
            once, again = [await self._send("PATCH", f"/tasks/{task['id']}", 200, **call) for _ in range(2)]
            if once.json() != again.json():
                self._tally.fail("a repeated call was answered otherwise")

    async def do_complete_and_reopen(self) -> None:
        if task := self._one():
            await self._send("POST", f"/tasks/{task['id']}/complete", 200)
            await self._send("POST", f"/tasks/{task['id']}/reopen", 200)

    async def do_comment(self) -> None:
        if (task := self._one()) and len(task.get("comments", ())) < MOST_COMMENTS:
            await self._send("POST", f"/tasks/{task['id']}/comments", 201, 409, 422, json={"text": "On my way"})

    async def do_move(self) -> None:
        if task := self._one():
            await self._send("POST", f"/tasks/{task['id']}/move", 200, json={"first": True})

    async def do_claim(self) -> None:
        answer = await self._send(
            "POST", "/tasks/claim", 200, 204, json={"holder": self._name, "lease": "PT1M", "q": self._name}
        )
        if answer.status_code == httpx.codes.OK:
            task = answer.json()
            claim = {"If-Claim": str(task["claim"]["fence"])}  # which a busy server may have let end
            await self._send("POST", f"/tasks/{task['id']}/release", 200, 412, headers=claim)

    async def do_delete(self) -> None:
        if task := self._one():
            del self._tasks[task["id"]]
            await self._send("DELETE", f"/tasks/{task['id']}", 204, 409)

    async def do_delete_and_restore(self) -> None:
        if task := self._one():
            await self._send("DELETE", f"/tasks/{task['id']}", 204)
            await self._send("POST", f"/tasks/{task['id']}/restore", 200)

    async def do_sweep(self) -> None:
        """Delete what recurring tasks have left behind."""
        found = (await self._send("GET", f"/tasks/?q={self._name}&filter=is_completed&limit=50", 200)).json()
        for task in found:
            if task["id"] not in self._tasks:
                await self._send("DELETE", f"/tasks/{task['id']}", 204, 404)

    async def do_undo(self) -> None:
        task = await self._create()
        await self._send("POST", f"/commits/{task['revision']}/undo", 200)
        self._tasks.pop(task["id"], None)

    async def do_batch(self) -> None:
        commands = [{"command": "create", "title": f"{self._name} {n}"} for n in range(10)]
        answer = await self._send("POST", "/batch", 200, json={"commands": commands})
        for result in answer.json()["results"]:
            self._tasks[result["task"]["id"]] = result["task"]

    async def do_import(self) -> None:
        lines = "\n".join(f"Water the plants of {self._name} @soak {uuid4()}" for _ in range(5))
        answer = await self._send(
            "POST", "/import?format=todotxt", 200, content=lines, headers={"Content-Type": "text/plain"}
        )
        if "id" not in (report := answer.json()):
            raise Unexpected(f"an import was answered with {report}")
        await self._send("POST", f"/imports/{report['id']}/undo", 200)

    async def do_export(self) -> None:
        await self._send("GET", f"/export?format={self._chance.choice(['icalendar', 'jsonl', 'csv'])}", 200)

    async def do_search(self) -> None:
        await self._send("GET", "/tasks/?q=plants&sort=-urgency&limit=50", 200)
        await self._send("GET", "/tasks/?filter=priority%20%3E%203&limit=100", 200)
        await self._send("GET", "/tasks/facets", 200)

    async def do_list(self) -> None:
        ids = [task["id"] for task in (await self._send("GET", "/tasks/?limit=100", 200)).json()]
        if ids != sorted(set(ids)):
            self._tally.fail("a page was out of order")

    async def do_read(self) -> None:
        if task := self._one():
            await self._send("GET", f"/tasks/{task['id']}", 200)
            await self._send("GET", f"/tasks/{task['id']}/history", 200)
            await self._send("GET", f"/tasks/{task['id']}/urgency", 200)

    async def do_sync(self) -> None:
        await self._send("GET", "/changes?limit=100", 200)
        await self._send("GET", "/trash", 200)
        await self._send("GET", "/reminders", 200)

    async def do_lists(self) -> None:
        made = await self._send("POST", "/lists/", 201, json={"name": f"{self._name} {uuid4()}"})
        await self._send("DELETE", f"/lists/{made.json()['id']}?tasks=delete", 204)

    async def do_saved_filters(self) -> None:
        name = f"soak-{uuid4().hex[:12]}"
        await self._send("POST", "/filters/", 201, json={"name": name, "filter": "priority > 3"})
        await self._send("DELETE", f"/filters/{name}", 204)

    async def do_walk_away(self) -> None:
        """Send a part of a request, or all of it, and hang up before the answer comes."""
        url = self._http.base_url
        _, writer = await asyncio.open_connection(url.host, url.port)
        body = json.dumps({"title": "Nobody waits for this"})
        head = f"POST /tasks/ HTTP/1.1\r\nHost: {url.host}:{url.port}\r\nContent-Type: application/json\r\n"
        request = f"{head}Content-Length: {len(body)}\r\n\r\n{body}"
        writer.write(request[: self._chance.randint(1, len(request) - 1)].encode())
        await writer.drain()
        writer.close()

    def _one(self) -> Made | None:
        return self._chance.choice(list(self._tasks.values())) if self._tasks else None

    async def _create(self, **values: Any) -> Made:  # noqa: ANN401  # JSON
        answer = await self._send("POST", "/tasks/", 201, json={"title": f"Soak {self._name}", **values})
        task: Made = answer.json()
        self._tasks[task["id"]] = task
        return task

    async def _send(self, method: str, path: str, *expected: int, **rest: Any) -> httpx.Response:  # noqa: ANN401  # httpx has their types
        answer = await self._http.request(method, path, **rest)
        while answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and answer.json().get("code") == "overloaded":
            self._tally.repeated += 1  # as it says: it was not begun
            await asyncio.sleep(float(answer.headers["Retry-After"]))
            answer = await self._http.request(method, path, **rest)
        if answer.status_code not in expected:
            raise Unexpected(f"{method} {path} was answered with {answer.status_code}: {answer.text[:300]}")
        return answer
