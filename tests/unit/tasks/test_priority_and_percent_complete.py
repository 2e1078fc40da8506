"""Priority, and percent complete with its coherence with progress."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.priority import level_of, priority_from
from taskharbor.domain.tasks.progress import Progress, is_coherent, percent_at, percent_complete_from, progress_at

percents = st.integers(0, 100)
progresses = st.sampled_from(Progress)


@pytest.mark.parametrize("value", range(10))
def test_a_priority_is_0_to_9(value):
    assert priority_from(value) == value


@pytest.mark.parametrize("value", [-1, 10, True, False, 5.0, "5", None, [], 10**30])
def test_anything_else_is_no_priority(value):
    with pytest.raises(InvalidValue) as refused:
        priority_from(value)

    assert refused.value.field == "priority"


def test_levels_follow_the_table_of_rfc_5545():
    assert [level_of(priority) for priority in range(10)] == [None, *["high"] * 4, "medium", *["low"] * 4]


@pytest.mark.parametrize("value", [0, 1, 99, 100])
def test_a_percentage_is_0_to_100(value):
    assert percent_complete_from(value) == value


@pytest.mark.parametrize("value", [-1, 101, True, 50.0, "50", None])
def test_anything_else_is_no_percentage(value):
    with pytest.raises(InvalidValue) as refused:
        percent_complete_from(value)

    assert refused.value.field == "percent_complete"


@pytest.mark.parametrize(
    ("progress", "percent", "becomes"),
    [
        (Progress.COMPLETED, 40, 100),
        (Progress.NEEDS_ACTION, 100, 0),
        (Progress.NEEDS_ACTION, 40, 0),
        (Progress.IN_PROCESS, 100, 0),
        (Progress.IN_PROCESS, 40, 40),
        (Progress.CANCELLED, 40, 40),
        (Progress.CANCELLED, 100, 0),
    ],
)
def test_progress_takes_the_percentage_along(progress, percent, becomes):
    assert percent_at(progress, percent) == becomes


@pytest.mark.parametrize(
    ("percent", "progress", "becomes"),
    [
        (100, Progress.NEEDS_ACTION, Progress.COMPLETED),
        (100, Progress.CANCELLED, Progress.COMPLETED),
        (99, Progress.COMPLETED, Progress.IN_PROCESS),
        (0, Progress.COMPLETED, Progress.IN_PROCESS),
        (1, Progress.NEEDS_ACTION, Progress.IN_PROCESS),
        (0, Progress.NEEDS_ACTION, Progress.NEEDS_ACTION),
        (0, Progress.IN_PROCESS, Progress.IN_PROCESS),
        (50, Progress.CANCELLED, Progress.CANCELLED),
    ],
)
def test_the_percentage_takes_progress_along(percent, progress, becomes):
    assert progress_at(percent, progress) is becomes


@given(percents, progresses)
def test_whichever_is_set_both_tell_one_story(percent, progress):
    assert is_coherent(percent_at(progress, percent), progress)
    assert is_coherent(percent, progress_at(percent, progress))


@given(percents, progresses)
def test_what_is_coherent_stays_as_it_is(percent, progress):
    if is_coherent(percent, progress):
        assert percent_at(progress, percent) == percent
        assert progress_at(percent, progress) is progress
