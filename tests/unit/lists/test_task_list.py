from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.lists.task_list import INBOX_NAME, TaskList, TaskListChanges

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def new(**changes: Any) -> TaskList:
    return TaskList.create(id=7, changes=TaskListChanges(**{"name": "Work", **changes}), at=NOON)


def test_a_new_list_is_open_and_has_no_revision_yet() -> None:
    assert new() == TaskList(id=7, name="Work", created=NOON, updated=NOON)


def test_a_new_list_needs_a_name() -> None:
    with pytest.raises(InvalidValue) as refused:
        TaskList.create(id=7, changes=TaskListChanges(), at=NOON)
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 501),
        ("name", "two\nlines"),
        ("name", None),
        ("colour", "red"),
        ("colour", "#fff"),
        ("colour", 5),
        ("description", "\0"),
        ("archived", 1),
        ("archived", None),
    ],
)
def test_a_value_that_breaks_its_rule_is_refused_by_name(field: str, value: Any) -> None:
    for attempt in (lambda: new(**{field: value}), lambda: new().change(TaskListChanges(**{field: value}), at=LATER)):
        with pytest.raises(InvalidValue) as refused:
            attempt()
        assert refused.value.field == field


def test_a_change_takes_time_and_no_change_does_not() -> None:
    changed = new().change(TaskListChanges(colour="#FFffFF", archived=True), at=LATER)
    assert (changed.colour, changed.archived, changed.created, changed.updated) == ("#ffffff", True, NOON, LATER)
    assert changed.change(TaskListChanges(name="Work", archived=True), at=LATER + timedelta(1)) is changed
    assert changed.change(TaskListChanges(colour=None), at=NOON).updated == LATER


def test_the_inbox_can_be_renamed_and_not_archived() -> None:
    inbox = TaskList.inbox()
    assert (inbox.id, inbox.name, inbox.created) == (INBOX, INBOX_NAME, None)
    renamed = inbox.change(TaskListChanges(name="Eingang"), at=NOON)
    assert (renamed.name, renamed.created, renamed.updated) == ("Eingang", NOON, NOON)
    with pytest.raises(InvalidValue) as refused:
        renamed.change(TaskListChanges(archived=True), at=LATER)
    assert refused.value.field == "archived"
