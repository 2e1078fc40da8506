"""Where a recurring task moves when this occurrence is done: no drift, whatever happens in between."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from random_rules import random_rules
from series_of import PATTERN, coming, recurrence
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.recurring_task import advanced, finished_copy
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, Floating, Zoned
from taskharbor.domain.values.uid import Uid

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
UID = Uid("0190b1f4-1234-7abc-8def-0123456789ab")


def day(text):
    return AllDay(date.fromisoformat(text))


def berlin(text):
    return Zoned(datetime.fromisoformat(text), "Europe/Berlin")


def task(rrule="FREQ=DAILY", *, at=LONG_AGO, **values):
    members = {name: values.pop(name) for name in ("rdate", "exdate", "anchor", "overdue") if name in values}
    named = {"recurrence": {"rrule": rrule, **members}, **values}
    return Task.create(id=1, uid=UID, title="t", at=at, changes=TaskChanges(**named))


def after(done, *, at=LONG_AGO, viewer="UTC"):
    return advanced(done, done.recurrence, PATTERN, at=at, viewer=viewer)


def dues(done, times, *, at=LONG_AGO):
    found = []
    for _ in range(times):
        done = after(done, at=at)
        if done is None:
            break
        found.append((done.due or done.start).local)
    return found


def noon(text):
    return datetime.fromisoformat(f"{text}T12:00:00+00:00")


@pytest.mark.parametrize(
    ("rrule", "first", "then"),
    [
        ("FREQ=MONTHLY", "2026-01-31", ["2026-03-31", "2026-05-31", "2026-07-31", "2026-08-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", ["2026-02-28", "2026-03-31", "2026-04-30"]),
        ("FREQ=YEARLY", "2024-02-29", ["2028-02-29", "2032-02-29"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-06-01", ["2026-06-05", "2026-06-15", "2026-06-19"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2", "2026-06-03", ["2026-06-10", "2026-06-17"]),
        ("FREQ=MONTHLY;BYDAY=2TU", "2026-06-09", ["2026-07-14", "2026-08-11"]),
    ],
)
def test_it_comes_again_where_the_rule_says_and_never_drifts(rrule, first, then):
    assert dues(task(rrule, due=day(first)), len(then)) == then


def test_the_time_of_day_survives_a_gap_and_an_overlap():
    spring = task(due=berlin("2026-03-28T02:30:00"))
    assert dues(spring, 2) == ["2026-03-29T02:30:00", "2026-03-30T02:30:00"]

    autumn = task(due=berlin("2026-10-24T02:30:00"))
    assert dues(autumn, 2) == ["2026-10-25T02:30:00", "2026-10-26T02:30:00"]


def test_count_and_until_end_it():
    assert dues(task("FREQ=DAILY;COUNT=3", due=day("2026-01-01")), 5) == ["2026-01-02", "2026-01-03"]
    assert dues(task("FREQ=DAILY;UNTIL=20260102", due=day("2026-01-01")), 5) == ["2026-01-02"]
    assert after(task("FREQ=DAILY;COUNT=1", due=day("2026-01-01"))) is None


def test_count_says_how_many_are_left():
    moved = after(task("FREQ=DAILY;COUNT=5;INTERVAL=2", due=day("2026-01-01")))

    assert moved.recurrence.as_json()["rrule"] == "FREQ=DAILY;COUNT=4;INTERVAL=2"


def test_what_exdate_takes_away_is_counted_all_the_same():
    skipping = task("FREQ=DAILY;COUNT=4", due=day("2026-01-01"), exdate=[day("2026-01-02").as_json()])

    assert dues(skipping, 5) == ["2026-01-03", "2026-01-04"]


def test_a_date_of_its_own_does_not_lead_the_rule_astray():
    irregular = task("FREQ=MONTHLY", due=day("2026-01-31"), rdate=[day("2026-02-15").as_json()])

    assert dues(irregular, 3) == ["2026-02-15", "2026-03-31", "2026-05-31"]


@pytest.mark.parametrize(
    ("overdue", "then"),
    [
        ("skip", ["2026-06-10", "2026-06-11"]),
        ("catch-up", ["2026-06-02", "2026-06-03"]),
    ],
)
def test_what_is_overdue_by_days_is_skipped_or_caught_up_with(overdue, then):
    assert dues(task(due=day("2026-06-01"), overdue=overdue), 2, at=noon("2026-06-10")) == then


def test_a_day_is_not_over_before_it_is_over_for_the_caller():
    late = task(due=day("2026-06-01"))
    before_midnight_in_hawaii = datetime(2026, 6, 11, 9, tzinfo=UTC)

    assert after(late, at=before_midnight_in_hawaii, viewer="Pacific/Honolulu").due == day("2026-06-10")
    assert after(late, at=before_midnight_in_hawaii, viewer="Europe/Berlin").due == day("2026-06-11")


def test_a_time_in_a_zone_is_over_at_its_instant():
    late = task(due=berlin("2026-06-01T09:00:00"))

    assert after(late, at=datetime(2026, 6, 10, 6, 59, tzinfo=UTC)).due == berlin("2026-06-10T09:00:00")
    assert after(late, at=datetime(2026, 6, 10, 7, 0, tzinfo=UTC)).due == berlin("2026-06-11T09:00:00")


def test_what_began_is_not_skipped_before_it_is_due():
    week = task("FREQ=WEEKLY", start=day("2026-06-01"), due=day("2026-06-05"))

    moved = after(week, at=noon("2026-06-17"))

    assert (moved.start, moved.due) == (day("2026-06-15"), day("2026-06-19"))


def test_what_was_skipped_counts():
    late = task("FREQ=DAILY;COUNT=10", due=day("2026-06-01"))

    assert after(late, at=noon("2026-06-08")).recurrence.rule.count == 3
    assert after(late, at=noon("2026-06-20")) is None


def test_hours_overdue_for_decades_are_skipped_at_once():
    late = task("FREQ=HOURLY", due=berlin("1980-01-01T00:00:00"))

    assert after(late, at=noon("2026-06-10")).due == berlin("2026-06-10T15:00:00")


def test_start_due_and_absolute_reminders_move_together():
    busy = task(
        "FREQ=WEEKLY",
        start=berlin("2026-03-23T09:00:00"),
        due=Floating(datetime(2026, 3, 24, 17)),
        reminders=[{"when": "2026-03-23T07:00:00Z"}, {"offset": "-PT15M", "relativeTo": "due"}],
    )

    moved = after(busy)

    assert moved.start == berlin("2026-03-30T09:00:00")
    assert moved.due == Floating(datetime(2026, 3, 31, 17))
    assert [reminder.as_json() for reminder in moved.reminders] == [
        {"when": "2026-03-30T06:00:00Z"},
        {"offset": "-PT15M", "relativeTo": "due"},
    ]


def test_it_begins_anew():
    begun = task(due=day("2026-01-01"), percent_complete=40)

    moved = after(begun.complete(at=LONG_AGO))

    assert (moved.progress, moved.percent_complete, moved.completed) == (Progress.NEEDS_ACTION, 0, None)


def test_postponing_one_occurrence_does_not_move_the_series():
    weekly = task("FREQ=WEEKLY", due=day("2026-06-01"))

    put_off = weekly.change(TaskChanges(due=day("2026-06-03")), at=LONG_AGO)

    assert put_off.recurrence.current == day("2026-06-01")
    assert dues(put_off, 2) == ["2026-06-08", "2026-06-15"]


def test_another_kind_of_time_begins_the_series_anew():
    weekly = task("FREQ=WEEKLY", due=day("2026-06-01"))

    timed = weekly.change(TaskChanges(due=berlin("2026-06-03T09:00:00")), at=LONG_AGO)

    assert dues(timed, 2) == ["2026-06-10T09:00:00", "2026-06-17T09:00:00"]
    with pytest.raises(InvalidValue, match=r"recurrence\.rdate\[0\]"):
        task(due=day("2026-06-01"), rdate=[day("2026-07-01").as_json()]).change(
            TaskChanges(due=berlin("2026-06-03T09:00:00")), at=LONG_AGO
        )


@pytest.mark.parametrize(
    ("rrule", "first", "done", "then"),
    [
        ("FREQ=DAILY;INTERVAL=3", "2026-01-01", "2026-02-10", "2026-02-13"),
        ("FREQ=WEEKLY", "2026-01-01", "2026-02-10", "2026-02-17"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-01-05", "2026-02-10", "2026-02-16"),
        ("FREQ=MONTHLY", "2026-01-01", "2026-02-10", "2026-03-10"),
        ("FREQ=MONTHLY", "2026-01-01", "2026-01-31", "2026-02-28"),
        ("FREQ=MONTHLY;INTERVAL=2", "2026-01-01", "2026-12-30", "2027-02-28"),
        ("FREQ=YEARLY", "2026-01-01", "2028-02-29", "2029-02-28"),
        ("FREQ=DAILY", "2026-03-01", "2026-02-10", "2026-03-02"),
    ],
)
def test_it_can_be_counted_from_when_it_was_done(rrule, first, done, then):
    assert after(task(rrule, due=day(first), anchor="completion"), at=noon(done)).due == day(then)


def test_the_time_of_day_is_kept_when_the_day_is_counted_from_completion():
    timed = task("FREQ=DAILY;INTERVAL=2", due=berlin("2026-01-01T09:00:00"), anchor="completion")

    late_in_the_evening = datetime(2026, 1, 5, 22, 59, tzinfo=UTC)
    assert after(timed, at=late_in_the_evening).due == berlin("2026-01-07T09:00:00")
    assert after(timed, at=late_in_the_evening + timedelta(minutes=1)).due == berlin("2026-01-08T09:00:00")


def test_hours_are_counted_from_the_minute_of_completion():
    pill = task("FREQ=HOURLY;INTERVAL=6", due=berlin("2026-01-01T09:00:00"), anchor="completion")

    assert after(pill, at=datetime(2026, 1, 1, 9, 17, 42, tzinfo=UTC)).due == berlin("2026-01-01T16:17:00")


def test_count_and_dates_hold_for_what_is_counted_from_completion():
    twice = task("FREQ=DAILY;COUNT=2", due=day("2026-01-01"), anchor="completion")
    assert dues(twice, 5, at=noon("2026-01-10")) == ["2026-01-11"]

    dated = task(None, due=day("2026-01-01"), anchor="completion", rdate=[day("2026-05-01").as_json()])
    assert dues(dated, 5, at=noon("2026-01-10")) == ["2026-05-01"]


def test_the_copy_is_done_and_says_what_it_is_of():
    master = task(due=day("2026-01-01"), parent=7).complete(at=LONG_AGO)

    copy = finished_copy(master, master.recurrence, id=2, uid=UID, at=noon("2026-01-02"))

    assert (copy.id, copy.is_completed, copy.completed) == (2, True, noon("2026-01-02"))
    assert (copy.due, copy.parent, copy.recurrence) == (day("2026-01-01"), 7, None)
    assert copy.occurrence_of.as_json() == {"task": 1, "recurrenceId": {"date": "2026-01-01"}}


RULES = st.integers(0, 2**32).map(lambda seed: random_rules(seed, 1)[0])


@given(RULES, st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Apia"]))
def test_completing_one_by_one_visits_just_what_the_series_has(rule, zone):
    first = Zoned(datetime.fromisoformat(rule["first"]), zone)
    expected = [*islice(coming(recurrence(rule["rrule"], first)), 12)]

    done, visited = task(rule["rrule"], due=first, overdue="catch-up"), []
    while len(visited) < len(expected) and (done := after(done)) is not None:
        visited.append(done.due)

    assert visited == expected


@given(RULES, st.integers(0, 400), st.sampled_from(["skip", "catch-up"]), st.sampled_from(["schedule", "completion"]))
def test_it_always_moves_forward_and_never_comes_back(rule, days, overdue, anchor):
    first = Zoned(datetime.fromisoformat(rule["first"]), "Europe/Berlin")
    now = first.utc + timedelta(days=days)
    master = task(rule["rrule"], due=first, overdue=overdue, anchor=anchor)

    moved = after(master, at=now)

    if moved is not None:
        assert moved.due.utc > first.utc
        assert moved.due.utc > now or (overdue == "catch-up" and anchor == "schedule")
        assert moved.recurrence.current == moved.due
        assert replace(moved, due=master.due, recurrence=master.recurrence, updated=master.updated) == master
