"""An exception stands in place of its instance: RFC 5545 section 3.8.4.4, 3.8.5.1."""

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.interchange import import_tasks as importing
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from unit.interchange.odd_calendars import calendar, todo

ZONED = ("DTSTART;TZID=Europe/Berlin:20260601T090000", "RRULE:FREQ=WEEKLY;COUNT=4")
DAYS = ("DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=WEEKLY;COUNT=4")
DONE = ("STATUS:COMPLETED", "COMPLETED:20260601T080000Z")


async def take(harbor, *parts: str):
    return await harbor.import_tasks(calendar(*parts).encode(), format="icalendar")


async def still_to_do(harbor) -> list[str]:
    """Return when each open occurrence is, of series and by itself."""
    found: list[str] = []
    for task in (await harbor.find_tasks(limit=100)).items:
        if task.recurrence and task.progress == "needs-action":
            coming = (await harbor.list_occurrences(task.id)).items
            found += [each.start.local for each in coming]
        elif task.progress == "needs-action":
            found.append(task.start.local)
    return sorted(found)


def series(*lines: str) -> str:
    return todo("S", "SUMMARY:S", *lines)


def exception(recurrence_id: str, *lines: str) -> str:
    return todo("S", "SUMMARY:S", f"RECURRENCE-ID{recurrence_id}", *lines)


FORMS = [
    (ZONED, ";TZID=Europe/Berlin:20260601T090000"),
    (ZONED, ";TZID=America/New_York:20260601T030000"),
    (ZONED, ":20260601T070000Z"),
    (ZONED, ";VALUE=DATE:20260601"),
    (ZONED, ":20260601T090000"),
    (DAYS, ";VALUE=DATE:20260601"),
    (DAYS, ":20260601T000000Z"),
    (DAYS, ":20260601T090000"),
]


@pytest.mark.parametrize("series_first", [True, False])
@pytest.mark.parametrize(("lines", "recurrence_id"), FORMS)
async def test_the_same_instant_is_the_same_occurrence_whatever_its_form(lines, recurrence_id: str, series_first: bool):
    parts = [series(*lines), exception(recurrence_id, *DONE)]
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, *(parts if series_first else reversed(parts)))
        assert [day[:10] for day in await still_to_do(harbor)] == ["2026-06-08", "2026-06-15", "2026-06-22"]
        again = await take(harbor, *parts)
        assert (again.created, again.updated) == (0, 0)


@pytest.mark.parametrize("parted", [False, True])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
async def test_what_was_moved_is_there_once(order: tuple[int, ...], parted: bool):
    parts = [
        series(*DAYS),
        exception(";VALUE=DATE:20260601", "DTSTART;VALUE=DATE:20260603"),
        exception(";VALUE=DATE:20260615", "DTSTART;VALUE=DATE:20260616"),
    ]
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        for some in [[parts[at]] for at in order] if parted else [[parts[at] for at in order]]:
            await take(harbor, *some)
        expected = ["2026-06-03", "2026-06-08", "2026-06-16", "2026-06-22"]
        assert await still_to_do(harbor) == expected
        for some in ([parts[0]], parts):
            again = await take(harbor, *some)
            assert (again.created, again.updated) == (0, 0)
        exported = b"".join([piece async for piece in harbor.export_tasks(format="icalendar")])
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await harbor.import_tasks(exported, format="icalendar")
        assert await still_to_do(harbor) == expected


async def test_commits_between_make_no_difference(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importing, "MAX_CHUNK", 1)
    parts = [
        exception(";VALUE=DATE:20260608", "DTSTART;VALUE=DATE:20260609"),
        series(*ZONED[:1], "RRULE:FREQ=WEEKLY;COUNT=2"),
    ]
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, *parts)
        assert await still_to_do(harbor) == ["2026-06-01T09:00:00", "2026-06-09"]
        again = await take(harbor, *parts)
        assert again.created == 0


async def test_what_was_cancelled_is_left_out_and_what_is_done_before_its_turn_too():
    parts = [
        series(*DAYS),
        exception(";VALUE=DATE:20260608", "STATUS:CANCELLED"),
        exception(";VALUE=DATE:20260615", *DONE),
    ]
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, *parts)
        assert await still_to_do(harbor) == ["2026-06-01", "2026-06-22"]


async def test_a_series_of_nothing_but_exceptions_has_nothing_left():
    parts = [
        series(*DAYS[:1], "RRULE:FREQ=WEEKLY;COUNT=1"),
        exception(";VALUE=DATE:20260601", "DTSTART;VALUE=DATE:20260603"),
    ]
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, *parts)
        assert await still_to_do(harbor) == ["2026-06-03"]
        again = await take(harbor, *parts)
        assert (again.created, again.updated) == (0, 0)


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;COUNT=5", "FREQ=WEEKLY;UNTIL=20260629"])
@pytest.mark.parametrize("zoned", [False, True])
async def test_this_and_all_that_follow_split_a_series(rule: str, zoned: bool):
    if zoned:
        rule = rule.replace("UNTIL=20260629", "UNTIL=20260629T070000Z")
        start, recurrence_id = ";TZID=Europe/Berlin:20260601T090000", ";RANGE=THISANDFUTURE:20260615T070000Z"
        later, clock = ";TZID=Europe/Berlin:20260616T100000", ("T09:00:00", "T10:00:00")
    else:
        start, recurrence_id = ";VALUE=DATE:20260601", ";RANGE=THISANDFUTURE;VALUE=DATE:20260615"
        later, clock = ";VALUE=DATE:20260616", ("", "")
    parts = [series(f"DTSTART{start}", f"RRULE:{rule}"), exception(recurrence_id, f"DTSTART{later}")]
    expected = [f"2026-06-01{clock[0]}", f"2026-06-08{clock[0]}", f"2026-06-16{clock[1]}", f"2026-06-23{clock[1]}"]
    expected += [f"2026-06-30{clock[1]}"] if "COUNT" in rule else []
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, *parts)
        assert await still_to_do(harbor) == expected
        again = await take(harbor, *parts)
        assert (again.created, again.updated) == (0, 0)
        exported = b"".join([piece async for piece in harbor.export_tasks(format="icalendar")])
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await harbor.import_tasks(exported, format="icalendar")
        assert await still_to_do(harbor) == expected


@pytest.mark.parametrize(
    ("lines", "coming"),
    [
        (
            (*ZONED, "EXDATE;TZID=Europe/Berlin:20260601T090000"),
            ["2026-06-08T09:00:00", "2026-06-15T09:00:00", "2026-06-22T09:00:00"],
        ),
        ((*ZONED, "EXDATE:20260601T070000Z,20260608T070000Z"), ["2026-06-15T09:00:00", "2026-06-22T09:00:00"]),
        ((*DAYS, "EXDATE;VALUE=DATE:20260601"), ["2026-06-08", "2026-06-15", "2026-06-22"]),
        ((*DAYS, "EXDATE;VALUE=DATE:20260601,20260608,20260615,20260622"), []),
    ],
)
async def test_a_series_whose_first_occurrence_is_an_exception_begins_with_the_next(lines, coming):
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, series(*lines))
        assert await still_to_do(harbor) == coming
        again = await take(harbor, series(*lines))
        assert (again.created, again.updated, again.unchanged) == (0, 0, 1)


ODD_FORMS = [";TZID=Asia/Tokyo:{day}T160000", ":{day}T070000Z", ";VALUE=DATE:{day}", ":{day}T090000"]


@pytest.mark.parametrize("form", ODD_FORMS)
@pytest.mark.parametrize(
    ("days", "lines", "left"),
    [
        (["20260608"], ("DTSTART;TZID=Europe/Berlin:20260609T090000",), ["01", "09", "15", "22"]),
        (["20260608"], ("STATUS:CANCELLED",), ["01", "15", "22"]),
        (["20260601"], DONE, ["08", "15", "22"]),
        (["20260608", "20260601"], DONE, ["15", "22"]),
        (["20260615 and on"], ("DTSTART;TZID=Europe/Berlin:20260616T100000",), ["01", "08", "16", "23"]),
        (["20260615 and on"], ("STATUS:CANCELLED",), ["01", "08"]),
    ],
)
async def test_files_with_a_part_each_are_read_again_in_any_order_and_change_nothing(form, days, lines, left):
    exceptions = [
        exception((";RANGE=THISANDFUTURE" if "on" in day else "") + form.format(day=day[:8]), *lines) for day in days
    ]
    parts = [*exceptions, series(*ZONED)]
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        for again, some in enumerate([parts, parts, parts[::-1], parts[-1:]]):
            reports = [await take(harbor, part) for part in some]
            assert [day[8:10] for day in await still_to_do(harbor)] == left
            assert not again or all((each.created, each.updated) == (0, 0) for each in reports)
