"""What of a value a task cannot hold goes out again as it came, in a file that its format allows."""

import json
import re
from dataclasses import replace

import pytest
from icalendar import Calendar

from taskharbor.adapters.interchange.apps.app_task import AppTask
from taskharbor.application.interchange.apply_draft import new_task_of
from taskharbor.application.ports.interchange import ListDraft, ReferenceNames, TaskDraft
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.values.uid import uid_named
from unit.interchange.files import NOW, draft, lists, readings, task, vtodo, written

UID = "3b9d3c1e-7d0a-4a0c-8f55-0d2f8f3c1a11"
LONG = "x" * 501
CUT = "x" * 499 + "…"


def calendar(*lines: str) -> str:
    return vtodo(*lines).replace("SUMMARY:Test\r\n", "") if lines[0].startswith("SUMMARY") else vtodo(*lines)


@pytest.mark.parametrize(
    ("line", "says", "goes_out"),
    [
        ("SUMMARY:Ring\x07the\x1b bell", "SUMMARY:Ring the  bell", "SUMMARY:Ring%07the%1B bell"),
        ("SUMMARY;LANGUAGE=en:100\x0b%", "SUMMARY;LANGUAGE=en:100 %", "SUMMARY\\;LANGUAGE=en:100%0B%25"),
        ("SUMMARY:\x07", "SUMMARY:", "SUMMARY:%07"),
        ("DESCRIPTION:a\\, b\x08\\nc", "DESCRIPTION:a\\, b\\nc", "DESCRIPTION:a\\\\\\, b%08\\\\nc"),
        ("COMMENT;LANGUAGE=en:a\x07b", "COMMENT;LANGUAGE=en", "COMMENT\\;LANGUAGE=en"),
        ("CATEGORIES:fine,a\x07b", "CATEGORIES:fine", "CATEGORIES:a%07b"),
        ("X-TASKHARBOR-LIST:Er\x07rands", "X-TASKHARBOR-LIST:Errands", "X-TASKHARBOR-LIST:Er%07rands"),
        ("X-OTHER:a\x07b", "X-OTHER:ab", "X-OTHER:a%07b"),
        ("CREATED:yesterday", "CREATED:2026", "CREATED:yesterday"),
        ("LAST-MODIFIED:20261301", "LAST-MODIFIED:2026", "LAST-MODIFIED:20261301"),
        ("COMPLETED:\x07", "COMPLETED:2026", "COMPLETED:%07"),
    ],
)
def test_a_calendar_says_beside_a_line_how_it_came(line: str, says: str, goes_out: str):
    found = draft("icalendar", calendar(line))
    name = re.split("[;:]", line)[0]
    assert line.startswith("X-OTHER") or [f"({name})" in each or "no SUMMARY" in each for each in found.remarks] == [
        True
    ]
    made = new_task_of(found, 1, at=NOW)
    names = ReferenceNames()
    if isinstance(found.list_name, str):
        made, names = replace(made, list=7), lists(**{found.list_name: 7})
    exported = written("icalendar", made, names=names)
    unfolded = exported.decode().replace("\r\n ", "")
    assert says in unfolded
    assert f"X-TASKHARBOR-ORIGINAL:{goes_out}" in unfolded
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", exported)
    again = draft("icalendar", exported)
    assert again.foreign == found.foreign
    assert again.changes == found.changes
    assert again.list_name == (found.list_name if names.lists else again.list_name)
    assert written("icalendar", replace(new_task_of(again, 1, at=NOW), list=made.list), names=names) == exported
    (todo,) = Calendar.from_ical(exported).walk("VTODO")
    assert todo["UID"] == UID


def test_what_another_program_has_changed_since_is_what_it_says_now():
    exported = written("icalendar", task("icalendar", calendar("SUMMARY:Ring\x07bell"))).decode()
    edited = draft("icalendar", exported.replace("SUMMARY:Ring bell", "SUMMARY:Ring twice", 1))
    assert edited.changes.title == "Ring twice"
    assert edited.foreign == {"icalendar": None}
    changed = replace(task("icalendar", calendar("SUMMARY:Ring\x07bell")), title="Ring twice")
    assert b"ORIGINAL" not in written("icalendar", changed)


@pytest.mark.parametrize("name", ["BEGIN", "B\x07EGIN", "\x1bEND"])
def test_an_original_opens_and_closes_nothing(name: str):
    made = replace(task("icalendar", vtodo()), foreign=(("icalendar", json.dumps({"properties": [f"{name}:VTODO"]})),))
    assert written("icalendar", made).count(b"VTODO") == 2


def test_the_name_of_a_calendar_that_is_too_long_is_cut_and_said_once():
    data = vtodo().replace("BEGIN:VTODO", f"X-WR-CALNAME:{LONG}\r\nBEGIN:VTODO", 1)
    found = draft("icalendar", data)
    assert found.list_name == CUT
    assert found.remarks == ("line 4 (X-WR-CALNAME): it is cut to what the name of a list can be, and not kept",)


@pytest.mark.parametrize(
    "members",
    [
        {"title": "Ring\x07bell"},
        {"title": LONG},
        {"title": 5},
        {"description": "a\x07b"},
        {"comments": [{"text": "fine"}, {"text": "a\x07b"}]},
        {"tags": ["fine", "a\x07b"]},
        {"list_name": f"{LONG}"},
        {"list_name": "Er\x07rands"},
        {"created": "yesterday"},
        {"updated": 5},
        {"completed": "20261301", "progress": "completed"},
    ],
)
def test_a_line_of_json_says_again_how_it_came(members: dict[str, object]):
    data = json.dumps({"uid": UID, "title": "Test"} | members)
    found = draft("jsonl", data)
    name, value = next(iter(members.items()))
    assert [each.startswith(f"line 1 ({name})") for each in found.remarks] == [True]
    made = new_task_of(found, 1, at=NOW)
    names = ReferenceNames()
    if isinstance(found.list_name, str):
        made, names = replace(made, list=7), ReferenceNames(lists={INBOX: "Inbox", 7: found.list_name})
    exported = written("jsonl", made, names=names)
    out = json.loads(exported)
    if name == "comments":
        assert [each["text"] for each in out["comments"]] == ["fine", "a\x07b"]
    else:
        assert value == out["foreign"]["jsonl"][name] if name in {"created", "updated", "completed"} else out[name]
    again = draft("jsonl", exported)
    assert not names.lists or again.list_name == found.list_name
    remade = replace(new_task_of(again, 1, at=NOW), list=made.list)
    assert remade == made or (name == "comments" and replace(remade, foreign=made.foreign) == made)
    assert written("jsonl", remade, names=names) == exported


def test_what_a_task_says_otherwise_since_is_all_that_a_line_of_json_says():
    made = replace(task("jsonl", json.dumps({"title": LONG, "created": "yesterday"})), title="Short")
    out = json.loads(written("jsonl", made))
    assert (out["title"], out["foreign"]) == ("Short", {"jsonl": {"created": "yesterday"}})


@pytest.mark.parametrize(("name", "taken"), [(LONG, CUT), ("Er\x07rands", "Er rands")])
def test_a_list_of_json_lines_whose_name_cannot_be_taken_comes_in_with_what_can(name: str, taken: str):
    (found,) = readings("jsonl", json.dumps({"kind": "list", "name": name, "colour": "#ff0000"}))
    assert isinstance(found, ListDraft)
    assert (found.changes.name, found.changes.colour) == (taken, "#ff0000")
    assert found.remarks[0].startswith("line 1 (name): it is cut to what the name of a list can be")


@pytest.mark.parametrize(
    ("members", "goes_out"),
    [
        ({"description": "Ring\x07bell"}, "Ring\x07bell"),
        ({"project": "Er\x07rands"}, "Er\x07rands"),
        ({"project": LONG}, LONG),
        ({"tags": ["fine", "a\x07b"]}, ["fine"]),
        ({"annotations": [{"description": "fine"}, {"description": "a\x07b"}]}, ["fine", "a\x07b"]),
        ({"annotations": [{"description": "x" * 16_999}]}, ["x" * 16_999]),
    ],
)
def test_taskwarrior_gets_a_text_as_it_came(members: dict[str, object], goes_out: object):
    found = draft("taskwarrior", json.dumps({"uuid": UID, "description": "Test", "status": "pending"} | members))
    (name,) = members
    assert [f"({name}" in each and "kept" in each for each in found.remarks] == [True]
    made = new_task_of(found, 1, at=NOW)
    names = ReferenceNames()
    if isinstance(found.list_name, str):
        made, names = replace(made, list=7), ReferenceNames(lists={INBOX: "Inbox", 7: found.list_name})
    exported = written("taskwarrior", made, names=names)
    (out,) = json.loads(exported)
    assert goes_out == ([each["description"] for each in out[name]] if name == "annotations" else out[name])
    assert draft("taskwarrior", exported).changes == found.changes
    renamed = replace(made, title="Other", comments=(), list=INBOX, tags=())
    assert members.items().isdisjoint(json.loads(written("taskwarrior", renamed))[0].items()) or name == "tags"


@pytest.mark.parametrize(
    "members",
    [
        {"entry": "yesterday"},
        {"modified": 5},
        {"end": "20261301", "status": "completed"},
        {"annotations": [{"description": "a", "entry": "yesterday"}]},
    ],
)
def test_a_date_that_taskwarrior_would_refuse_is_kept_and_does_not_go_out(members: dict[str, object]):
    found = draft("taskwarrior", json.dumps({"uuid": UID, "description": "Test", "status": "pending"} | members))
    name, value = next(iter(members.items()))
    assert found.foreign["taskwarrior"] == {name: value}
    assert [f"({name}" in each and "kept" in each for each in found.remarks] == [True]
    assert b"yesterday" not in written("taskwarrior", new_task_of(found, 1, at=NOW))


@pytest.mark.parametrize(
    "line", ["Ring a\x07bell", f"Call +{LONG}", "Call +Er\x07rands +more", "x 2026-13-01 Call", "Go @a\x07b"]
)
def test_a_line_of_todotxt_goes_out_as_it_came(line: str):
    found = draft("todotxt", f"{line} uid:{UID}")
    assert found.remarks[0].startswith("line 1: ")
    made = new_task_of(found, 1, at=NOW)
    names = ReferenceNames()
    if isinstance(found.list_name, str):
        made, names = replace(made, list=7), ReferenceNames(lists={INBOX: "Inbox", 7: found.list_name})
    assert written("todotxt", made, names=names).decode() == f"{line} uid:{UID}\n"


@pytest.mark.parametrize("odd", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_what_others_take_for_the_end_of_a_line_of_todotxt_is_said_and_not_kept(odd: str):
    found = draft("todotxt", f"Ring{odd}bell uid:{UID}")
    assert found.changes.title == "Ring bell"
    assert len(found.remarks) == 1
    assert written("todotxt", new_task_of(found, 1, at=NOW)).decode().splitlines()[0].startswith("2026-11-25 Ring bell")


def test_texts_of_an_app_that_a_task_cannot_hold_are_kept_and_said():
    made = AppTask("trello", "line 3", uid_named("a"))
    made.text("Ring\x07bell", "a\x07b")
    made.tags(["fine", "a\x07b"])
    made.comment("a\x07b")
    made.comment("fine")
    made.list_name = "Er\x07rands"
    found = made.draft()
    assert isinstance(found, TaskDraft)
    assert found.list_name == "Er rands"
    assert found.foreign["trello"] == {
        "title": "Ring\x07bell",
        "description": "a\x07b",
        "tags": "a\x07b",
        "comment": ["a\x07b"],
        "list": "Er\x07rands",
    }
    assert [each.partition(": ")[0] for each in found.remarks] == [
        f"line 3 ({name})" for name in ("title", "description", "tags", "comment", "list")
    ]


def test_a_calendar_with_all_of_it_is_the_same_when_it_is_read_again():
    lines = [
        "CREATED:yesterday",
        "X-A:1\x07",
        "COMPLETED:5",
        "CATEGORIES:fine,a\x07b",
        "COMMENT:c\x07d",
        "COMMENT:fine",
    ]
    found = draft("icalendar", vtodo(*lines, "LAST-MODIFIED:today"))
    again = draft("icalendar", written("icalendar", new_task_of(found, 1, at=NOW)))
    assert (again.foreign, again.changes) == (found.foreign, found.changes)
    assert [each.text for each in again.comments] == ["cd", "fine"]
