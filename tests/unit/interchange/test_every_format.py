"""What every format promises, for whatever tasks there are."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, reject
from icalendar import Calendar

from taskharbor.adapters.interchange.formats import FORMAT_NAMES, format_named
from taskharbor.application.interchange.apply_draft import changed_by, new_task_of
from taskharbor.application.ports.interchange import Skipped, TaskDraft, Unreadable
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.tasks.foreign_data import foreign_from
from taskharbor.domain.tasks.rank import rank_at
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.strategies.tasks import tasks
from unit.interchange.files import NOW, draft, losses, readings, task, written

TASKS = tasks().map(
    # A file takes away what it says is null, so nothing is filed as such.
    lambda task: replace(task, foreign=tuple((name, text) for name, text in task.foreign if text != "null"))
)
FOREVER = datetime.max.replace(tzinfo=UTC)
READ = [name for name in FORMAT_NAMES if name != "csv"]


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_a_format_that_does_not_keep_assignees_says_so(name: str):
    assigned = replace(task("todotxt", "Water the plants"), assignees=("ada", "bob"))
    if name == "jsonl":
        assert losses(name, assigned) == ()
        assert draft(name, written(name, assigned)).changes.assignees == ["ada", "bob"]
    else:
        assert "assignees" in losses(name, assigned)


@pytest.mark.parametrize("name", READ)
@share_of_effort(5)
@given(task=TASKS)
def test_what_it_writes_it_reads_and_there_is_nothing_new_in_it(name: str, task: Task):
    found = draft(name, written(name, task))
    assert found.uid == task.uid
    assert changed_by(task, found, draft(name, written(name, task)), at=task.updated) == task


@pytest.mark.parametrize("name", READ)
@share_of_effort(5)
@given(task=TASKS)
def test_what_was_read_from_it_is_written_as_it_was(name: str, task: Task):
    data = written(name, _by_itself(task))
    if (
        name == "todotxt" and draft(name, data).list_name
    ):  # a word of the title is a list there, which nobody makes here
        reject()
    try:
        again = new_task_of(draft(name, data), task.id, at=FOREVER)
    except InvalidValue:  # words of the title are more tags there than a task can have
        assert name == "todotxt"
        reject()
    assert written(name, again) == data or name == "todotxt"
    assert draft(name, written(name, again)) == draft(name, data)


@share_of_effort(5)
@given(task=TASKS)
def test_json_lines_lose_nothing(task: Task):
    found = new_task_of(draft("jsonl", written("jsonl", task)), task.id, at=FOREVER)
    assert found == _by_itself(task)


@share_of_effort(5)
@given(task=TASKS)
def test_icalendar_loses_nothing_but_assignees_fractions_of_a_second_and_kinds_of_line_breaks(task: Task):
    found = new_task_of(draft("icalendar", written("icalendar", task)), task.id, at=FOREVER)
    whole = {
        name: moment.replace(microsecond=0)
        for name in ("created", "updated", "completed")
        if (moment := getattr(task, name))
    }
    text = task.description.replace("\r\n", "\n").replace("\r", "\n") if task.description else None
    expected = replace(_by_itself(task), description=text or None, foreign=(), comments=(), last_comment_id=0, **whole)
    assert replace(found, foreign=(), comments=(), last_comment_id=0) == replace(expected, assignees=())
    assert [comment.text for comment in found.comments] == [comment.text for comment in task.comments]


@share_of_effort(5)
@given(task=TASKS)
def test_the_icalendar_library_reads_what_is_written(task: Task):
    (todo,) = Calendar.from_ical(written("icalendar", task)).walk("VTODO")
    assert todo["SUMMARY"] == task.title
    assert ("DUE" in todo) is (task.due is not None)
    assert len(todo.walk("VALARM")) == len(task.reminders)


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("piece", [1, 1000])
@share_of_effort(5)
@given(task=TASKS)
def test_pieces_make_no_difference(name: str, piece: int, task: Task):
    data = written(name, task, replace(task, uid="0190b1f4-1234-7abc-8def-0123456789ab"))
    assert readings(name, data, piece=piece) == readings(name, data)


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize(
    "junk", [b"\x00", b"\xff\xfe", b"{", b"[[[[", b'{"a":', b"BEGIN:VCALENDAR\nBEGIN:", b"x" * 999]
)
def test_junk_is_refused_at_its_place_or_is_a_task(name: str, junk: bytes):
    for found in readings(name, junk):
        assert isinstance(found, TaskDraft | Unreadable | Skipped)
        assert found.place.startswith("line ")


@pytest.mark.parametrize("name", FORMAT_NAMES)
@pytest.mark.parametrize(
    "data",
    [
        5,
        [],
        {"uid": 5, "properties": 7, "alarms": [3, {"lines": ["X\nBEGIN:VTODO"], "reminder": []}]},
        {"uid": "a\r\nEND:VTODO", "properties": ["X:1\r\nEND:VTODO", "BEGIN:VTODO", "", 5]},
        {"line": 5, "values": [1], "projects": {"a": 1}},
        {"line": "x\ny", "values": {"a b": ["c d"], "e": 4}, "projects": ["a b"]},
        {"uuid": 5, "tags": 7, "description": [], "status": {}, "start": 5},
    ],
)
def test_foreign_data_of_any_shape_breaks_no_file(name: str, data: object):
    task = Task.create(id=1, uid="0190b1f4-1234-7abc-8def-0123456789ab", title="Test", at=NOW)
    task = replace(task, foreign=foreign_from(dict.fromkeys(("icalendar", "todotxt", "taskwarrior"), data)))
    reader = format_named(name).reader()
    if reader is None:
        written(name, task)
        return
    (found,) = readings(name, written(name, task))
    assert isinstance(found, TaskDraft)
    assert found.changes.title == "Test"


def test_an_unknown_format_is_refused():
    with pytest.raises(InvalidValue, match="format: must be one of icalendar, taskwarrior, todotxt, jsonl, csv"):
        format_named("xml")


def _by_itself(task: Task) -> Task:
    """Return the task without what only a store knows of it."""
    return replace(
        task,
        list=INBOX,
        parent=None,
        depends_on=(),
        rank=rank_at(task.rank, task.id),
        occurrence_of=None,
        subtask_count=0,
        open_subtask_count=0,
        deleted=None,
    )
