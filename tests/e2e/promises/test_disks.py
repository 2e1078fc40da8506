"""What is acknowledged is on the disk, whenever the power fails, and nothing is when the disk has refused it."""

import shutil
from pathlib import Path
from random import Random

import pytest

from e2e.promises.disk import Disk
from e2e.promises.traced import run_traced
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.verification.verify import Checked, verify
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE

CUTS = 1000
COMMITS = 300
"""Enough for the log to be written back now and then."""


async def revision_of_a_sound_store(folder: Path) -> int:
    """Open what is left, make sure that nothing is wrong with it, and return its revision."""
    async with storage_from_url(f"sqlite:///{folder}/tasks.db", StorageOptions(migrate=True)) as storage:
        assert [fault async for fault in verify(storage, Checked())] == []
        return (await storage.read_history_bounds(DEFAULT_WORKSPACE)).revision


def acknowledged(line: str) -> int:
    word, _, revision = line.partition(" ")
    return int(revision) if word == "ACK" else 0


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_what_is_acknowledged_is_there_wherever_the_power_fails(tmp_path):
    traced = run_traced(tmp_path, commits=COMMITS)
    calls = traced.calls
    assert traced.code == 0
    first = next(index for index, call in enumerate(calls) if call.name == "said")
    random = Random(1)
    cuts = sorted(random.choices(range(first, len(calls)), k=CUTS))
    disk = Disk()
    done = last = 0
    left = tmp_path / "left"
    for cut in cuts:
        for call in calls[done:cut]:
            if call.name == "said":
                last = acknowledged(call.data.decode())
            else:
                disk.take(call)
        done = cut
        left.mkdir()
        disk.cut_off(left, random)
        assert await revision_of_a_sound_store(left) >= last, f"cut at call {cut} of {len(calls)}"
        shutil.rmtree(left)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
@pytest.mark.parametrize("kind", ["sync", "write"])
async def test_nothing_is_acknowledged_that_the_disk_has_refused(tmp_path, kind, error):
    """Each run has one error, at another call that writes to the log or makes it durable."""
    whole = tmp_path / "whole"
    whole.mkdir()
    calls = run_traced(whole, commits=20).calls
    last = max(index for index, call in enumerate(calls) if call.name == "said")
    times = sum((call.name, call.path) == (kind, "tasks.db-wal") for call in calls[:last])
    tried = range(1, times + 1, max(1, times // 80))
    assert len(tried) >= 20
    names = {"sync": "fdatasync,fsync", "write": "pwrite64,write"}[kind]
    for nth in tried:
        folder = tmp_path / str(nth)
        folder.mkdir()
        only = ("-P", str(folder / "tasks.db-wal"), "-e", f"inject={names}:error={error}:when={nth}")
        traced = run_traced(folder, commits=20, inject=only)
        assert any(call.is_refused for call in traced.calls)
        assert "REFUSED" in traced.said or traced.code, f"call {nth} was refused, and everything acknowledged"
        assert await revision_of_a_sound_store(folder) >= max(map(acknowledged, traced.said), default=0)
