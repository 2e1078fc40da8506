from dataclasses import fields
from datetime import UTC, datetime, timedelta
from unicodedata import category, is_normalized

import pytest
from hypothesis import find, given, settings

from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.links import MAX_LINKS
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.reminder import MAX_REMINDERS
from taskharbor.domain.tasks.tags import MAX_TAGS, tag_key
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, Floating, Zoned
from taskharbor.domain.values.text import description_from, title_from
from taskharbor.domain.values.uid import uid_from
from taskharbor.testing import FakeClock, FakeUids
from taskharbor.testing.strategies.tasks import (
    calendar_times,
    descriptions,
    instants,
    link_lists,
    reminder_lists,
    tag_sets,
    tasks,
    titles,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_fake_clock_stands_still_until_it_is_moved() -> None:
    clock = FakeClock(NOON)
    assert clock.now() == clock.now() == NOON
    assert clock.advance(timedelta(hours=1)) == clock.now() == NOON + timedelta(hours=1)
    clock.set(NOON)
    assert clock.now() == NOON


def test_a_fake_clock_with_a_step_goes_on_by_itself() -> None:
    clock = FakeClock(NOON, step=timedelta(seconds=1))
    assert [clock.now() for _ in range(3)] == [NOON + timedelta(seconds=n) for n in range(3)]


def test_fake_uids_are_uids_different_ones_and_the_same_in_every_run() -> None:
    uids, again = FakeUids(), FakeUids()
    made = [uids.new() for _ in range(20)]
    assert made == [again.new() for _ in range(20)] == [uid_from(uid) for uid in made]
    assert len(set(made)) == 20


@given(tasks())
def test_every_task_of_the_strategy_is_one_that_the_domain_makes(task: Task) -> None:
    assert title_from(task.title) == task.title
    assert description_from(task.description) == task.description
    assert uid_from(task.uid) == task.uid
    assert task.created <= task.updated
    assert (task.completed is not None) == (task.progress is Progress.COMPLETED)
    every_value = TaskChanges(**{field.name: getattr(task, field.name) for field in fields(TaskChanges)})
    assert task.change(every_value, at=task.updated) is task


@pytest.mark.parametrize(
    "is_nasty",
    [
        lambda text: any(category(character) == "Mn" for character in text),
        lambda text: not is_normalized("NFC", text),
        lambda text: "\u200d" in text,
        lambda text: "\u202e" in text,
        lambda text: "\u2028" in text,
        lambda text: "\uffff" in text,
        lambda text: any(character > "\uffff" for character in text),
    ],
    ids=["combining", "not NFC", "joiner", "right to left", "line separator", "noncharacter", "astral"],
)
def test_the_strategies_reach_the_nasty_parts_of_unicode(is_nasty) -> None:
    effort = settings(max_examples=2000)
    find(titles(), is_nasty, settings=effort)
    find(descriptions(), lambda text: text is not None and is_nasty(text), settings=effort)


def test_the_strategies_reach_the_ends_of_time() -> None:
    find(instants(), lambda at: at == datetime.min.replace(tzinfo=UTC))
    find(instants(), lambda at: at == datetime.max.replace(tzinfo=UTC))


@pytest.mark.parametrize("kind", [AllDay, Floating, Zoned])
@pytest.mark.parametrize("year", [1, 9999])
def test_the_strategies_reach_every_kind_of_calendar_time_at_both_ends(kind, year: int) -> None:
    find(calendar_times(), lambda moment: isinstance(moment, kind) and moment.local.startswith(f"{year:04}"))


def test_the_strategies_reach_as_many_tags_links_and_reminders_as_there_can_be() -> None:
    find(tag_sets(), lambda tags: len(tags) == MAX_TAGS)
    find(link_lists(), lambda links: len(links) == MAX_LINKS)
    find(reminder_lists(), lambda reminders: len(reminders) == MAX_REMINDERS)
    find(tag_sets(), lambda tags: any(tag_key(tag) != tag for tag in tags))
