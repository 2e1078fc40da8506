"""What odd calendars become, that they come out again, and that taking them twice changes nothing."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.interchange.apply_draft import new_task_of
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, Zoned
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from unit.interchange.files import NOW, drafts, task, vtodo, written
from unit.interchange.odd_calendars import ALARMS, ODD, UNKNOWN, alarm


def made(name: str) -> dict[str, Task]:
    return {each.changes.title: new_task_of(each, 1, at=NOW) for each in drafts("icalendar", ODD[name])}  # type: ignore[misc]  # titles are


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ODD)
async def test_taking_it_twice_changes_nothing_and_its_export_says_the_same(name: str, line_break: str):
    data = b"\xef\xbb\xbf" + ODD[name].replace("\n", line_break).encode()
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        first = await harbor.import_tasks(data, format="icalendar")
        assert first.refused == 0
        second = await harbor.import_tasks(data, format="icalendar")
        assert (second.created, second.updated) == (0, 0)
        for own in ("jsonl", "icalendar"):
            exported = b"".join([piece async for piece in harbor.export_tasks(format=own)])
            third = await harbor.import_tasks(exported, format=own)
            assert (third.created, third.updated, third.refused) == (0, 0, 0)
    assert len(Calendar.from_ical(exported).walk("VTODO")) == first.created
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await harbor.import_tasks(exported, format="icalendar")
        again = b"".join([piece async for piece in harbor.export_tasks(format="icalendar")])
    assert again == exported


def test_synology_says_it_twice_and_the_status_counts():
    found = made("synology")["Date"]
    assert found.progress is Progress.COMPLETED
    assert (found.start, found.due) == (AllDay(date(2019, 1, 12)), AllDay(date(2019, 1, 12)))
    assert b"\r\nPERCENT_COMPLETE:100\r\n" in written("icalendar", found)


def test_old_nextcloud_has_instants_without_a_zone():
    found = made("old nextcloud")["Fourth"]
    assert found.completed == datetime(2017, 11, 16, 1, 14, 47, tzinfo=UTC)


def test_tasks_org_repeats_in_a_zone_that_it_does_not_describe():
    found = made("tasks.org")["Test task"]
    assert found.due == Zoned(datetime(2026, 8, 14, 11, 0, 1), "Asia/Ho_Chi_Minh")  # noqa: DTZ001
    assert found.recurrence is not None
    assert [each.as_json()["offset"] for each in found.reminders] == ["PT0S", "P1D"]


def test_only_the_first_parent_is_one_and_children_are_kept():
    _, child, grandchild = drafts("icalendar", ODD["family"])
    assert isinstance(child.parent, str)
    assert grandchild.parent == child.uid
    assert grandchild.foreign["icalendar"]["properties"] == [  # type: ignore[index, call-overload]  # JSON
        "RELATED-TO;RELTYPE=SIBLING:OTHER",
        "RELATED-TO;RELTYPE=PARENT:ROOT",
    ]


@pytest.mark.parametrize(
    ("title", "moment"),
    [
        ("1", Zoned(datetime(2026, 7, 1, 10, 30), "Europe/Berlin")),  # noqa: DTZ001
        ("2", Zoned(datetime(2026, 7, 1, 9), "Europe/Paris")),  # noqa: DTZ001
        ("3", Zoned(datetime(2026, 7, 1, 9), "Asia/Calcutta")),  # noqa: DTZ001
        ("5", Zoned(datetime(2026, 7, 1, 9), "UTC")),  # noqa: DTZ001
    ],
)
def test_zones_of_microsoft_are_known(title: str, moment: Zoned):
    assert made("microsoft")[title].due == moment


@pytest.mark.parametrize(
    ("name", "rdate", "exdate"),
    [
        ("dates", ["2026-01-10", "2026-01-12", "2026-01-20"], ["2026-01-02", "2026-01-03", "2026-01-04"]),
        ("times in zones", ["2026-01-10T09:00:00"], ["2026-01-02T09:00:00", "2026-01-03T09:00:00"]),
        ("floating times", [], ["2026-01-03T09:00:00", "2026-01-04T09:00:00"]),
    ],
)
def test_dates_of_a_series_in_another_form_mean_its_occurrences(name: str, rdate: list[str], exdate: list[str]):
    recurrence = made(name)["e"].recurrence
    assert recurrence is not None
    assert [each.local for each in recurrence.rdate] == rdate
    assert [each.local for each in recurrence.exdate] == exdate


def test_a_rule_that_begins_at_no_time_is_kept():
    found = made("rules")["no start"]
    assert found.recurrence is None
    assert b"\r\nRRULE:FREQ=DAILY\r\n" in written("icalendar", found)


def test_a_second_rule_is_kept():
    assert b"\r\nRRULE:FREQ=DAILY\r\nRRULE:FREQ=WEEKLY\r\n" in written("icalendar", made("rules")["two"])


def test_each_calendar_of_a_file_names_its_own_list():
    assert [each.list_name for each in drafts("icalendar", ODD["twice"])][-2:] == ["Two", "Three"]


PARAMETERS = [
    'SUMMARY;ALTREP="cid:x";LANGUAGE=de:Grüße\\, Welt\\; a\\\\b:c',
    'DESCRIPTION;ALTREP="data:text/html,%3Cb%3E";FMTTYPE=text/html:x\\nY',
    "CATEGORIES;LANGUAGE=en:a\\,b,c,,d\\;e",
    "COMMENT;LANGUAGE=fr:salut",
    "PRIORITY;X-A=b:3",
    "STATUS;X-S=1:IN-PROCESS",
    "PERCENT-COMPLETE;X-P=2:40",
    "DUE;X-FOO=1;TZID=Europe/Berlin:20260101T090000",
]


@pytest.mark.parametrize("line", [*PARAMETERS, *UNKNOWN])
def test_parameters_survive_and_so_does_what_is_unknown(line: str):
    (found,) = made("parameters").values()
    assert f"\r\n{line}\r\n" in written("icalendar", found).replace(b"\r\n ", b"").decode()


def test_parameters_go_when_the_value_is_another():
    (found,) = made("parameters").values()
    changed = written("icalendar", found.complete(at=NOW))
    assert b"\r\nSTATUS:COMPLETED\r\n" in changed
    assert b"\r\nPRIORITY;X-A=b:3\r\n" in changed


@pytest.mark.parametrize("lines", ALARMS)
def test_whatever_an_alarm_says_comes_out_again(lines: tuple[str, ...]):
    found = task("icalendar", vtodo(alarm(*lines)))
    assert alarm(*lines).replace("\n", "\r\n") in written("icalendar", found).decode()


def test_components_that_are_no_alarms_are_kept():
    participant = ["BEGIN:PARTICIPANT", "UID:1", "BEGIN:VLOCATION", "UID:2", "END:VLOCATION", "END:PARTICIPANT"]
    found = task("icalendar", vtodo(*participant))
    assert "\r\n".join(participant) in written("icalendar", found).decode()
    assert task("icalendar", written("icalendar", found)) == found


@pytest.mark.parametrize(
    "kept",
    [
        {"components": [["BEGIN:X", "END:VTODO", "END:X"], ["BEGIN:VTODO", "END:VTODO"], ["BEGIN:X"], 5]},
        {"alarms": [{"reminder": None, "lines": ["END:VALARM", "BEGIN:VTODO"]}]},
        {"parameters": [{"name": "SUMMARY", "digest": 5, "parameters": ";X=1"}, 7]},
        {"categories": ["CATEGORIES:x\r\nEND:VTODO", "BEGIN:VTODO", 5]},
    ],
)
def test_foreign_data_that_would_break_the_calendar_is_left_out(kept: object):
    found = task("icalendar", vtodo())
    broken = replace(found, foreign=(("icalendar", json.dumps(kept)),))
    (todo_,) = Calendar.from_ical(written("icalendar", broken)).walk("VTODO")
    assert todo_["SUMMARY"] == "Test"


def test_parameters_of_any_form_break_no_line():
    digest = json.loads(dict(task("icalendar", vtodo().replace("SUMMARY:", "SUMMARY;X=1:")).foreign)["icalendar"])
    digest["parameters"][0]["parameters"] = ";X=1:evil"
    broken = replace(task("icalendar", vtodo()), foreign=(("icalendar", json.dumps(digest)),))
    assert b"\r\nSUMMARY:Test\r\n" in written("icalendar", broken)
