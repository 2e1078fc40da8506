"""Hints of other processes' commits: after the commit, together, and not relied upon."""

import asyncio
from contextlib import suppress

import asyncpg
import pytest

from taskharbor.adapters.sqlalchemy.postgres import announcements
from taskharbor.adapters.sqlalchemy.sqlite import SqliteStorage
from taskharbor.adapters.sqlalchemy.sqlite.database_file import DatabaseFile
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.live.read_commits import WatchedCommits
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.testing import FakeClock

SOON = 20


def use_cases_on(storage) -> UseCases:
    return UseCases(storage, clock=FakeClock(), uids=Uuid7Uids())


async def test_a_watcher_whose_connection_is_lost_is_told_all_the_same(postgres_url):
    async with storage_from_url(postgres_url) as one, storage_from_url(postgres_url) as other, asyncio.timeout(SOON):
        here, there = use_cases_on(one), use_cases_on(other)
        commits = here.live.follow(WatchedCommits(), "0", DEFAULT_WORKSPACE)
        await there.execute(CreateTask(title="before"))
        assert (await anext(commits)).revision == 1
        told = asyncio.ensure_future(anext(commits))
        while not one._announcements._listening:  # noqa: ASYNC110  # nothing says when
            await asyncio.sleep(0.01)
        killer = await asyncpg.connect(postgres_url)
        await killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        )
        await killer.close()
        await there.execute(CreateTask(title="after"))
        assert (await told).revision == 2
        await commits.aclose()


async def test_a_connection_that_is_dead_though_nobody_says_so_is_noticed(postgres_url, monkeypatch):
    """As where a router has forgotten it."""
    monkeypatch.setattr(announcements, "CHECK_EVERY", 0.01)
    async with storage_from_url(postgres_url) as storage, asyncio.timeout(SOON):
        listening = asyncio.Event()
        hearing = asyncio.create_task(storage.hear_commits(lambda _workspace: listening.set()))
        await listening.wait()
        for _ in range(3):  # it stays while there are answers
            await asyncio.sleep(0.01)
        assert not hearing.done()
        monkeypatch.setattr(announcements, "_PROBE_SECONDS", 0.05)
        (connection,) = storage._announcements._listening
        connection._transport.pause_reading()
        with pytest.raises(StoreUnavailable):
            await hearing


async def test_where_no_notification_comes_the_revision_is_looked_at(postgres_url, monkeypatch):
    """As through a pooler that lends connections by the transaction."""
    monkeypatch.setattr(announcements, "_NOTIFY", "SELECT $1::text[]")
    monkeypatch.setattr(announcements, "_PROBE_SECONDS", 0.05)
    async with storage_from_url(postgres_url) as one, storage_from_url(postgres_url) as other, asyncio.timeout(SOON):
        here, there = use_cases_on(one), use_cases_on(other)
        commits = here.live.follow(WatchedCommits(), "0", DEFAULT_WORKSPACE)
        for number in range(1, 4):
            told = asyncio.ensure_future(anext(commits))
            await there.execute(CreateTask(title="theirs"))
            assert (await told).revision == number
        await commits.aclose()


async def test_many_commits_are_announced_together(postgres_url):
    async with storage_from_url(postgres_url) as one, storage_from_url(postgres_url) as other, asyncio.timeout(SOON):
        hints: asyncio.Queue[str | None] = asyncio.Queue()
        hearing = asyncio.create_task(one.hear_commits(hints.put_nowait))
        assert await hints.get() is None
        there = use_cases_on(other)
        await asyncio.gather(*(there.execute(CreateTask(title="one of many")) for _ in range(200)))
        assert await hints.get() == DEFAULT_WORKSPACE
        await asyncio.sleep(3 * announcements.PAUSE)
        assert hints.qsize() < 100
        hearing.cancel()
        with suppress(asyncio.CancelledError):
            await hearing


async def test_a_file_that_cannot_be_looked_at_gives_no_hints_and_says_so(sqlite: SqliteStorage, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError("it is somebody else's now")

    monkeypatch.setattr(DatabaseFile, "require", refuse)
    async with asyncio.timeout(SOON):
        with pytest.raises(PermissionError):
            await sqlite.hear_commits(lambda _workspace: None)
