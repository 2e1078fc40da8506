"""What real clients wrote: each field of each file of tests/data/vtodo."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from taskharbor.application.interchange.apply_draft import new_task_of
from taskharbor.domain.recurrence.occurrence import occurrence_uid
from taskharbor.domain.tasks.reminder import AbsoluteReminder, reminder_from
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.text import MAX_TITLE_LENGTH
from unit.interchange.files import DATA, NOW, drafts, task, written

VTODO = DATA / "vtodo"


def chicago(*parts: int) -> Zoned:
    return Zoned(datetime(*parts), "America/Chicago")  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def absolute(text: str) -> AbsoluteReminder:
    return AbsoluteReminder(at(text))


def relative(offset: str, to: str = "start"):
    return reminder_from("reminder", {"offset": offset, "relativeTo": to})


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a file says; what is not named is absent."""

    uid: str
    created: str
    updated: str
    title: str = "Test"
    description: str | None = None
    priority: int = 0
    start: CalendarTime | None = None
    due: CalendarTime | None = None
    completed: str | None = None
    reminders: tuple[object, ...] = ()
    kept: tuple[str, ...] = field(default=())


APPLE = Expected(uid="44c59110-221f-4e88-b97b-531d3940920b", created="20180417T154347", updated="")
NEXTCLOUD_UID = "e371079a-498c-5b11-8356-c94e4693101c"
NEXTCLOUD_KEPT = ("X-OC-HIDESUBTASKS:0",)
SORT_ORDER = ("SEQUENCE:0", "X-APPLE-SORT-ORDER:545672627")
THUNDERBIRD_PRIORITY = "6d2313db-56fb-ef4f-a039-3fa8a3fa257b"
THUNDERBIRD_REMINDER = "5b3a42d5-e99c-2f47-87d5-8ba0e2b753ab"


def apple_priority(priority: int, updated: str) -> Expected:
    return Expected(
        uid="44c59110-221f-4e88-b97b-531d3940920b",
        created="20180417T154347",
        updated=updated,
        priority=priority,
        kept=SORT_ORDER,
    )


def nextcloud(updated: str, priority: int = 0, title: str = "Test", due: CalendarTime | None = None) -> Expected:
    return Expected(
        uid=NEXTCLOUD_UID,
        created="20180417T163203",
        updated=updated,
        title=title,
        description="Test description",
        priority=priority,
        due=due,
        kept=NEXTCLOUD_KEPT,
    )


def thunderbird_priority(priority: int, updated: str, generation: int) -> Expected:
    return Expected(
        uid=THUNDERBIRD_PRIORITY,
        created="20180417T164451",
        updated=updated,
        priority=priority,
        kept=(f"X-MOZ-GENERATION:{generation}",),
    )


EXPECTED = {
    "apple-basic_completed": Expected(
        uid="31fc53ce-71a0-4ae1-8371-822b8dc4ecd9",
        created="20180417T184300",
        updated="20180417T184304",
        completed="20180417T184302",
        kept=("SEQUENCE:0", "X-APPLE-SORT-ORDER:545683380"),
    ),
    "apple-basic_due_date": Expected(
        uid="cb8609cd-8345-46cf-8295-4fda84050cdb",
        created="20180416T222650",
        updated="20180416T222656",
        title="Test title",
        start=chicago(2018, 4, 16, 18),
        due=chicago(2018, 4, 16, 18),
        reminders=(absolute("20180416T230000"),),
        kept=("SEQUENCE:0",),
    ),
    "apple-basic_no_due_date": Expected(
        uid="5c9953df-7fa0-40b6-92d4-5cdf53b1fb3e",
        created="20180416T222410",
        updated="20180416T222430",
        title="Test title",
        description="Test description",
        kept=("SEQUENCE:0",),
    ),
    "apple-date_time_reminder": Expected(
        uid="a11d558c-3bc3-45fe-b95e-8b1f0023cb17",
        created="20220119T045003",
        updated="20220119T045013",
        start=chicago(2022, 1, 18, 23),
        due=chicago(2022, 1, 18, 23),
        reminders=(absolute("20220119T050000"),),
    ),
    # A reminder at a place has a trigger that never was: it is none at an instant.
    "apple-geofence_arrival": Expected(
        uid="5f1a1ad2-6412-4f61-ae56-7d0ee8ce4ce5", created="20220119T050820", updated="20220119T050843"
    ),
    "apple-geofence_departure": Expected(
        uid="e41bc37a-6261-4172-96f6-1b8ff9f74380", created="20220119T050930", updated="20220119T050937"
    ),
    "apple-priority_high": apple_priority(1, "20180417T154636"),
    "apple-priority_low": apple_priority(9, "20180417T154451"),
    "apple-priority_medium": apple_priority(5, "20180417T154559"),
    "apple-priority_none": apple_priority(0, "20180417T160306"),
    "nextcloud-all_day_task": Expected(
        uid="838bdba9-f511-4dc7-8686-aaad8728e9bd",
        created="20210127T195122",
        updated="20210127T195128",
        title="All day task",
        due=AllDay(date(2021, 2, 1)),
    ),
    "nextcloud-basic_due_date": nextcloud(
        "20180417T163652",
        title="Test title",
        due=Floating(datetime(2018, 4, 17, 17)),  # noqa: DTZ001
    ),
    "nextcloud-basic_no_due_date": nextcloud("20180417T163451", title="Test title"),
    "nextcloud-priority_1_star": nextcloud("20180417T164048", 9),
    "nextcloud-priority_2_stars": nextcloud("20180417T164601", 8),
    "nextcloud-priority_3_stars": nextcloud("20180417T164711", 7),
    "nextcloud-priority_4_stars": nextcloud("20180417T164923", 6),
    "nextcloud-priority_5_stars": nextcloud("20180417T164953", 5),
    "nextcloud-priority_6_stars": nextcloud("20180417T165021", 4),
    "nextcloud-priority_7_stars": nextcloud("20180417T165045", 3),
    "nextcloud-priority_8_stars": nextcloud("20180417T165109", 2),
    "nextcloud-priority_9_stars": nextcloud("20180417T165131", 1),
    "nextcloud-priority_no_stars": nextcloud("20180417T163939", 0),
    "thunderbird-basic_completed": Expected(
        uid="7a08a78b-bce5-f24a-bafe-ccd892f1fc5d",
        created="20180417T212422",
        updated="20180417T212429",
        completed="20180417T212429",
        kept=("SEQUENCE:1", "X-MOZ-GENERATION:1"),
    ),
    "thunderbird-basic_due_date": Expected(
        uid="9b63f8c7-5df5-4941-8cbb-f84da524aad1",
        created="20180417T181109",
        updated="20180417T181112",
        title="New Task",
        due=chicago(2018, 4, 17, 14),
    ),
    "thunderbird-basic_no_due_date": Expected(
        uid="75deaea8-931b-b748-9a41-a7e8491c9aa9",
        created="20180417T163152",
        updated="20180417T163159",
        title="Test title",
        description="Test description",
    ),
    "thunderbird-date_time_reminder": Expected(
        uid="e7cd55dc-9519-2a45-8630-4b632a4ca297",
        created="20220121T053659",
        updated="20220121T053753",
        reminders=(absolute("20220121T190000"),),
    ),
    "thunderbird-priority_high": thunderbird_priority(1, "20180417T164622", 3),
    "thunderbird-priority_low": thunderbird_priority(9, "20180417T164503", 1),
    "thunderbird-priority_normal": thunderbird_priority(5, "20180417T164553", 2),
    "thunderbird-priority_unspecified": Expected(
        uid="4092b6e9-03a5-194c-a69a-8e55e7aa59f2",
        created="20180417T164236",
        updated="20180417T164244",
        kept=("X-MOZ-GENERATION:1",),
    ),
    "thunderbird-reminder_50_days": Expected(
        uid="796d08f4-dd49-4749-94ba-6ce2ff0aae22",
        created="20220206T055100",
        updated="20220206T055130",
        start=chicago(2023, 2, 1, 23),
        reminders=(relative("-P50D"),),
    ),
    "thunderbird-reminder_after_end": Expected(
        uid=THUNDERBIRD_REMINDER,
        created="20220121T054934",
        updated="20220121T055843",
        due=chicago(2022, 1, 21, 13),
        reminders=(relative("PT15M", "due"),),
        kept=("X-MOZ-GENERATION:3", "SEQUENCE:1"),
    ),
    "thunderbird-reminder_after_start": Expected(
        uid=THUNDERBIRD_REMINDER,
        created="20220121T054934",
        updated="20220121T055642",
        start=chicago(2022, 1, 21, 13),
        due=chicago(2022, 1, 21, 13),
        reminders=(relative("PT15M"),),
        kept=("X-MOZ-GENERATION:1",),
    ),
    "thunderbird-reminder_at_start": Expected(
        uid="7d5eca48-9faa-294c-8155-052a4e49f342",
        created="20220205T213726",
        updated="20220205T213750",
        start=chicago(2022, 2, 5, 16),
        reminders=(relative("PT0S"),),
    ),
    "thunderbird-reminder_before_end": Expected(
        uid=THUNDERBIRD_REMINDER,
        created="20220121T054934",
        updated="20220121T055751",
        due=chicago(2022, 1, 21, 13),
        reminders=(relative("-PT15M", "due"),),
        kept=("X-MOZ-GENERATION:2", "SEQUENCE:1"),
    ),
    "thunderbird-reminder_before_start": Expected(
        uid=THUNDERBIRD_REMINDER,
        created="20220121T054934",
        updated="20220121T054956",
        start=chicago(2022, 1, 21, 13),
        due=chicago(2022, 1, 21, 13),
        reminders=(relative("-PT1H"),),
    ),
    "thunderbird-start_date_time": Expected(
        uid="bb7afc40-8800-bb44-be1d-48f3c2909580",
        created="20210112T165621",
        updated="20210112T165658",
        title="Start datetime test",
        start=chicago(2021, 1, 12, 11),
    ),
}

ALL = sorted(path.stem for path in VTODO.glob("*.ics"))
RECURRING = {
    "apple-repeat_daily",
    "thunderbird-completed_repeating_task",
    "thunderbird-repeat_daily",
    "thunderbird-repeat_until_date_time",
}


def test_every_file_is_looked_at():
    assert len(ALL) == 42
    assert set(ALL) == EXPECTED.keys() | RECURRING


@pytest.mark.parametrize("name", EXPECTED)
def test_each_field_is_right(name: str):
    expected = EXPECTED[name]
    found = task("icalendar", (VTODO / f"{name}.ics").read_bytes())
    assert found.uid == expected.uid
    assert found.title == expected.title
    assert found.description == expected.description
    assert found.priority == expected.priority
    assert found.start == expected.start
    assert found.due == expected.due
    assert found.reminders == expected.reminders
    assert found.created == at(expected.created)
    assert found.updated == at(expected.updated)
    assert found.completed == (at(expected.completed) if expected.completed else None)
    assert found.progress.value == ("completed" if expected.completed else "needs-action")
    assert found.percent_complete == (100 if expected.completed else 0)
    assert (found.tags, found.links, found.estimated_duration) == ((), (), None)
    kept = json.loads(dict(found.foreign).get("icalendar", "{}"))
    assert tuple(kept.get("properties", ())) == expected.kept


@pytest.mark.parametrize("name", ALL)
def test_nothing_has_to_be_remarked_on(name: str):
    assert [each.remarks for each in drafts("icalendar", (VTODO / f"{name}.ics").read_bytes())] in ([()], [(), ()])


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_icalendar_library_reads_in_the_export_what_it_read_in_the_file(name: str):
    original = (VTODO / f"{name}.ics").read_bytes()
    theirs, ours = (_todo(data) for data in (original, written("icalendar", task("icalendar", original))))
    for property_ in theirs:
        if property_ not in {"STATUS", "PERCENT-COMPLETE", "PRIORITY", "DTSTAMP", "LAST-MODIFIED", "CREATED"}:
            assert ours.get(property_) == theirs[property_], property_
    assert ours.get("PRIORITY", 0) == theirs.get("PRIORITY", 0)
    assert ours.get("PERCENT-COMPLETE", 0) == theirs.get("PERCENT-COMPLETE", 0)
    assert ours.get("STATUS") == theirs.get("STATUS", "NEEDS-ACTION")
    assert [alarm.to_ical() for alarm in ours.walk("VALARM")] == [alarm.to_ical() for alarm in theirs.walk("VALARM")]


@pytest.mark.parametrize("name", ALL)
def test_what_is_exported_is_read_as_the_same(name: str):
    original = (VTODO / f"{name}.ics").read_bytes()
    again = [_parts_of(each) for each in drafts("icalendar", _exported(original))]
    assert again == [_parts_of(each) for each in drafts("icalendar", original)]


def test_todoman_reads_every_export(tmp_path: Path):
    pytest.importorskip("todoman", reason="todoman is a development dependency")
    calendar = tmp_path / "calendars" / "tasks"
    calendar.mkdir(parents=True)
    for name in ALL:
        exported = _exported((VTODO / f"{name}.ics").read_bytes())
        # Many files hold the same task at different times; todoman would show it once.
        (calendar / f"{name}.ics").write_bytes(exported.replace(b"VTODO\r\nUID:", b"VTODO\r\nUID:%b-" % name.encode()))
    config = tmp_path / "config.py"
    config.write_text(f'path = "{tmp_path}/calendars/*"\ndate_format = "%Y-%m-%d"\ntime_format = "%H:%M"\n')
    environment = {**os.environ, "TODOMAN_CONFIG": str(config), "XDG_CACHE_HOME": str(tmp_path), "TZ": "UTC"}
    command = [sys.executable, "-m", "todoman", "--porcelain", "list", "--status", "ANY"]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert not answer.stderr.strip()
    listed = json.loads(answer.stdout)
    assert len(listed) == len(ALL)
    due = {each["summary"]: each["due"] for each in listed if each["due"]}
    assert due["All day task"] == int(datetime(2021, 2, 1, tzinfo=UTC).timestamp())
    assert due["New Task"] == int(datetime(2018, 4, 17, 19, tzinfo=UTC).timestamp())
    assert sum(each["completed"] for each in listed) == 2
    assert sorted(each["priority"] for each in listed)[-3:] == [9, 9, 9]
    assert all(len(each["summary"]) <= MAX_TITLE_LENGTH for each in listed)


def _exported(original: bytes) -> bytes:
    return written("icalendar", *(new_task_of(each, 1, at=NOW) for each in drafts("icalendar", original)))


def _parts_of(draft) -> tuple[object, ...]:
    changes = draft.changes
    said = [getattr(changes, name) for name in ("title", "description", "progress", "priority", "start", "due")]
    return (draft.uid, draft.created, draft.updated, draft.completed, draft.foreign, changes.reminders, *said)


def _todo(data: bytes):
    (found,) = Calendar.from_ical(data).walk("VTODO")
    return found


@pytest.mark.parametrize(
    ("name", "rule", "start", "due"),
    [
        ("apple-repeat_daily", "FREQ=DAILY", chicago(2018, 4, 17, 14), chicago(2018, 4, 17, 14)),
        ("thunderbird-repeat_daily", "FREQ=DAILY", chicago(2018, 4, 17, 17), None),
        ("thunderbird-completed_repeating_task", "FREQ=DAILY", chicago(2020, 12, 20, 17), chicago(2020, 12, 20, 17)),
        (
            "thunderbird-repeat_until_date_time",
            "FREQ=WEEKLY;UNTIL=20200731T160000Z;BYDAY=MO,TU,WE,TH,FR",
            chicago(2020, 7, 17, 11),
            None,
        ),
    ],
)
def test_how_it_comes_again_is_right(name: str, rule: str, start: CalendarTime, due: CalendarTime | None):
    read = drafts("icalendar", (VTODO / f"{name}.ics").read_bytes())
    found = new_task_of(read[0], 1, at=NOW)
    assert found.recurrence is not None
    assert found.recurrence.rule is not None
    assert found.recurrence.rule.text == rule
    assert (found.start, found.due) == (start, due)
    assert (found.recurrence.first, found.recurrence.current) == (start, start)
    assert f"\r\nRRULE:{rule}\r\n" in written("icalendar", found).decode()


def test_an_occurrence_that_was_done_is_a_task_of_its_own():
    master, done = drafts("icalendar", (VTODO / "thunderbird-completed_repeating_task.ics").read_bytes())
    assert done.occurrence_of == (master.uid, chicago(2020, 12, 20, 17))
    assert done.uid == occurrence_uid(master.uid, chicago(2020, 12, 20, 17))
    assert done.completed == at("20201220T220139")
