"""A SQLite file on a disk that is full or read-only, and one that is taken away under the server: 503, and recovery."""

import logging
import resource
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import pytest

from integration.http.problem import assert_problem
from integration.http.serving import served
from taskharbor.adapters.sqlalchemy.sqlite import SqliteStorage
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.application.access.manage_workspaces import ChangeWorkspace
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.ports.housekeeping import Cutoffs
from taskharbor.application.ports.storage import Storage
from taskharbor.application.principal import system_in
from taskharbor.application.reminders.list_reminders import ListReminders
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.testing import FakeClock

READS = ["/tasks/", "/tasks/1", "/tasks/?filter=priority=0", "/tasks/?q=kept", "/tasks/?sort=title", "/tasks/facets"]
READS += ["/tasks/?as_of=1", "/changes", "/lists/", "/filters/", "/trash", "/tasks/1/history", "/export?format=jsonl"]
READS += ["/health/ready"]
LARGE = "x" * 50_000
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tasks.db"


@pytest.fixture
async def client(path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with served_file(path) as client:
        yield client


def served_file(path: Path):
    return served(file_at(path))


def file_at(path: Path) -> Storage:
    return storage_from_url(f"sqlite:///{path}", StorageOptions(timeout=0.5))


async def create(client: httpx.AsyncClient, title: str = "kept", **fields: object) -> httpx.Response:
    return await client.post("/tasks/", json={"title": title, **fields})


async def writes(client: httpx.AsyncClient) -> list[httpx.Response]:
    """Make a request of each kind that writes."""
    batch = {"commands": [{"command": "create", "title": "lost", "description": LARGE}]}
    return [
        await create(client, "lost", description=LARGE),
        await client.patch("/tasks/1", json={"description": LARGE}),
        await client.post("/tasks/1/complete"),
        await client.delete("/tasks/1"),
        await client.post("/lists/", json={"name": "lost"}),
        await client.post("/filters/", json={"name": "lost", "filter": "priority = 0"}),
        await client.post("/batch", json=batch),
        await client.post("/tasks/", json={"title": "lost"}, headers={"Idempotency-Key": "lost"}),
        await client.post("/import?format=todotxt", content=b"lost\n", headers={"Content-Type": "text/plain"}),
    ]


async def titles(client: httpx.AsyncClient) -> list[str]:
    return [task["title"] for task in (await client.get("/tasks/?limit=1000")).json()]


def titles_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [title for (title,) in connection.execute("SELECT title_key FROM tasks ORDER BY id")]


def back_up(path: Path, to: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(to),))


async def test_while_the_file_is_away_every_call_is_a_503_and_when_it_is_back_nothing_is_lost(
    client: httpx.AsyncClient, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await create(client)
    path.rename(path.with_name("away.db"))
    with caplog.at_level(logging.ERROR):
        refused = [*[await client.get(read) for read in READS], *await writes(client)]
    assert {answer.status_code for answer in refused} == {503}
    assert f"the file {path} is gone" in caplog.text
    assert (await client.get("/health/live")).status_code == 200
    assert not path.exists(), "an empty file in its place would be taken for it"
    path.with_name("away.db").rename(path)
    assert (await create(client, "later")).status_code == 201
    assert {(await client.get(read)).status_code for read in READS} == {200}
    assert await titles(client) == ["kept", "later"]


async def test_a_backup_that_is_put_in_the_place_of_the_file_is_served_and_nothing_of_the_former_gets_into_it(
    client: httpx.AsyncClient, path: Path, tmp_path: Path
) -> None:
    await create(client)
    back_up(path, tmp_path / "backup.db")
    lost = [(await create(client, f"lost {n}")).json()["id"] for n in range(5)]
    (tmp_path / "backup.db").rename(path)
    answers = [await create(client, f"acknowledged {n}") for n in range(40)]
    assert_problem(answers[0], 503, "store_unavailable")  # what it was based on may be gone
    made = [answer.json() for answer in answers[1:]]
    assert {answer.status_code for answer in answers[1:]} == {201}
    assert not {task["id"] for task in made} & set(lost), "ids are never given twice"
    assert await titles(client) == ["kept", *(task["title"] for task in made)]
    assert titles_in(path) == await titles(client)


async def test_a_token_of_the_former_file_is_refused_by_the_backup_in_its_place(
    client: httpx.AsyncClient, path: Path, tmp_path: Path
) -> None:
    await create(client)
    back_up(path, tmp_path / "backup.db")
    await create(client, "lost")
    page = (await client.get("/changes")).json()
    (tmp_path / "backup.db").rename(path)
    answers = [await create(client, "another") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 201, 201]
    assert_problem(await client.get("/changes", params={"since": page["next"]}), 410, "token_expired")


async def test_reminders_are_counted_in_the_time_zone_of_the_backup_that_is_in_the_place_of_the_file(
    path: Path, tmp_path: Path
) -> None:
    def harbor(storage: Storage) -> UseCases:
        return UseCases(storage, clock=FakeClock(datetime(2026, 1, 1, tzinfo=UTC)), uids=Uuid7Uids())

    async def move_to(time_zone: str, harbor: UseCases) -> None:
        await harbor.access.execute(ChangeWorkspace(time_zone=time_zone), system_in(DEFAULT_WORKSPACE))

    reminded = CreateTask(
        title="Water", due={"date": "2026-01-02"}, reminders=[{"offset": "PT0S", "relativeTo": "due"}]
    )
    backup = tmp_path / "backup.db"
    async with file_at(path) as storage:
        here = harbor(storage)
        await here.execute(reminded)
        back_up(path, backup)
        await move_to("Asia/Tokyo", here)
        await here.execute(reminded)
        async with file_at(backup) as other:
            await move_to("Europe/Berlin", harbor(other))  # with the revision that Tokyo has here
        backup.rename(path)
        with pytest.raises(StoreUnavailable):
            await here.execute(reminded)
        task = await here.execute(reminded)
        found = (await here.reminders.list_reminders(ListReminders(limit=100))).items
        assert [each.at for each in found if each.task == task.id] == [datetime(2026, 1, 2, 8, tzinfo=UTC)]


async def purged(storage: Storage) -> None:
    await storage.purge(DEFAULT_WORKSPACE, Cutoffs(deleted=None, expired=NOON, recorded=None), limit=10)


async def changed(storage: Storage, title: str) -> None:
    async with UnitOfWork(storage, workspace=DEFAULT_WORKSPACE, now=NOON) as uow:
        uow.tasks.save((await uow.tasks.get(1)).change(TaskChanges(title=title), at=NOON))
        await uow.commit()


@pytest.mark.parametrize("notice", [purged, partial(changed, title="mine too"), Storage.ping])
async def test_what_was_based_on_the_former_file_is_not_written_to_another_whoever_notices_that_first(
    path: Path, tmp_path: Path, notice: Callable[[Storage], Awaitable[None]]
) -> None:
    backup = tmp_path / "backup.db"
    async with file_at(path) as storage:
        await UseCases(storage, clock=FakeClock(NOON), uids=Uuid7Uids()).execute(CreateTask(title="both"))
        back_up(path, backup)
        await changed(storage, "mine")
        async with file_at(backup) as other:
            await changed(other, "theirs")  # with the revision that mine has here
        async with UnitOfWork(storage, workspace=DEFAULT_WORKSPACE, now=NOON) as uow:
            uow.tasks.save((await uow.tasks.get(1)).complete(at=NOON))
            backup.rename(path)
            with suppress(StoreUnavailable):
                await notice(storage)
            with pytest.raises(StoreUnavailable):
                await uow.commit()
        await changed(storage, "ours")
        assert titles_in(path) == ["ours"]


@pytest.mark.parametrize("content", [b"", b"no database " * 500])
async def test_what_is_no_store_of_ours_is_left_alone(client: httpx.AsyncClient, path: Path, content: bytes) -> None:
    await create(client)
    path.rename(path.with_name("away.db"))
    path.write_bytes(content)
    assert {(await client.get(read)).status_code for read in READS} == {503}
    assert {answer.status_code for answer in await writes(client)} == {503}
    assert path.read_bytes() == content
    path.with_name("away.db").rename(path)
    assert [(await create(client, "later")).status_code for _ in range(2)] == [503, 201]
    assert await titles(client) == titles_in(path) == ["kept", "later"]


async def test_a_file_that_grows_beyond_what_the_system_allows_takes_no_writes_until_it_may_again(
    client: httpx.AsyncClient, path: Path
) -> None:
    await create(client)
    log = path.with_name("tasks.db-wal")
    with limited_to(log.stat().st_size + 20_000):
        answers = [await create(client, "lost", description=LARGE) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {503}
        assert {(await client.get(read)).status_code for read in READS} == {200}
    assert (await create(client, "later", description=LARGE)).status_code == 201
    assert await titles(client) == titles_in(path) == ["kept", "later"]


@contextmanager
def limited_to(size: int) -> Iterator[None]:
    """No file of this process may grow beyond this size: what SQLite writes then fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, which takes the rights to mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if shutil.which("mount") is None or _mount("-t", "tmpfs", "-o", "size=2M", "tmpfs", str(disk)) != 0:
        pytest.skip("needs the rights to mount a file system")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def _mount(*arguments: str) -> int:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode


async def fill(disk: Path, client: httpx.AsyncClient) -> Callable[[], object]:
    """Leave no room on a disk; return what makes room again."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return ballast.unlink


async def test_on_a_full_disk_reads_go_on_and_writes_are_a_503_until_there_is_room(disk: Path) -> None:
    async with served_file(disk / "tasks.db") as client:
        await create(client)
        make_room = await fill(disk, client)
        assert {answer.status_code for answer in await writes(client)} == {503}
        assert {(await client.get(read)).status_code for read in READS} == {200}
        make_room()
        assert (await create(client, "later", description=LARGE)).status_code == 201
        assert await titles(client) == titles_in(disk / "tasks.db") == ["kept", "later"]


async def test_when_the_disk_has_become_read_only_reads_go_on_and_writes_are_a_503_until_it_is_writable_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = storage_from_url(f"sqlite:///{path}", StorageOptions(timeout=0.5))
    assert isinstance(storage, SqliteStorage)

    query_only, has = "OFF", storage._file.has

    def before_each_work(connection: sqlite3.Connection) -> bool:
        # What SQLite then says to a write is what it says when the file system has become read-only.
        connection.execute(f"PRAGMA query_only = {query_only}")
        return has(connection)

    monkeypatch.setattr(storage._file, "has", before_each_work)
    async with served(storage) as client:
        await create(client)
        query_only = "ON"
        assert {answer.status_code for answer in await writes(client)} == {503}
        assert {(await client.get(read)).status_code for read in READS} == {200}
        query_only = "OFF"
        assert (await create(client, "later")).status_code == 201
        assert await titles(client) == titles_in(path) == ["kept", "later"]


async def test_a_store_on_a_read_only_disk_is_not_opened(disk: Path) -> None:
    async with served_file(disk / "tasks.db") as client:
        await create(client)
    assert _mount("-o", "remount,ro", str(disk)) == 0
    with pytest.raises(StoreUnavailable, match="SQLite"):
        await storage_from_url(f"sqlite:///{disk}/tasks.db").open()
    assert _mount("-o", "remount,rw", str(disk)) == 0
    async with served_file(disk / "tasks.db") as client:
        assert await titles(client) == ["kept"]
