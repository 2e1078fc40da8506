"""Urgency: the figures that Taskwarrior publishes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.urgency import UrgencyWeights, urgency

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def of(created=NOW, **properties):
    return urgency(now=NOW, created=created, **properties)


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
        ({"is_waiting": True}, -3),
        ({"is_active": True}, 4),
        ({"has_project": True}, 1),
        ({"priority": 1}, 6),
        ({"priority": 4}, 6),
        ({"priority": 5}, 3.9),
        ({"priority": 9}, 1.8),
        ({"scheduled": NOW - timedelta(seconds=1)}, 5),
        ({"scheduled": NOW}, 0),
        ({"scheduled": NOW + DAY}, 0),
        ({"created": NOW - 73 * DAY}, 0.4),
        ({"created": NOW - timedelta(hours=23)}, 0),
        ({"created": NOW - 365 * DAY}, 2),
        ({"created": NOW - 5000 * DAY}, 2),
        ({"created": NOW + 9 * DAY}, 0),
        ({"due": NOW + 100 * DAY}, 2.4),
        ({"due": NOW + 14 * DAY}, 2.4),
        ({"due": NOW}, 12 * (0.2 + 0.8 * 14 / 21)),
        ({"due": NOW - 7 * DAY}, 12),
        ({"due": NOW - 100 * DAY}, 12),
        ({"due": NOW - 7 * DAY, "priority": 1, "is_blocked": True, "has_project": True}, 14),
    ],
)
def test_each_property_counts_what_taskwarrior_says(properties, expected):
    assert of(**properties) == pytest.approx(expected)


@given(st.timedeltas(-30 * DAY, 30 * DAY), st.timedeltas(timedelta(0), 5 * DAY))
def test_a_task_never_gets_less_urgent_as_its_due_comes_nearer(until_due, less):
    assert of(due=NOW + until_due) <= of(due=NOW + until_due - less) + 1e-9


def test_weights_can_be_changed_and_age_can_count_at_once():
    assert of(is_active=True, weights=UrgencyWeights(active=-1.5)) == pytest.approx(-1.5)
    assert of(weights=UrgencyWeights(age_max=0)) == pytest.approx(2)
