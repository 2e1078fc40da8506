"""When commits were made, and how far clocks were set back in between."""

from datetime import UTC, datetime, timedelta

import pytest

from taskharbor.adapters.sqlalchemy.commits.commit_times import CommitTimes
from taskharbor.application.ports.task_history import HistoryEntry

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def times_of(*microseconds):
    return CommitTimes.of(
        HistoryEntry(
            task_id=1,
            previous=0,
            at=BEGINNING + timedelta(microseconds=at),
            command="change_task",
            actor=None,
            changes="{}",
        )
        for at in microseconds
    )


@pytest.mark.parametrize(
    ("at", "set_back"), [([5], 0), ([5, 5, 9], 0), ([5, 9, 3, 4], 6), ([9, 8, 20, 18, 15, 17], 5), ([-3, -9], 6)]
)
def test_a_clock_is_set_back_by_as_much_as_it_was_ever_behind_an_earlier_commit(at, set_back):
    assert times_of(*at) == CommitTimes(min(at), max(at), set_back)


def test_commits_that_tell_of_nothing_were_made_at_no_time():
    nothing = times_of()
    assert nothing.earliest > max(times_of(2**57).latest, 0) > nothing.latest
    assert nothing.set_back == 0
