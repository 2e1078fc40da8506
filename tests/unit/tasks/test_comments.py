from datetime import UTC, datetime, timedelta

import pytest

from taskharbor.domain.errors import CommentNotFound, InvalidValue
from taskharbor.domain.tasks.comment import Comment
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
TASK = Task.create(id=1, uid=Uid("0190b1f4-1234-7abc-8def-0123456789ab"), title="a task", at=NOON)


def test_a_comment_says_who_said_what_and_when() -> None:
    task = TASK.add_comment("  *mine* ", author=" Zoë ", at=LATER)
    assert task.comments == (Comment(id=1, text="*mine*", author="Zoë", created=LATER, updated=LATER),)
    assert (task.updated, task.last_comment_id) == (LATER, 1)


def test_an_edit_keeps_who_said_it_and_when_it_was_first_said() -> None:
    task = TASK.add_comment("mine", author="Zoë", at=NOON).add_comment("another", at=NOON)
    edited = task.edit_comment(1, "ours", at=LATER)
    assert edited.comments[0] == Comment(id=1, text="ours", author="Zoë", created=NOON, updated=LATER)
    assert edited.comments[1] == task.comments[1]
    assert edited.updated == LATER


def test_an_edit_that_changes_nothing_is_none() -> None:
    task = TASK.add_comment("mine", at=NOON)
    assert task.edit_comment(1, " mine ", at=LATER) is task


def test_the_number_of_a_deleted_comment_is_not_given_again() -> None:
    task = TASK.add_comment("one", at=NOON).add_comment("two", at=NOON).delete_comment(2, at=LATER)
    assert [comment.id for comment in task.add_comment("three", at=LATER).comments] == [1, 3]


def test_a_comment_that_is_not_there_is_not_found() -> None:
    task = TASK.add_comment("one", at=NOON)
    with pytest.raises(CommentNotFound):
        task.edit_comment(2, "text", at=LATER)
    with pytest.raises(CommentNotFound):
        task.delete_comment(0, at=LATER)


@pytest.mark.parametrize(
    ("text", "author", "field"), [(5, None, "text"), ("", None, "text"), ("x", "", "author"), ("x", 5, "author")]
)
def test_what_breaks_a_rule_is_refused_by_name(text: object, author: object, field: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        TASK.add_comment(text, author=author, at=NOON)
    assert refused.value.field == field
