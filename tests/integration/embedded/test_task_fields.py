"""Dates, priority, percentage, tags, links and reminders for embedders."""

from datetime import UTC, date, datetime

import pytest

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.reminder import AbsoluteReminder, RelativeReminder, RelativeTo
from taskharbor.domain.values.calendar_time import AllDay, Floating, Zoned
from taskharbor.domain.values.duration import Duration, SignedDuration

VALUES = {
    "start": Floating(datetime.fromisoformat("2026-12-01T09:00:00")),
    "due": Zoned(datetime.fromisoformat("2026-12-01T18:00:00"), "Europe/Berlin"),
    "estimated_duration": Duration(hours=1, minutes=30),
    "reminders": (
        AbsoluteReminder(datetime(2026, 12, 1, 8, tzinfo=UTC)),
        RelativeReminder(SignedDuration(Duration(minutes=15), is_negative=True), RelativeTo.DUE),
    ),
}
WIRE = {
    "start": VALUES["start"].as_json(),
    "due": VALUES["due"].as_json(),
    "estimated_duration": "PT1H30M",
    "reminders": [reminder.as_json() for reminder in VALUES["reminders"]],
}
PLAIN = {
    "description": "Two litres",
    "progress": Progress.IN_PROCESS,
    "percent_complete": 40,
    "priority": 1,
    "tags": ("Shop", "urgent"),
    "links": ("https://example.org/milk",),
}


def _fields(task):
    return {name: getattr(task, name) for name in (*PLAIN, *VALUES)}


@pytest.mark.parametrize("values", [VALUES, WIRE], ids=["value objects", "wire forms"])
async def test_a_task_is_made_with_all_fields_and_found_with_them(harbor, values):
    created = await harbor.create_task(title="Buy milk", **PLAIN, **values)

    assert _fields(created) == PLAIN | VALUES
    assert await harbor.get_task(created.id) == created


@pytest.mark.parametrize("values", [VALUES, WIRE], ids=["value objects", "wire forms"])
async def test_all_fields_can_be_changed_and_what_can_be_absent_taken_away(harbor, values):
    task = await harbor.create_task(title="Buy milk")

    assert _fields(await harbor.change_task(task.id, **PLAIN, **values)) == PLAIN | VALUES
    emptied = await harbor.change_task(task.id, start=None, due=None, estimated_duration=None, tags=[], reminders=[])
    assert (emptied.start, emptied.due, emptied.estimated_duration) == (None, None, None)
    assert (emptied.tags, emptied.links, emptied.reminders) == ((), PLAIN["links"], ())


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"due": {"localDateTime": "2026-12-01T09:00:00", "timeZone": "Mars/Olympus"}}, "due.timeZone"),
        ({"due": Zoned(datetime.fromisoformat("2026-12-01T18:00:00"), "Mars/Olympus")}, "due.timeZone"),
        ({"start": {"date": "2026-02-30"}}, "start.date"),
        ({"start": AllDay(date(2026, 12, 2)), "due": AllDay(date(2026, 12, 1))}, "due"),
        ({"tags": ["a", "b", "c", ""]}, "tags[3]"),
        ({"tags": None}, "tags"),
        ({"percent_complete": 100, "progress": Progress.IN_PROCESS}, "percent_complete"),
    ],
)
async def test_what_makes_no_sense_is_refused_with_its_place(harbor, fields, place):
    task = await harbor.create_task(title="Buy milk")
    for refused in (harbor.create_task(title="Buy bread", **fields), harbor.change_task(task.id, **fields)):
        with pytest.raises(InvalidValue) as error:
            await refused
        assert error.value.field == place
    assert [each async for each in harbor.iter_tasks()] == [task]


async def test_a_keyword_that_is_no_field_is_a_mistake_of_the_caller(harbor):
    with pytest.raises(TypeError, match="colour"):
        await harbor.create_task(title="Buy milk", colour="white")
