"""Our own formats."""

import csv
import io
import json
from dataclasses import replace

import pytest

from taskharbor.domain.tasks.foreign_data import foreign_from
from taskharbor.domain.tasks.task import Task
from unit.interchange.files import NOW, draft, lists, losses, refusal, task, written

UID = "0190b1f4-1234-7abc-8def-0123456789ab"


def made(**fields: object) -> Task:
    return replace(Task.create(id=1, uid=UID, title="Test", at=NOW), **fields)


def test_a_line_needs_no_more_than_a_title():
    found = task("jsonl", '{"title": "x"}')
    assert (found.title, found.created) == ("x", NOW)


def test_comments_keep_their_numbers_and_foreign_data_its_shape():
    before = made().add_comment("first", author="Ann", at=NOW).add_comment("second", author=None, at=NOW)
    before = before.delete_comment(2, at=NOW)
    before = replace(before, foreign=foreign_from({"icalendar": {"properties": ["X-A:1"]}, "other": [1, None]}))
    assert task("jsonl", written("jsonl", before)) == before


def test_the_names_of_what_has_numbers_go_along():
    line = json.loads(written("jsonl", made(list=7), names=lists(Errands=7)))
    assert (line["list_name"], line["parent_uid"], line["depends_on_uids"]) == ("Errands", None, [])


@pytest.mark.parametrize(
    ("line", "place", "reason"),
    [
        ("{", "line 1", "it is not JSON"),
        ("[]", "line 1 (line)", "must be an object with"),
        ("{}", "line 1 (title)", "is required"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(line: str, place: str, reason: str):
    found = refusal("jsonl", line)
    assert (found.place, found.reason[: len(reason)]) == (place, reason)


@pytest.mark.parametrize(
    ("members", "remark"),
    [
        ({"colour": 5}, "line 1 (colour): is not known: kept, and not read"),
        ({"created": "yesterday"}, "line 1 (created): must be an instant in UTC"),
        ({"created": "2026-12-01T09:00:00+02:00"}, "line 1 (created): must be an instant in UTC"),
        ({"foreign": []}, "line 1 (foreign): must be an object"),
        ({"comments": [{"text": 5}]}, "line 1 (comments): must be a string: kept, and not read"),
        ({"priority": "high"}, "line 1 (priority): must be an integer"),
        (
            {"recurrence": {"rrule": "FREQ=MINUTELY"}, "start": {"date": "2026-12-01"}},
            "line 1 (recurrence): FREQ must be",
        ),
        ({"due": {"date": "2026-02-30"}}, "line 1 (due): does not exist"),
        ({"start": {"date": "2026-02-02"}, "due": {"date": "2026-01-01"}}, "line 1 (start): must not be after due"),
        ({"progress": "later"}, "line 1 (progress): must be one of"),
        ({"rank": "?"}, "line 1 (rank): "),
        ({"tags": ["a", "b" * 65]}, "line 1 (tags): must have at most 64 characters"),
    ],
)
def test_no_task_is_lost_for_the_sake_of_one_member_which_comes_out_again(members: dict[str, object], remark: str):
    line = json.dumps({"title": "x"} | members)
    found = draft("jsonl", line)
    assert [each[: len(remark)] for each in found.remarks] == [remark]
    again = json.loads(written("jsonl", task("jsonl", line)))
    name = remark.partition("(")[2].partition(")")[0]
    assert again["title"] == "x"
    assert again[name] == members[name] or name in {"created", "progress", "rank", "tags"}
    assert task("jsonl", json.dumps(again)) == task("jsonl", json.dumps(again))


def test_a_uid_that_is_no_uuid_gets_one_that_is_always_the_same():
    one, other = (draft("jsonl", json.dumps({"title": title, "uid": "mine"})) for title in ("a", "b"))
    assert one.uid == other.uid


def test_a_table_has_a_heading_and_a_row_for_each_task():
    data = written("csv", made(description='a,\n"b"', list=7), names=lists(Errands=7))
    heading, row = csv.reader(io.StringIO(data.decode(), newline=""))
    found = dict(zip(heading, row, strict=True))
    assert (found["title"], found["description"], found["list"], found["uid"]) == ("Test", 'a,\n"b"', "Errands", UID)


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)"])
def test_no_cell_is_a_formula(title: str):
    row = list(csv.reader(io.StringIO(written("csv", made(title=title)).decode(), newline="")))[1]
    assert row[2] == f"'{title}"


def test_what_a_table_cannot_hold_is_said():
    commented = made(foreign=foreign_from({"icalendar": {}})).add_comment("first", author=None, at=NOW)
    assert losses("csv", commented) == ("comments", "what icalendar programs say of it")


def test_a_uid_is_made_of_a_line_that_has_none():
    assert draft("jsonl", '{"title": "x"}').uid == draft("jsonl", ' {"title": "x"}\n').uid


@pytest.mark.parametrize("title", [None, 5, True, ["a"], {"a": 1}])
def test_a_task_whose_title_is_no_text_comes_in_without_it(title: object):
    found = draft("jsonl", json.dumps({"uid": "a", "title": title, "description": "d"}))
    assert (found.changes.title, found.changes.description) == ("Untitled", "d")
    assert found.remarks == ("line 1 (title): must be a string: kept, and not read",)
    assert found.foreign["jsonl"] == {"title": title}
