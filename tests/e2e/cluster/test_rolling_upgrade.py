"""The release before and this one serve one PostgreSQL at once, while the schema is upgraded: nobody notices."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from e2e.conftest import RunningServer, end

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

REPOSITORY = Path(__file__).parents[3]
VERSIONS = "adapters/taskharbor/adapters/sqlalchemy/migrations/versions"
TOOLS = Path(sys.executable).parent


def git(*arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", REPOSITORY, *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()


def release_before() -> str:
    """Return the commit that counts as the release before: the last tag, else what preceded the last migration."""
    if given := os.environ.get("TASKHARBOR_TEST_RELEASE_BEFORE"):
        return given
    tags = git("tag", "--merged", "HEAD", "--sort=-creatordate", "v*").splitlines()
    return tags[0] if tags else git("log", "-1", "--diff-filter=A", "--format=%H~1", "--", f"{VERSIONS}/0*.py")


@pytest.fixture(scope="module")
def old_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the wheel of the release before is unpacked; what it needs is what this one needs."""
    folder = tmp_path_factory.mktemp("before")
    source = folder / "source"
    source.mkdir()
    archive = subprocess.run(
        ["git", "-C", REPOSITORY, "archive", release_before()], capture_output=True, check=True
    ).stdout
    subprocess.run(["tar", "-x", "-C", source], input=archive, check=True)
    subprocess.run([TOOLS / "uv", "build", "--quiet", "--wheel", "--out-dir", folder, source], check=True)
    (wheel,) = folder.glob("*.whl")
    installed = folder / "installed"
    subprocess.run([TOOLS / "uv", "pip", "install", "--quiet", "--no-deps", "--target", installed, wheel], check=True)
    return installed


class Deployment:
    """Servers of two releases, which a balancer knows, and requests that go to one of these."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.servers: list[RunningServer] = []
        self.listed: list[RunningServer] = []
        self._folder = folder
        self._environment = environment

    def run(self, *arguments: str, release: Path | None = None) -> str:
        """Run a command of a release."""
        return subprocess.run(
            [TOOLS / "taskharbor", *arguments],
            cwd=self._folder,
            env=self._of(release),
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    async def start(self, release: Path | None = None) -> RunningServer:
        """Start a server, and tell the balancer of it."""
        process = subprocess.Popen(  # noqa: ASYNC220  # as RunningServer has it
            [TOOLS / "taskharbor", "serve"],
            cwd=self._folder,
            env=self._of(release),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        server = RunningServer(process)
        self.servers.append(server)
        await asyncio.to_thread(server.wait_until_serving)
        self.listed.append(server)
        return server

    async def stop(self, server: RunningServer) -> None:
        """Take a server off the balancer, then stop it."""
        self.listed.remove(server)
        assert await asyncio.to_thread(server.stop) == 0, server.output

    def _of(self, release: Path | None) -> dict[str, str]:
        return {**self._environment, "PYTHONPATH": "" if release is None else str(release)}


class Caller:
    """Creates, changes, reads, finds and counts tasks of its own, each time on some server; compares what it gets."""

    def __init__(self, deployment: Deployment, name: str) -> None:
        self.answers = 0
        self._deployment = deployment
        self._name = name
        self._random = Random(name)
        self._tasks: dict[int, dict[str, Any]] = {}

    async def work(self, stop: asyncio.Event) -> None:
        async with AsyncExitStack() as stack:
            clients: dict[str, httpx.AsyncClient] = {}
            while not stop.is_set():
                server = self._random.choice(self._deployment.listed)
                if server.url not in clients:
                    clients[server.url] = await stack.enter_async_context(
                        httpx.AsyncClient(base_url=server.url, timeout=30)
                    )
                await self._ask(clients[server.url])
                self.answers += 1

    async def _ask(self, client: httpx.AsyncClient) -> None:
        known = self._random.choice(list(self._tasks)) if self._tasks else None
        match self._random.randrange(6):
            case 0 | 1 if known is not None:
                answer = await client.patch(f"/tasks/{known}", json={"priority": self._random.randrange(10)})
                self._tasks[known] = self._checked(answer, 200)
            case 2 | 3 if known is not None:
                assert self._checked(await client.get(f"/tasks/{known}"), 200) == self._tasks[known]
            case 4 if known is not None:
                found = self._checked(await client.get("/tasks/", params={"q": self._name, "limit": 1000}), 200)
                assert {task["id"]: task for task in found} == self._tasks
            case _:
                body = {"title": f"{self._name} has something to do", "tags": [self._name]}
                task = self._checked(await client.post("/tasks/", json=body), 201)
                self._tasks[task["id"]] = task

    def _checked(self, answer: httpx.Response, status: int) -> Any:
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def deployment(tmp_path: Path, surroundings: dict[str, str], empty_postgres_url: str) -> Iterator[Deployment]:
    deployment = Deployment(tmp_path, surroundings | {"TASKHARBOR_DATABASE_URL": empty_postgres_url})
    yield deployment
    for server in deployment.servers:
        end(server)


async def test_an_upgrade_fails_no_request_and_misreads_nothing(deployment: Deployment, old_release: Path) -> None:
    deployment.run("db", "upgrade", release=old_release)
    before = deployment.run("db", "current", release=old_release).strip()
    old = [await deployment.start(old_release) for _ in range(2)]
    callers = [Caller(deployment, name) for name in ("ada", "bob", "cleo", "dora")]
    stop = asyncio.Event()
    running = [asyncio.ensure_future(caller.work(stop)) for caller in callers]

    await _more(callers, running)
    said = await asyncio.to_thread(deployment.run, "db", "upgrade")
    await _more(callers, running)
    new = [await deployment.start()]
    await _more(callers, running)  # both at once
    await deployment.stop(old[0])
    new.append(await deployment.start())
    await _more(callers, running)
    await deployment.stop(old[1])
    await _more(callers, running)
    stop.set()
    await asyncio.gather(*running)
    for server in new:
        await deployment.stop(server)

    answers = sum(caller.answers for caller in callers)
    print(f"from schema {before}: {said.strip()} {answers} answers, none failed")
    assert "All is well" in deployment.run("verify")


async def _more(callers: list[Caller], running: list[asyncio.Task[None]], count: int = 100) -> None:
    """Wait until each caller has so many more answers."""
    for caller, task in zip(callers, running, strict=True):
        goal = caller.answers + count
        while caller.answers < goal and not task.done():
            await asyncio.wait({task}, timeout=0.05)
        if task.done():
            task.result()
