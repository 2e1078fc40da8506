"""The race that SQLite up to 3.51.2 has in its write-ahead log, and what is done where no later one is."""

import asyncio
import logging
from pathlib import Path

import pytest

from taskharbor.adapters.sqlalchemy import sqlite_driver
from taskharbor.adapters.sqlalchemy.sqlite import SqliteStorage, database_file, storage, writer
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.testing.scenes.bench import Bench

LARGE = 200_000


@pytest.mark.parametrize(
    ("version", "has_it"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_the_releases_that_have_the_race_are_known(version: tuple[int, ...], has_it: bool) -> None:
    assert sqlite_driver.has_wal_reset_race(version) is has_it


def test_the_sqlite_that_is_installed_here_does_not_have_it() -> None:
    assert not sqlite_driver.HAS_WAL_RESET_RACE


async def test_where_it_does_logs_are_written_back_by_whoever_holds_the_lock_of_writers_and_it_is_said(
    sqlite_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    modes: list[str] = []
    monkeypatch.setattr(database_file, "HAS_WAL_RESET_RACE", True)
    monkeypatch.setattr(writer, "HAS_WAL_RESET_RACE", True)
    monkeypatch.setattr(database_file, "LARGE_LOG", LARGE)
    monkeypatch.setattr(storage, "HAS_WAL_RESET_RACE", True)
    log = sqlite_path.with_name("tasks.db-wal")
    options = StorageOptions(timeout=5)
    with caplog.at_level(logging.WARNING, "taskharbor.sqlite"):
        async with SqliteStorage(sqlite_path, options) as one, SqliteStorage(sqlite_path, options) as other:
            assert "pysqlite3 brings a later SQLite" in caplog.text
            for each in (one, other):
                await each._writer.run(lambda connection: connection.set_trace_callback(modes.append))
                [autocheckpoint] = await each._writer.run(
                    lambda connection: connection.execute("PRAGMA wal_autocheckpoint").fetchone()
                )
                assert autocheckpoint == 0
            sizes = []
            for n in range(20):
                here, there = [Bench(each, f"workspace {n % 2}") for each in (one, other)]
                await asyncio.gather(here.add_many(10), there.add_many(10))
                sizes.append(log.stat().st_size)
    assert max(sizes) < 4 * LARGE
    assert min(sizes[1:]) < LARGE / 2
    assert {text for text in modes if "checkpoint" in text} == {
        "PRAGMA wal_autocheckpoint",
        "PRAGMA wal_checkpoint(TRUNCATE)",
    }
