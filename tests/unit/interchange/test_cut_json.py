"""Of JSON that was cut off, or is broken somewhere, what is whole before that is read."""

import json
import re

import pytest

from taskharbor.adapters.interchange.apps.cut_json import whole_part
from taskharbor.application.ports.interchange import TaskDraft, Unreadable
from unit.interchange.files import readings
from unit.interchange.test_apps import FILES

OF_JSON = ("google_tasks", "trello", "microsoft_todo", "super_productivity")


def taken(format: str, data: bytes) -> tuple[dict[str, str], list[str]]:
    """Return the titles of the tasks that are read, by uid, and what could not be read."""
    found = readings(format, data, piece=10_000)
    tasks = {each.uid: str(each.changes.title) for each in found if isinstance(each, TaskDraft)}
    return tasks, [each.reason for each in found if isinstance(each, Unreadable) and each.place == "file"]


@pytest.mark.parametrize("format", OF_JSON)
def test_wherever_a_file_is_cut_its_whole_tasks_come_in_and_the_report_counts_the_rest(format: str):
    data = FILES[format]
    whole, nothing = taken(format, data)
    assert nothing == []
    before: set[str] = set()
    for end in range(1, len(data)):
        some, unread = taken(format, data[:end])
        assert some.items() <= whole.items(), data[:end]
        assert {*some} >= before
        before = {*some}
        assert unread
        counted = re.search(r"the last ([0-9,]+) bytes were not read", unread[-1])
        assert not some or (counted and 0 <= int(counted[1].replace(",", "")) <= end)
    assert before == {*whole}


@pytest.mark.parametrize("format", OF_JSON)
def test_what_is_broken_ends_only_itself_and_what_follows(format: str):
    data = FILES[format]
    whole, _ = taken(format, data)
    for place in range(0, len(data), 7):
        some, _ = taken(format, data[:place] + b"\0" + data[place:])
        assert some.items() <= whole.items()


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ('{"items": [{"a": 1}, {"b": "}, ', '{"items": [{"a": 1}]}'),
        ('{"items": [{"a": 1}, {"items": [{"b": 2}, {"c', '{"items": [{"a": 1}, {"items": [{"b": 2}]}]}'),
        ('{"items": [{"a": [{"items": [{}, {', None),
        ('[{"x": "\\\\"}, {"y": "\\', '[{"x": "\\\\"}]'),
        ('{"other": [{"a": 1}, {', None),
        ("", None),
        ("]", None),
        ("[" * 1000, None),
    ],
)
def test_what_is_whole_ends_with_the_last_item(text: str, whole: str | None):
    found = whole_part(text, {"items"})
    assert (found and found[0]) == whole
    assert whole is None or json.loads(whole)


def test_a_file_that_is_cut_within_a_character_is_read_up_to_it():
    data = '[{"id": "a", "title": "Käse"}, {"id": "b", "title": "ä'.encode()[:-1]
    some, unread = taken("microsoft_todo", data)
    assert list(some.values()) == ["Käse"]
    assert "the last 25 bytes were not read" in unread[0]
