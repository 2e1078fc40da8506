"""Templates of Taskwarrior as recurring tasks, and back, recorded and with the real program."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.domain.unset import UNSET
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from unit.interchange.files import draft, drafts, losses, task, written

TEMPLATE: dict[str, Any] = {
    "description": "Pay",
    "due": "20261120T090000Z",
    "entry": "20261101T000000Z",
    "modified": "20261101T000000Z",
    "mask": "+-",
    "recur": "weekly",
    "rtype": "periodic",
    "status": "recurring",
    "uuid": "1d120498-e50d-4244-aa87-28fb9eb91c8c",
}
CHILD: dict[str, Any] = {
    "description": "Pay",
    "due": "20261127T090000Z",
    "entry": "20261101T000000Z",
    "modified": "20261101T000000Z",
    "imask": 1,
    "parent": TEMPLATE["uuid"],
    "recur": "weekly",
    "rtype": "periodic",
    "status": "pending",
    "uuid": "2d120498-e50d-4244-aa87-28fb9eb91c8c",
}


def text(*tasks: dict[str, Any]) -> str:
    return json.dumps(tasks)


def rrule_of(**attributes: object) -> object:
    found: Any = draft("taskwarrior", text(TEMPLATE | attributes)).changes.recurrence
    return None if found is UNSET else found["rrule"]


def here(rrule: str):
    due = {"localDateTime": "2026-12-01T09:00:00", "timeZone": "UTC"}
    return task("jsonl", json.dumps({"title": "x", "due": due, "recurrence": {"rrule": rrule}}))


@pytest.mark.parametrize(
    ("recur", "rrule"),
    [
        ("daily", "FREQ=DAILY"),
        ("3d", "FREQ=DAILY;INTERVAL=3"),
        ("3 days", "FREQ=DAILY;INTERVAL=3"),
        ("P10D", "FREQ=DAILY;INTERVAL=10"),
        ("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("weekly", "FREQ=WEEKLY"),
        ("2weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("fortnight", "FREQ=WEEKLY;INTERVAL=2"),
        ("P1W", "FREQ=WEEKLY"),
        ("monthly", "FREQ=MONTHLY"),
        ("P1M", "FREQ=MONTHLY"),
        ("bimonthly", "FREQ=MONTHLY;INTERVAL=2"),
        ("quarterly", "FREQ=MONTHLY;INTERVAL=3"),
        ("2q", "FREQ=MONTHLY;INTERVAL=6"),
        ("semiannual", "FREQ=MONTHLY;INTERVAL=6"),
        ("yearly", "FREQ=YEARLY"),
        ("biannual", "FREQ=YEARLY;INTERVAL=2"),
        ("12h", "FREQ=HOURLY;INTERVAL=12"),
    ],
)
def test_recur_is_a_rule(recur: str, rrule: str):
    assert rrule_of(recur=recur) == rrule


def test_until_ends_it():
    assert rrule_of(until="20270101T000000Z") == "FREQ=WEEKLY;UNTIL=20270101T000000Z"


def test_a_month_after_the_31st_is_the_last_day_of_the_month():
    found = task("taskwarrior", text(TEMPLATE | {"recur": "monthly", "due": "20260131T090000Z", "mask": "-"}))
    assert found.due is not None
    assert found.due.local == "2026-02-28T09:00:00"


@pytest.mark.parametrize("recur", ["10min", "PT1H30M", "P1Y2M", "5weekdays", "sometimes", 5])
def test_what_no_rule_can_say_is_kept_and_said(recur: object):
    found = draft("taskwarrior", text(TEMPLATE | {"recur": recur}))
    assert found.changes.recurrence is UNSET
    assert found.remarks == (f"line 1 (recur): {recur} is no rule that is known here: kept",)
    again = json.loads(written("taskwarrior", task("taskwarrior", text(TEMPLATE | {"recur": recur}))))[0]
    assert again == TEMPLATE | {"recur": recur}


def test_a_template_stands_after_the_tasks_that_it_has_brought_forth_which_know_of_it():
    template, child = drafts("taskwarrior", text(TEMPLATE, CHILD))
    due: Any = template.changes.due
    assert due.local == "2026-12-04T09:00:00"
    assert child.occurrence_of == (template.uid, child.changes.due)


@pytest.mark.parametrize("first", [TEMPLATE, CHILD])
async def test_it_comes_out_as_it_was(first: dict[str, Any]):
    other = CHILD if first is TEMPLATE else TEMPLATE
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        report = await harbor.import_tasks(text(first, other).encode(), format="taskwarrior")
        assert (report.created, report.refused, report.remarked) == (2, 0, 0)
        assert (await harbor.import_tasks(text(first, other).encode(), format="taskwarrior")).unchanged == 2
        export = harbor.export_tasks(format="taskwarrior")
        out = b"".join([piece async for piece in export])
        assert export.losses == {}
    assert sorted(json.loads(out), key=str) == sorted([TEMPLATE, CHILD], key=str)


async def test_what_is_completed_here_is_a_task_of_the_template():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await harbor.import_tasks(text(TEMPLATE | {"due": "20361120T090000Z"}).encode(), format="taskwarrior")
        (series,) = (await harbor.find_tasks()).items
        await harbor.complete_task(series.id)
        out = json.loads(b"".join([piece async for piece in harbor.export_tasks(format="taskwarrior")]))
    template, done = sorted(out, key=lambda each: each["status"], reverse=True)
    assert (template["status"], template["mask"], template["due"]) == ("recurring", "+-+", "20361120T090000Z")
    assert (done["status"], done["parent"], done["imask"]) == ("completed", TEMPLATE["uuid"], 2)


async def test_a_template_that_comes_again_no_more_is_a_task_like_others():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await harbor.import_tasks(text(TEMPLATE).encode(), format="taskwarrior")
        (series,) = (await harbor.find_tasks()).items
        await harbor.change_task(series.id, recurrence=None)
        (found,) = json.loads(b"".join([piece async for piece in harbor.export_tasks(format="taskwarrior")]))
    assert (found["status"], found["due"]) == ("pending", "20261204T090000Z")
    assert not found.keys() & {"recur", "mask", "rtype"}


def test_a_task_that_comes_again_here_becomes_a_template():
    made = here("FREQ=DAILY;INTERVAL=2")
    (found,) = json.loads(written("taskwarrior", made))
    assert (found["status"], found["recur"], found["due"]) == ("recurring", "P2D", "20261201T090000Z")
    assert losses("taskwarrior", made) == ()


@pytest.mark.parametrize("rrule", ["FREQ=DAILY;COUNT=3", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=WEEKLY;BYDAY=MO,TU"])
def test_a_rule_that_taskwarrior_cannot_say_is_lost_and_said(rrule: str):
    made = here(rrule)
    assert json.loads(written("taskwarrior", made))[0]["status"] == "pending"
    assert losses("taskwarrior", made) == ("the recurrence",)


async def test_the_real_program_takes_templates_back_with_nothing_changed(tmp_path: Path):
    program = shutil.which("task")
    if not program:
        pytest.skip("the program task (Debian's taskwarrior) is not installed")

    def run(*words: str, data: bytes = b"") -> bytes:
        options = ["rc:/dev/null", f"rc.data.location={tmp_path}", "rc.confirmation=0", "rc.json.array=1"]
        command = [program, *options, "rc.verbose=nothing", "rc.recurrence.confirmation=0", *words]
        return subprocess.run(command, input=data, check=True, capture_output=True).stdout

    for recur in ("daily", "weekly", "monthly", "weekdays", "2weeks", "P1M", "quarterly", "yearly", "3d", "10min"):
        run("add", f"Every {recur}", "due:2036-12-05T09:00:00Z", f"recur:{recur}", "until:2037-12-31T00:00:00Z")
    run("add", "Overdue", "due:2026-01-31T09:00:00Z", "recur:monthly", "scheduled:2026-01-30T09:00:00Z")
    run("list")
    pending = [each for each in json.loads(run("export")) if each["status"] == "pending"]
    run(pending[0]["uuid"], "done")
    run(pending[1]["uuid"], "delete")
    run("list")
    run("import", "-", data=run("export"))  # which spells numbers otherwise from then on
    before = json.loads(run("export"))
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        report = await harbor.import_tasks(json.dumps(before).encode(), format="taskwarrior")
        assert report.refused == 0
        assert (await harbor.import_tasks(json.dumps(before).encode(), format="taskwarrior")).updated == 0
        ours = b"".join([piece async for piece in harbor.export_tasks(format="taskwarrior")])
    assert _comparable(json.loads(ours)) == _comparable(before)
    run("import", "-", data=ours)
    assert _comparable(json.loads(run("export"))) == _comparable(before)


def _comparable(tasks: list[dict[str, object]]) -> list[dict[str, object]]:
    bare = [{name: value for name, value in each.items() if name not in {"id", "urgency"}} for each in tasks]
    return sorted(bare, key=lambda each: str(each["uuid"]))
