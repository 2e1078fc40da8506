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
        ('{"title": "x", "colour": 5}', "line 1 (line.colour)", "is not known here"),
        ('{"title": "x", "uid": "y"}', "line 1 (uid)", "must be a UUID"),
        ('{"title": "x", "created": "yesterday"}', "line 1 (created)", "must be an instant in UTC"),
        (
            '{"title": "x", "created": "2026-12-01T09:00:00+02:00"}',
            "line 1 (created)",
            "must be an instant in UTC",
        ),
        ('{"title": "x", "foreign": []}', "line 1 (foreign)", "must be an object"),
        ('{"title": "x", "comments": [{"text": 5}]}', "line 1 (comments[0].text)", "must be a string"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(line: str, place: str, reason: str):
    found = refusal("jsonl", line)
    assert (found.place, found.reason[: len(reason)]) == (place, reason)


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
