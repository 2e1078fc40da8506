"""Urgency: the figures that Taskwarrior publishes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.urgency import UrgencyScale, urgency
from taskharbor.domain.search.urgency_weights import ONE, UrgencyWeights
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.time_zone import zone

DAY = 86_400


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, 0),
        ({"tags": ("next",)}, 15.8),
        ({"tags": ("NEXT", "a", "b")}, 16),
        ({"tags": ("a",)}, 0.8),
        ({"tags": ("a", "b")}, 0.9),
        ({"tags": ("a", "b", "c", "d")}, 1),
        ({"annotations": 1}, 0.8),
        ({"annotations": 7}, 1),
        ({"is_blocking": True}, 8),
        ({"is_blocked": True}, -5),
        ({"is_active": True}, 4),
        ({"has_project": True}, 1),
        ({"priority": 1}, 6),
        ({"priority": 4}, 6),
        ({"priority": 5}, 3.9),
        ({"priority": 9}, 1.8),
        ({"is_scheduled": True}, 5),
        ({"age": 73}, 0.4),
        ({"age": 0}, 0),
        ({"age": 365}, 2),
        ({"age": 5000}, 2),
        ({"overdue": -100 * DAY}, 2.4),
        ({"overdue": -14 * DAY}, 2.4),
        ({"overdue": 0}, 12 * (0.2 + 0.8 * 14 / 21)),
        ({"overdue": 7 * DAY}, 12),
        ({"overdue": 100 * DAY}, 12),
        ({"overdue": 7 * DAY, "priority": 1, "is_blocked": True, "has_project": True}, 14),
    ],
)
def test_each_property_counts_what_taskwarrior_says(properties, expected):
    assert urgency(**properties) / ONE == pytest.approx(expected, abs=1e-6)


@given(st.integers(-30 * DAY, 30 * DAY), st.integers(0, 5 * DAY))
def test_a_task_never_gets_less_urgent_as_its_due_comes_nearer(overdue, later):
    assert urgency(overdue=overdue) <= urgency(overdue=overdue + later)


def test_weights_can_be_changed_and_age_can_count_at_once():
    assert urgency(is_active=True, weights=UrgencyWeights(active=-1.5)) == -1_500_000
    assert urgency(weights=UrgencyWeights(age_max=0)) == 2 * ONE


@pytest.mark.parametrize("weights", [{"due": 1000.5}, {"age": float("nan")}, {"age_max": -1}, {"next": float("-inf")}])
def test_weights_have_bounds_so_that_every_store_can_count_with_them(weights):
    with pytest.raises(ValueError, match=next(iter(weights))):
        UrgencyWeights(**weights)


@pytest.mark.parametrize(
    ("due", "hours_overdue"),
    [
        ({"localDateTime": "2026-12-01T12:00:00", "timeZone": "America/New_York"}, -5),
        ({"localDateTime": "2026-12-01T12:00:00"}, 1),
        ({"date": "2026-11-30"}, 13),
        ({"date": "2026-12-01"}, -11),
    ],
)
def test_dues_without_a_zone_go_by_the_clock_on_the_wall_and_days_are_over_at_their_end(due, hours_overdue):
    noon = datetime(2026, 12, 1, 12, tzinfo=UTC)
    scale = UrgencyScale.seen_from(Viewpoint(noon, zone("Europe/Berlin")), UrgencyWeights())
    task = Task.create(
        id=1, uid="0190b1f4-1234-7abc-8def-0123456789ab", title="a task", changes=TaskChanges(due=due), at=noon
    )
    assert scale.of(task, is_blocked=False, is_blocking=False) == urgency(overdue=hours_overdue * 3600)
