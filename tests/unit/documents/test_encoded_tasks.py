"""Tasks in one text behave as a list of them that nobody can change."""

from collections.abc import MutableSequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.documents.encoded_tasks import ITEM_SEPARATOR, EncodedTasks, joined
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.testing.strategies.tasks import tasks

VIEWS = st.lists(
    st.builds(
        lambda task, revision, blocked: TaskView.of(task.committed(revision), blocked=blocked),
        tasks(),
        st.integers(1, 2**53 - 1),
        st.booleans(),
    ),
    max_size=4,
)
PLACES = st.none() | st.integers(-6, 6)


def made_of(views: list[TaskView]) -> EncodedTasks:
    return EncodedTasks(joined(views), len(views))


@given(views=VIEWS)
def test_it_is_equal_to_a_list_of_its_tasks(views: list[TaskView]) -> None:
    assert made_of(views) == views
    assert views == made_of(views)
    assert made_of(views) == made_of(views)
    assert made_of(views) != [*views, None]
    assert made_of(views) != tuple(views)
    assert repr(made_of(views)) == repr(views)


@given(views=VIEWS)
def test_each_task_tells_the_same_text_again(views: list[TaskView]) -> None:
    assert [view.as_json() for view in made_of(views)] == [view.as_json() for view in views]
    assert joined(made_of(views)) == joined(list(made_of(views)))


@given(views=VIEWS, begin=PLACES, end=PLACES, step=st.sampled_from([None, 1, 2, -1]))
def test_any_part_of_it_is_that_part_of_the_list(
    views: list[TaskView], begin: int | None, end: int | None, step: int | None
) -> None:
    part = slice(begin, end, step)
    new, looked_at = made_of(views), made_of(views)
    assert len(looked_at) == len(list(looked_at))
    for found in (new[part], looked_at[part]):
        assert found == views[part]
        assert len(found) == len(views[part])
        assert joined(found) == joined(views[part])


@given(views=VIEWS, place=st.integers(-5, 5))
def test_a_place_in_it_is_that_place_in_the_list(views: list[TaskView], place: int) -> None:
    if -len(views) <= place < len(views):
        assert made_of(views)[place] == views[place]
    else:
        with pytest.raises(IndexError):
            made_of(views)[place]


@given(views=VIEWS, limit=st.integers(1, 5))
def test_a_page_of_it_is_the_page_of_the_list(views: list[TaskView], limit: int) -> None:
    assert TaskPage.of(made_of(views), limit) == TaskPage.of(views, limit)


@given(views=VIEWS)
def test_a_task_is_made_once_however_often_it_is_read(views: list[TaskView]) -> None:
    tasks = made_of(views)
    looked_at = list(tasks)
    assert all(one is other for one, other in zip(looked_at, tasks, strict=True))
    assert all(tasks[n] is task for n, task in enumerate(looked_at))
    assert not looked_at or tasks[-1] is looked_at[-1]


def test_nobody_can_change_it() -> None:
    assert not issubclass(EncodedTasks, MutableSequence)


def test_the_digest_is_made_of_the_text_once() -> None:
    one, other = EncodedTasks(b'{"id":1}', 1), EncodedTasks(b'{"id":2}', 1)
    made: list[bytes] = []

    def digest_of(text: bytes) -> bytes:
        made.append(text)
        return sha256(text).digest()

    assert one.digest(digest_of) == sha256(b'{"id":1}').digest() == one.digest(digest_of)
    assert other.digest(digest_of) != one.digest(digest_of)
    assert made == [b'{"id":1}', b'{"id":2}']


def test_the_same_beginning_is_the_same_object() -> None:
    tasks = EncodedTasks(ITEM_SEPARATOR.join([b'{"id":1}', b'{"id":2}', b'{"id":3}']), 3)
    assert tasks[:2] is tasks[:2]
    assert tasks[:1].text == b'{"id":1}'
    assert tasks[:2].text == b'{"id":1},\n{"id":2}'
    assert tasks[:3] is tasks
