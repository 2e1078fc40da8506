"""One workspace of everything, exported in every format, is read back by the programs and libraries that others use."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytodotxt
from dateutil.rrule import rrulestr
from dateutil.tz import gettz
from icalendar import Calendar

from random_rules import answers_of_rrule_js
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.entrypoints.embedded.harbor import Harbor
from taskharbor.entrypoints.embedded.opening import open_taskharbor

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

PARIS = {"localDateTime": "2040-03-20T09:30:00", "timeZone": "Europe/Paris"}
SYDNEY = {"localDateTime": "2041-10-01T08:00:00", "timeZone": "Australia/Sydney"}
FLOATING = {"localDateTime": "2040-06-01T07:00:00"}
DAY = {"date": "2040-02-29"}
LEFT_OUT = PARIS | {"localDateTime": "2040-04-03T09:30:00"}
SERIES: Sequence[tuple[str, Mapping[str, str], dict[str, Any]]] = [
    ("each Tuesday", PARIS, {"rrule": "FREQ=WEEKLY;BYDAY=TU", "exdate": [LEFT_OUT]}),
    ("till summer ends", SYDNEY, {"rrule": "FREQ=DAILY;INTERVAL=3;UNTIL=20411115"}),
    ("the last workday", DAY, {"rrule": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"}),
    ("seven times", FLOATING, {"rrule": "FREQ=WEEKLY;COUNT=7"}),
    ("each leap day", DAY, {"rrule": "FREQ=YEARLY;INTERVAL=4"}),
]  # fmt: skip
MOST = 8
DONE = {"completed", "cancelled"}


@pytest.fixture
async def harbor() -> AsyncIterator[Harbor]:
    """A workspace with a task of each sort."""
    async with open_taskharbor(storage=InMemoryStorage()) as found:
        garden = await found.create_list(name="Garden")
        for title, moment, recurrence in SERIES:
            await found.create_task(title=title, due=moment, recurrence=recurrence)
        parent = await found.create_task(
            title="Écrire à Zoë ☕, « vite »; et \\ bien",
            description='two\nlines, "quoted";\ttab',
            tags=["shop", "two words"],
            priority=1,
            list=garden.id,
            start=PARIS,
            due=PARIS | {"localDateTime": "2040-03-25T03:30:00"},
            links=["https://example.org/a?b=c,d;e"],
            reminders=[{"offset": "-PT30M", "relativeTo": "due"}],
        )
        child = await found.create_task(title="x (A) 2026-01-01 due:never +no @thing", parent=parent.id, due=FLOATING)
        await found.create_task(title="Waits", depends_on=[child.id], due=DAY)
        done = await found.create_task(title="Done", due=DAY)
        await found.complete_task(done.id)
        gone = await found.create_task(title="Given up", priority=9)
        await found.cancel_task(gone.id)
        await found.add_comment(parent.id, "a comment, with; all\nof it")
        yield found


async def exported(harbor: Harbor, format: str) -> bytes:
    return b"".join([piece async for piece in harbor.export_tasks(format=format)])


async def all_of(harbor: Harbor) -> dict[str, Any]:
    return {each.title: each for each in (await harbor.find_tasks(limit=100)).items}


def todos_in(data: bytes) -> dict[str, Any]:
    return {str(each["SUMMARY"]): each for each in Calendar.from_ical(data).walk("VTODO")}


async def test_icalendar_reads_the_same_times_in_the_same_zones(harbor: Harbor):
    todos, tasks = todos_in(await exported(harbor, "icalendar")), await all_of(harbor)
    assert todos.keys() == tasks.keys()
    for title, task in tasks.items():
        for name, moment in (("DTSTART", task.start), ("DUE", task.due)):
            if moment is None:
                assert name not in todos[title] or task.recurrence is not None
                continue
            found = todos[title][name].dt
            assert found.isoformat()[: len(moment.local)] == moment.local
            if hasattr(moment, "time_zone"):
                assert found.astimezone(UTC) == moment.utc.astimezone(UTC)
    described = todos["Écrire à Zoë ☕, « vite »; et \\ bien"]
    assert str(described["DESCRIPTION"]) == 'two\nlines, "quoted";\ttab'
    assert [str(each) for each in described["CATEGORIES"].cats] == ["shop", "two words"]


async def occurrences_of(harbor: Harbor, title: str) -> list[str]:
    task = (await all_of(harbor))[title]
    found = await harbor.list_occurrences(task.id, limit=MOST)
    return [each.recurrence_id.local for each in found.items][:MOST]


async def test_dateutil_expands_what_is_exported_as_we_do(harbor: Harbor):
    todos = todos_in(await exported(harbor, "icalendar"))
    for title, _, _ in SERIES:
        begin = todos[title]["DTSTART"].dt
        whole = datetime.combine(begin, datetime.min.time()) if type(begin) is date else begin
        if whole.tzinfo is not None:
            whole = whole.replace(tzinfo=gettz(str(whole.tzinfo)))
        lines = [f"RRULE:{todos[title]['RRULE'].to_ical().decode()}"]
        rules = rrulestr("\n".join(lines), dtstart=whole, forceset=True)
        for left_out in [each.dt for each in getattr(todos[title].get("EXDATE"), "dts", [])]:
            rules.exdate(left_out.replace(tzinfo=whole.tzinfo))
        theirs = [each.replace(tzinfo=None).isoformat() for each in list(rules[:MOST])]
        ours = await occurrences_of(harbor, title)
        assert [each[: len(ours[0])] for each in theirs] == ours, title


async def test_rrule_js_expands_what_is_exported_as_we_do(harbor: Harbor, tmp_path: Path):
    installed("npm", "install", "--no-audit", "--no-fund", "--prefix", str(tmp_path), "rrule@2.8.1")
    todos = todos_in(await exported(harbor, "icalendar"))
    rules = []
    for title, _, recurrence in SERIES:
        if "exdate" in recurrence or "UNTIL" in recurrence["rrule"]:
            continue  # it is asked for rules alone, in local time
        begin = todos[title]["DTSTART"].dt
        whole = datetime.combine(begin, datetime.min.time()) if type(begin) is date else begin
        rules.append({"title": title, "first": whole.isoformat(), "rrule": todos[title]["RRULE"].to_ical().decode()})
    for answer in answers_of_rrule_js(rules, tmp_path):
        ours = await occurrences_of(harbor, answer["title"])
        assert [each[: len(ours[0])] for each in answer["expected"]][: len(ours)] == ours, answer


async def test_todoman_lists_all_of_them_one_file_for_each(harbor: Harbor, tmp_path: Path):
    calendar = tmp_path / "calendars" / "tasks"
    calendar.mkdir(parents=True)
    whole = Calendar.from_ical(await exported(harbor, "icalendar"))
    for number, todo in enumerate(whole.walk("VTODO")):
        one = Calendar()
        one.add("version", "2.0")
        one.add("prodid", "-//Test//EN")
        for part in [*whole.walk("VTIMEZONE"), todo]:
            one.add_component(part)
        (calendar / f"{number}.ics").write_bytes(one.to_ical())
    config = tmp_path / "config.py"
    config.write_text(f'path = "{tmp_path}/calendars/*"\ndate_format = "%Y-%m-%d"\ntime_format = "%H:%M"\n')
    environment = {"TODOMAN_CONFIG": str(config), "XDG_CACHE_HOME": str(tmp_path), "TZ": "UTC"}
    listed = json.loads(run(sys.executable, "-m", "todoman", "--porcelain", "list", "--status", "ANY", **environment))
    tasks = await all_of(harbor)
    assert {each["summary"] for each in listed} == tasks.keys()
    for each in listed:
        task = tasks[each["summary"]]
        assert (each["completed"], each["priority"]) == (task.progress in DONE, task.priority)
        assert (each["due"] is None) == (task.due is None)
        if hasattr(task.due, "time_zone"):
            assert each["due"] == int(task.due.utc.astimezone(UTC).timestamp())
    # What it writes back is read again as the same tasks.
    for file in sorted(calendar.iterdir()):
        report = await harbor.import_tasks(file.read_bytes(), format="icalendar")
        assert (report.created, report.refused) == (0, 0)


async def test_task_imports_all_of_them_and_exports_the_same(harbor: Harbor, tmp_path: Path):
    if not shutil.which("task"):
        installed("apt-get", "install", "--yes", "--no-install-recommends", "taskwarrior")
    ours = await exported(harbor, "taskwarrior")
    options = ["rc:/dev/null", f"rc.data.location={tmp_path}", "rc.confirmation=0", "rc.json.array=1"]
    command = ["task", *options, "rc.verbose=nothing", "rc.recurrence=0"]
    (tmp_path / "ours.json").write_bytes(ours)
    run(*command, "import", str(tmp_path / "ours.json"), TZ="UTC")
    theirs = {each["uuid"]: each for each in json.loads(run(*command, "export", TZ="UTC"))}
    for each in json.loads(ours):
        there = theirs.pop(each["uuid"])
        same = {name: there.get(name) for name in each}
        assert json.dumps(same, sort_keys=True) == json.dumps(each, sort_keys=True)
    assert theirs == {}


async def test_pytodotxt_reads_the_same_texts_dates_and_marks(harbor: Harbor):
    tasks = await all_of(harbor)
    lines = (await exported(harbor, "todotxt")).decode().splitlines()
    assert len(lines) == len(tasks)
    for line, task in zip(lines, tasks.values(), strict=True):
        found = pytodotxt.Task(line)
        assert found.is_completed == (task.progress in DONE)
        if task.progress not in DONE and task.priority:
            assert found.priority == chr(ord("A") + task.priority - 1)
        assert found.creation_date == task.created.date()
        if task.due is not None:
            assert f"due:{task.due.local[:10]}" in line


async def test_a_csv_reader_finds_a_row_for_each(harbor: Harbor):
    rows = list(csv.DictReader(io.StringIO((await exported(harbor, "csv")).decode(), newline="")))
    tasks = await all_of(harbor)
    assert [row["title"].removeprefix("'") for row in rows] == [*tasks]
    assert [row["due"] for row in rows] == [task.due.local if task.due else "" for task in tasks.values()]
    assert [row["description"] for row in rows] == [task.description or "" for task in tasks.values()]


def run(*command: str, **environment: str) -> str:
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def installed(*command: str) -> None:
    """Install something, or skip the test where that cannot be."""
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        pytest.skip(f"cannot install: {done.stderr.strip()[-300:]}")
