"""An occurrence that was done in a calendar program moves its series on, as completing it here would."""

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.interchange import import_tasks as importing
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from unit.interchange.files import DATA
from unit.interchange.odd_calendars import DONE, MOVED, WEEKLY, calendar, todo

THUNDERBIRD = (DATA / "vtodo" / "thunderbird-completed_repeating_task.ics").read_bytes()
MASTER = todo("M", "SUMMARY:M", *WEEKLY)
OTHERS = [todo(f"other-{number}", f"SUMMARY:{number}") for number in range(5)]


def done(day: str, status: str = "COMPLETED") -> str:
    return DONE.replace("0105T", f"{day}T").replace("STATUS:COMPLETED", f"STATUS:{status}")


async def by_title(harbor):
    return {task.title: task for task in (await harbor.find_tasks(limit=100)).items}


async def take(harbor, *parts: str):
    return await harbor.import_tasks(calendar(*parts).encode(), format="icalendar")


async def test_the_series_of_thunderbird_is_at_its_second_day():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        report = await harbor.import_tasks(THUNDERBIRD, format="icalendar")
        assert (report.created, report.refused) == (2, 0)
        series, copy = (await harbor.find_tasks(sort="id")).items
        assert (series.is_completed, copy.is_completed) == (False, True)
        assert series.due.as_json() == {"localDateTime": "2020-12-21T17:00:00", "timeZone": "America/Chicago"}
        assert series.recurrence.first.local == "2020-12-20T17:00:00"
        assert series.recurrence.current.local == "2020-12-21T17:00:00"
        assert copy.occurrence_of.task == series.id
        again = await harbor.import_tasks(THUNDERBIRD, format="icalendar")
        assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
        exported = b"".join([piece async for piece in harbor.export_tasks(format="icalendar")])
        back = await harbor.import_tasks(exported, format="icalendar")
        assert (back.created, back.updated, back.unchanged) == (0, 0, 2)


async def test_completing_it_here_first_makes_the_same_copy():
    endless = MASTER.replace(";COUNT=10", "")
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, endless)
        await harbor.complete_task((await by_title(harbor))["M"].id)
        before = {task.uid for task in (await harbor.find_tasks()).items}
        report = await take(harbor, endless, DONE)
        assert report.created == 0
        assert {task.uid for task in (await harbor.find_tasks()).items} == before


@pytest.mark.parametrize("parts", [[MASTER, DONE, MOVED], [MOVED, DONE, MASTER], [done("0112"), MASTER, DONE]])
async def test_the_order_in_the_file_does_not_matter(parts: list[str]):
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, *parts)
        series = (await by_title(harbor))["M"]
        # 19 and 26 January are left out
        assert (
            series.recurrence.current.local == ("2026-02-02" if done("0112") in parts else "2026-01-12") + "T09:00:00"
        )
        assert (await take(harbor, *parts)).updated == 0


async def test_it_does_not_matter_if_they_are_taken_in_different_commits(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importing, "MAX_CHUNK", 2)
    for parts in ([MASTER, *OTHERS, DONE], [DONE, *OTHERS, MASTER]):
        async with open_taskharbor(storage=InMemoryStorage()) as harbor:
            await take(harbor, *parts)
            assert (await by_title(harbor))["M"].recurrence.current.local == "2026-01-12T09:00:00"
            report = await take(harbor, *parts)
            assert (report.created, report.updated) == (0, 0)


async def test_what_was_completed_here_since_stays_completed():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, MASTER, DONE)
        moved = await harbor.complete_task((await by_title(harbor))["M"].id)
        assert (await take(harbor, MASTER, DONE)).updated == 0
        assert (await by_title(harbor))["M"].due == moved.due


async def test_a_cancelled_occurrence_is_skipped():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, MASTER, done("0105", "CANCELLED"))
        assert (await by_title(harbor))["M"].recurrence.current.local > "2026-01-05T09:00:00"


async def test_a_series_is_completed_with_its_last_occurrence():
    short = MASTER.replace("COUNT=10", "COUNT=2")
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, short, DONE, done("0112"))
        assert (await by_title(harbor))["M"].is_completed
        report = await take(harbor, short, DONE, done("0112"))
        assert (report.created, report.updated) == (0, 0)


async def test_a_series_that_begins_elsewhere_in_the_file_since_is_moved():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, MASTER, DONE)
        assert (await take(harbor, MASTER.replace("20260105T", "20260106T"))).updated == 1
        assert (await by_title(harbor))["M"].start.local == "2026-01-06T09:00:00"


async def test_an_id_in_utc_is_the_same_occurrence():
    in_utc = DONE.replace("RECURRENCE-ID;TZID=Europe/Berlin:20260105T090000", "RECURRENCE-ID:20260105T080000Z")
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, MASTER, in_utc)
        assert (await take(harbor, MASTER, DONE)).created == 0
        assert (await by_title(harbor))["M"].recurrence.current.local == "2026-01-12T09:00:00"
