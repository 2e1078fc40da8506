"""A series as calendar programs read it: UNTIL in the form of DTSTART, and no RRULE without a DTSTART."""

from datetime import datetime

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.task import Task
from unit.interchange.files import NOW, task, written

NEW_YORK = {"localDateTime": "2026-06-01T09:00:00", "timeZone": "America/New_York"}
FLOATING = {"localDateTime": "2026-06-01T09:00:00"}
DAY = {"date": "2026-06-01"}


def series(rrule: str, **times: dict[str, str]) -> Task:
    changes = TaskChanges(**times, recurrence={"rrule": rrule})  # type: ignore[arg-type]  # in wire form
    return Task.create(id=1, uid="0190b1f4-1234-7abc-8def-0123456789ab", title="Test", at=NOW, changes=changes)


@pytest.mark.parametrize(
    ("start", "rrule", "until"),
    [
        (NEW_YORK, "FREQ=DAILY;UNTIL=20260603", "20260604T035959Z"),
        (NEW_YORK, "FREQ=DAILY;UNTIL=20260603T090000", "20260603T130000Z"),
        (NEW_YORK, "FREQ=DAILY;UNTIL=20260603T130000Z", "20260603T130000Z"),
        (FLOATING, "FREQ=DAILY;UNTIL=20260603", "20260603T235959"),
        (FLOATING, "FREQ=DAILY;UNTIL=20260603T090000Z", "20260603T090000"),
        (DAY, "FREQ=DAILY;UNTIL=20260603T090000Z", "20260603"),
        (DAY, "FREQ=DAILY;UNTIL=20260603", "20260603"),
    ],
)
def test_until_is_written_in_the_form_of_the_start_and_read_as_it_was(start: dict[str, str], rrule: str, until: str):
    made = series(rrule, start=start)
    data = written("icalendar", made)
    (todo,) = Calendar.from_ical(data).walk("VTODO")
    assert f"UNTIL={until}" in todo["RRULE"].to_ical().decode().split(";")
    begin = todo["DTSTART"].dt
    begin = begin if isinstance(begin, datetime) else datetime(begin.year, begin.month, begin.day)  # noqa: DTZ001
    assert len(list(rrulestr(todo["RRULE"].to_ical().decode(), dtstart=begin))) == 3
    assert task("icalendar", data).recurrence == made.recurrence


@pytest.mark.parametrize("due", [NEW_YORK, FLOATING, DAY])
def test_a_series_that_is_only_due_has_a_dtstart_there_and_none_here(due: dict[str, str]):
    made = series("FREQ=DAILY", due=due)
    data = written("icalendar", made)
    (todo,) = Calendar.from_ical(data).walk("VTODO")
    assert todo["DTSTART"].dt == todo["DUE"].dt
    again = task("icalendar", data)
    assert (again.start, again.due, again.recurrence) == (None, made.due, made.recurrence)


def test_a_start_that_another_program_has_given_it_since_is_one():
    data = written("icalendar", series("FREQ=DAILY", due=DAY)).replace(
        b"DTSTART;VALUE=DATE:20260601", b"DTSTART:20260530"
    )
    assert task("icalendar", data).start is not None
