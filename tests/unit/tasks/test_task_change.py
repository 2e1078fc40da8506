"""`Task.change`: every field, None, contradictions, and changes that change nothing."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.changes import NO_CHANGES, TaskChanges
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.reminder import RelativeReminder, RelativeTo
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values import time_zone
from taskharbor.domain.values.calendar_time import AllDay, Floating, Zoned
from taskharbor.domain.values.duration import Duration, SignedDuration
from taskharbor.domain.values.uid import Uid
from taskharbor.testing.strategies.tasks import tasks

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
NINE = datetime(2026, 12, 1, 9)  # noqa: DTZ001
ZONED = Zoned(NINE, "Europe/Berlin")
QUARTER_BEFORE = RelativeReminder(SignedDuration(Duration(minutes=15), is_negative=True), RelativeTo.DUE)

BECOMES: list[tuple[str, Any, Any]] = [
    ("title", "  another ", "another"),
    ("description", "", ""),
    ("progress", Progress.CANCELLED, Progress.CANCELLED),
    ("progress", "in-process", Progress.IN_PROCESS),
    ("percent_complete", 40, 40),
    ("priority", 9, 9),
    ("start", {"date": "2026-12-01"}, AllDay(date(2026, 12, 1))),
    ("start", Floating(NINE), Floating(NINE)),
    ("due", {"localDateTime": "2026-12-01T09:00:00"}, Floating(NINE)),
    ("due", {"localDateTime": "2026-12-01T09:00:00", "timeZone": "Europe/Berlin"}, ZONED),
    ("estimated_duration", "PT90M", Duration(minutes=90)),
    ("estimated_duration", Duration(weeks=1), Duration(weeks=1)),
    ("tags", [" b", "A", "B", "a"], ("A", "b")),
    ("assignees", ["bob", "ada", "bob"], ("ada", "bob")),
    ("links", ["https://b.example/", "https://a.example/", "https://b.example/"], ("https://b.example/", "https://a.example/")),
    ("reminders", [{"offset": "-PT15M", "relativeTo": "due"}, QUARTER_BEFORE], (QUARTER_BEFORE,)),
    ("list", 7, 7),
    ("parent", 7, 7),
    ("depends_on", [9, 2**53 - 1, 7, 9], (7, 9, 2**53 - 1)),
]  # fmt: skip
CLEARS: dict[str, Any] = {
    "description": None,
    "start": None,
    "due": None,
    "estimated_duration": None,
    "parent": None,
    "recurrence": None,
}
REFUSED: list[tuple[str, Any, str]] = [
    ("title", "", "title"),
    ("title", 5, "title"),
    ("description", "\0", "description"),
    ("description", b"bytes", "description"),
    ("progress", "done", "progress"),
    ("progress", 1, "progress"),
    ("is_completed", 1, "is_completed"),
    ("is_completed", "false", "is_completed"),
    ("percent_complete", 101, "percent_complete"),
    ("priority", -1, "priority"),
    ("start", "2026-12-01", "start"),
    ("start", {"date": "2026-13-01"}, "start.date"),
    ("due", {}, "due"),
    ("due", {"localDateTime": "2026-12-01T09:00:00", "timeZone": "Mars"}, "due.timeZone"),
    ("due", Zoned(NINE, "Mars"), "due.timeZone"),
    ("due", Floating(NINE.replace(microsecond=1)), "due.localDateTime"),
    ("estimated_duration", "-P1D", "estimated_duration"),
    ("tags", "urgent", "tags"),
    ("assignees", "ada", "assignees"),
    ("tags", ["fine", ""], "tags[1]"),
    ("links", ["javascript:alert(1)"], "links[0]"),
    ("reminders", [{"when": "soon"}], "reminders[0].when"),
    ("list", 0, "list"),
    ("list", "1", "list"),
    ("parent", 2**53, "parent"),
    ("parent", True, "parent"),
    ("parent", 1, "parent"),
    ("depends_on", 7, "depends_on"),
    ("depends_on", [7, 0], "depends_on[1]"),
    ("depends_on", [9, 7, 1], "depends_on[2]"),
    ("depends_on", list(range(2, 103)), "depends_on"),
    ("recurrence", {"rrule": "FREQ=DAILY"}, "recurrence"),
]


def new(**changes: Any) -> Task:
    return Task.create(
        id=1, uid=Uid("0190b1f4-1234-7abc-8def-0123456789ab"), title="a task", at=NOON, changes=TaskChanges(**changes)
    )


@pytest.mark.parametrize(("field", "value", "becomes"), BECOMES, ids=[f"{f} {v!s:.30}" for f, v, _ in BECOMES])
def test_a_value_is_taken_by_its_rule_at_once_or_later(field: str, value: Any, becomes: Any) -> None:
    assert getattr(new(**{field: value}), field) == becomes
    changed = new().change(TaskChanges(**{field: value}), at=LATER)
    assert getattr(changed, field) == becomes
    assert type(getattr(changed, field)) is type(becomes)
    assert changed.updated == LATER


def test_every_field_of_the_changes_is_tried_here() -> None:
    assert {field for field, *_ in BECOMES} | {"is_completed", "recurrence"} == {
        field.name for field in fields(TaskChanges)
    }
    assert {field for field, *_ in REFUSED} == {field.name for field in fields(TaskChanges)}


def test_changes_name_nothing_unless_told() -> None:
    assert all(getattr(NO_CHANGES, field.name) is UNSET for field in fields(TaskChanges))
    assert TaskChanges() == NO_CHANGES


@pytest.mark.parametrize("field", CLEARS)
def test_none_takes_away_what_can_be_absent(field: str) -> None:
    full = new(
        description="text",
        start=ZONED,
        due=ZONED,
        estimated_duration="P1D",
        parent=7,
        recurrence={"rrule": "FREQ=DAILY"},
    )
    cleared = full.change(TaskChanges(**{field: None}), at=LATER)
    assert cleared == replace(full, **{field: None}, updated=LATER)


@pytest.mark.parametrize("field", sorted({f.name for f in fields(TaskChanges)} - CLEARS.keys()))
def test_none_is_no_value_of_what_cannot_be_absent(field: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        new().change(TaskChanges(**{field: None}), at=LATER)
    assert refused.value.field == field


@pytest.mark.parametrize(("field", "value", "place"), REFUSED, ids=[f"{f} {v!s:.30}" for f, v, _ in REFUSED])
def test_a_value_that_breaks_its_rule_is_refused_with_its_place(field: str, value: Any, place: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        new().change(TaskChanges(**{field: value}), at=LATER)
    assert refused.value.field == place
    with pytest.raises(InvalidValue):
        new(**{field: value})


@given(tasks(), tasks())
def test_a_task_can_be_given_all_values_of_another_one(task: Task, other: Task) -> None:
    values = {field.name: getattr(other, field.name) for field in fields(TaskChanges)}
    changed = task.change(TaskChanges(**values), at=task.updated)
    assert {name: getattr(changed, name) for name in values} == values
    assert changed.change(TaskChanges(**values), at=LATER) is changed, "the second time nothing changes"


@given(tasks())
def test_changes_that_name_nothing_answer_the_task_itself(task: Task) -> None:
    assert task.change(NO_CHANGES, at=LATER) is task


@given(tasks())
def test_the_wire_forms_of_what_is_there_answer_the_task_itself(task: Task) -> None:
    same = TaskChanges(
        title=f" {task.title}\t",
        start=task.start and task.start.as_json(),
        due=task.due and task.due.as_json(),
        estimated_duration=task.estimated_duration and task.estimated_duration.as_json(),
        tags=[*reversed(task.tags)],
        links=[*task.links, *task.links][:50],
        reminders=[reminder.as_json() for reminder in task.reminders],
        recurrence=task.recurrence and task.recurrence.as_json(),
    )
    assert task.change(same, at=LATER) is task


def test_another_spelling_of_a_tag_is_a_change() -> None:
    assert new(tags=["work"]).change(TaskChanges(tags=["Work"]), at=LATER).tags == ("Work",)


DAY = AllDay(date(2026, 12, 1))
DAY_BEFORE = AllDay(date(2026, 11, 30))
EIGHT = NINE - timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (DAY, DAY_BEFORE),
        (Floating(NINE), Floating(EIGHT)),
        (ZONED, Zoned(EIGHT, "Europe/Berlin")),
        (ZONED, Zoned(NINE, "Asia/Tokyo")),
        (Floating(NINE), DAY_BEFORE),
        (DAY, Floating(NINE - timedelta(days=1))),
        (ZONED, Floating(EIGHT)),
        (ZONED, DAY_BEFORE),
    ],
)
def test_a_task_is_not_due_before_it_starts_whatever_the_kinds(start: Any, due: Any) -> None:
    for refuse in (
        lambda: new(start=start, due=due),
        lambda: new(start=start).change(TaskChanges(due=due), at=LATER),
        lambda: new(due=due).change(TaskChanges(start=start), at=LATER),
    ):
        with pytest.raises(InvalidValue) as refused:
            refuse()
        assert refused.value.field == "due"
    turned = new(start=due, due=start)
    assert (turned.start, turned.due) == (due, start)


@pytest.mark.parametrize("moment", [DAY, Floating(NINE), ZONED])
def test_a_task_may_be_due_when_it_starts(moment: Any) -> None:
    assert new(start=moment, due=moment).due == moment
    assert new(start=Floating(NINE), due=DAY).due == DAY


def test_start_and_due_can_move_together_past_each_other() -> None:
    task = new(start=DAY_BEFORE, due=DAY_BEFORE)
    moved = task.change(TaskChanges(start=DAY, due=DAY), at=LATER)
    assert (moved.start, moved.due) == (DAY, DAY)


def test_a_task_whose_times_contradict_each_other_since_the_rules_of_a_zone_changed_is_not_stuck() -> None:
    stored = replace(new(), start=DAY, due=DAY_BEFORE)
    assert stored.change(TaskChanges(title="still mine"), at=LATER).title == "still mine"
    assert stored.change(TaskChanges(due=None), at=LATER).due is None
    with pytest.raises(InvalidValue):
        stored.change(TaskChanges(due=DAY_BEFORE), at=LATER)


def test_a_task_in_a_zone_that_this_machine_does_not_know_is_not_stuck() -> None:
    assert "Mars/Olympus_Mons" not in time_zone.known_time_zones()
    stored = replace(new(), start=Zoned(NINE, "Mars/Olympus_Mons"), due=Zoned(NINE, "Mars/Olympus_Mons"))
    assert stored.change(TaskChanges(is_completed=True), at=LATER).is_completed


def test_a_refused_change_leaves_the_task_as_it_was() -> None:
    task = new(tags=["a"])
    with pytest.raises(InvalidValue):
        task.change(TaskChanges(title="fine", tags=["b"], percent_complete=101), at=LATER)
    assert task == new(tags=["a"])


def test_a_change_when_the_clock_was_set_back_does_not_set_back_the_task() -> None:
    assert new().change(TaskChanges(priority=1), at=NOON - timedelta(days=1)).updated == NOON
