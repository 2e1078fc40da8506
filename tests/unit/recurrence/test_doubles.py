"""What stands in for python-dateutil in the kit, and what does where it is not installed."""

import sys
from datetime import datetime
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from series_of import PATTERN
from taskharbor.adapters.recurrence import LazyOccurrences
from taskharbor.application.errors import MissingDependency
from taskharbor.application.ports.occurrences import NoOccurrences
from taskharbor.domain.recurrence.rule_parser import recurrence_rule_from
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from taskharbor.testing import FakeOccurrences

WALLS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda wall: wall.replace(microsecond=0))
DAILY = recurrence_rule_from("rule", "FREQ=DAILY")


@given(st.sampled_from(["DAILY", "WEEKLY", "HOURLY"]), st.integers(1, 1000), WALLS, WALLS)
def test_the_double_of_the_kit_agrees_with_dateutil(frequency, interval, first, since):
    rule = recurrence_rule_from("rule", f"FREQ={frequency};INTERVAL={interval}")

    assert [*islice(FakeOccurrences().walls(rule, first, since), 3)] == [*islice(PATTERN(rule, first, since), 3)]


def test_the_double_ends_with_the_calendar():
    assert len([*FakeOccurrences().walls(DAILY, datetime(9999, 12, 30), datetime(9999, 12, 30))]) == 2


def test_an_application_that_was_given_nothing_says_what_to_install():
    with pytest.raises(MissingDependency, match=r"pip install 'taskharbor\[recurrence\]'"):
        NoOccurrences().walls(DAILY, datetime(2026, 1, 1), datetime(2026, 1, 1))


async def test_without_dateutil_what_comes_again_is_kept_and_only_moving_on_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "dateutil", None)
    monkeypatch.setitem(sys.modules, "dateutil.rrule", None)
    for name in [name for name in sys.modules if name.startswith("taskharbor.adapters.recurrence.")]:
        monkeypatch.delitem(sys.modules, name)

    async with open_taskharbor("memory://") as harbor:
        task = await harbor.create_task(title="t", due={"date": "2026-01-01"}, recurrence={"rrule": "FREQ=DAILY"})
        with pytest.raises(MissingDependency, match="python-dateutil"):
            await harbor.complete_task(task.id)
        assert (await harbor.get_task(task.id)) == task
        plain = await harbor.create_task(title="plain")
        assert (await harbor.complete_task(plain.id)).is_completed


def test_dateutil_is_imported_with_the_first_rule():
    walls = LazyOccurrences().walls(DAILY, datetime(2026, 1, 1), datetime(2026, 1, 1))

    assert next(walls) == datetime(2026, 1, 1)
