"""100,000 tasks go in and come out of a SQLite file in bounded memory. Each run is a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BOUND = 100 * 1024 * 1024
"""In bytes, by which the peak of an import or export of 100,000 tasks may exceed that of one of 2,000."""

RUN = """
import asyncio, json, resource, sys
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from uuid import UUID

path, format, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
NOTE = "x" * 1000

def task(number):
    uid, parent = str(UUID(int=number, version=4)), str(UUID(int=count, version=4))
    if format == "jsonl":
        line = {"uid": uid, "title": f"Task {number}", "description": NOTE}
        if number % 10 == 0 and number != count:
            line["depends_on_uids"] = [parent]
        return json.dumps(line) + "\\n"
    needs = f"RELATED-TO;RELTYPE=DEPENDS-ON:{parent}\\r\\n" if number % 10 == 0 and number != count else ""
    return f"BEGIN:VTODO\\r\\nUID:{uid}\\r\\nSUMMARY:Task {number}\\r\\nDESCRIPTION:{NOTE}\\r\\n{needs}END:VTODO\\r\\n"

async def pieces():
    if format == "icalendar":
        yield b"BEGIN:VCALENDAR\\r\\nVERSION:2.0\\r\\n"
    for first in range(1, count + 1, 100):
        yield "".join(map(task, range(first, min(first + 100, count + 1)))).encode()
    if format == "icalendar":
        yield b"END:VCALENDAR\\r\\n"

async def main():
    async with open_taskharbor(f"sqlite:///{path}") as harbor:
        report = await harbor.import_tasks(pieces(), format=format)
        export = harbor.export_tasks(format=format)
        size = 0
        async for piece in export:
            size += len(piece)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"created": report.created, "refused": report.refused, "exported": export.count, "size": size,
                      "peak": peak}))

asyncio.run(main())
"""


def run(path: Path, format: str, count: int) -> dict[str, int]:
    command = [sys.executable, "-c", RUN, str(path), format, str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, int] = json.loads(done.stdout)
    assert (found["created"], found["refused"], found["exported"]) == (count, 0, count)
    return found


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("format", ["jsonl", "icalendar"])
def test_a_hundred_thousand_tasks_need_little_more_memory_than_two_thousand(tmp_path: Path, format: str):
    few = run(tmp_path / "few.db", format, 2_000)
    many = run(tmp_path / "many.db", format, 100_000)
    assert many["size"] > BOUND
    assert many["peak"] - few["peak"] < BOUND
