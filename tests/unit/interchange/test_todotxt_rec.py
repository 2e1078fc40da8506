"""`rec:` of todo.txt as the recurrence of a task, and back."""

import json
from typing import Any

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from unit.interchange.files import draft, losses, task, written


async def exported(harbor) -> list[str]:
    return b"".join([piece async for piece in harbor.export_tasks(format="todotxt")]).decode().splitlines()


@pytest.mark.parametrize(
    ("rec", "rrule", "anchor"),
    [
        ("1d", "FREQ=DAILY", "completion"),
        ("+1d", "FREQ=DAILY", "schedule"),
        ("1b", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "completion"),
        ("2w", "FREQ=WEEKLY;INTERVAL=2", "completion"),
        ("+1m", "FREQ=MONTHLY", "schedule"),
        ("+1y", "FREQ=YEARLY", "schedule"),
    ],
)
def test_rec_is_a_rule_and_comes_out_again(rec: str, rrule: str, anchor: str):
    line = f"2026-11-01 Pay due:2026-12-01 rec:{rec}"
    found: Any = draft("todotxt", line).changes.recurrence
    assert found == {"rrule": rrule, "anchor": anchor}
    made = task("todotxt", line)
    assert written("todotxt", made).decode() == f"{line}\n"
    assert losses("todotxt", made) == ()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Pay due:2026-12-01 rec:3b", "3b is no rule that is known here"),
        ("Pay due:2026-12-01 rec:often", "often is no rule that is known here"),
        ("Pay rec:1w", "1w counts from no date"),
    ],
)
def test_what_no_rule_can_say_is_kept_and_said(line: str, reason: str):
    found = draft("todotxt", line)
    assert found.changes.recurrence is None
    assert found.remarks == (f"line 1 (rec): {reason}: kept",)
    assert written("todotxt", task("todotxt", line)).decode() == f"{line}\n"


async def test_completing_it_leaves_a_line_that_is_done_and_one_that_is_due_next():
    lines = "2026-11-01 Pay due:2036-12-01 rec:+1m\n"
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await harbor.import_tasks(lines.encode(), format="todotxt")
        (series,) = (await harbor.find_tasks()).items
        await harbor.complete_task(series.id)
        again, done = await exported(harbor)
        assert again.startswith("2026-11-01 Pay due:2037-01-01 rec:+1m")
        assert done.startswith("x ")
        assert "rec:" not in done
        report = await harbor.import_tasks(f"{again}\n{done}\n".encode(), format="todotxt")
        assert (report.created, report.updated) == (0, 0)
        assert (await harbor.import_tasks(lines.encode(), format="todotxt")).updated == 0


async def test_taking_rec_away_ends_it_and_another_one_changes_it():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await harbor.import_tasks(b"2026-11-01 Pay due:2036-12-01 rec:1w", format="todotxt")
        await harbor.import_tasks(b"2026-11-01 Pay due:2036-12-01 rec:+2w", format="todotxt")
        (found,) = (await harbor.find_tasks()).items
        assert found.recurrence.rule.text == "FREQ=WEEKLY;INTERVAL=2"
        await harbor.import_tasks(b"2026-11-01 Pay due:2036-12-01", format="todotxt")
        (found,) = (await harbor.find_tasks()).items
        assert found.recurrence is None


async def test_a_rule_that_a_line_cannot_say_stays_and_is_said():
    due = {"localDateTime": "2026-12-01T09:00:00", "timeZone": "Europe/Berlin"}
    line = {"title": "x", "due": due, "recurrence": {"rrule": "FREQ=DAILY;COUNT=5"}}
    assert "the recurrence" in losses("todotxt", task("jsonl", json.dumps(line)))
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await harbor.import_tasks(json.dumps(line).encode(), format="jsonl")
        (exported_line,) = await exported(harbor)
        report = await harbor.import_tasks(exported_line.replace(" x", " (A) x").encode(), format="todotxt")
        assert report.refused == 0
        (found,) = (await harbor.find_tasks()).items
        assert found.recurrence is not None
