"""python-dateutil's own test vectors: see tests/data/recurrence/README.md."""

import json
import re
from pathlib import Path

import pytest

from series_of import series, with_the_first
from taskharbor.domain.errors import InvalidValue

DATA = Path(__file__).parents[2] / "data" / "recurrence"
VECTORS = json.loads((DATA / "dateutil_vectors.json").read_text())["vectors"]

# What dateutil expands, each in its own way, and RFC 5545 section 3.3.10 forbids; or what is too often for a task.
REFUSED = {
    r"FREQ=(SECONDLY|MINUTELY)": "FREQ must be",
    r"FREQ=(DAILY|WEEKLY|MONTHLY|HOURLY).*BYWEEKNO": "BYWEEKNO must not be used",
    r"FREQ=(DAILY|WEEKLY|MONTHLY).*BYYEARDAY": "BYYEARDAY must not be used",
    r"FREQ=WEEKLY.*BYMONTHDAY": "BYMONTHDAY must not be used",
    r"FREQ=(DAILY|WEEKLY|HOURLY).*BYDAY=-?\d": "BYDAY must not have numbers",
}


def refusal_of(rule):
    return next((reason for pattern, reason in REFUSED.items() if re.search(pattern, rule)), None)


def named(vector):
    return vector["test"]


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if not refusal_of(vector["rrule"])], ids=named)
def test_a_rule_makes_what_dateutil_expects(vector):
    dates = {name: [{"localDateTime": date} for date in vector[name]] for name in ("rdate", "exdate")}

    assert series(vector["rrule"], vector["first"], **dates) == with_the_first(vector)


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if refusal_of(vector["rrule"])], ids=named)
def test_what_the_standard_forbids_is_refused(vector):
    with pytest.raises(InvalidValue, match=f"^recurrence.rrule: {refusal_of(vector['rrule'])}"):
        series(vector["rrule"], vector["first"])


def test_there_are_enough_of_them():
    assert sum(1 for vector in VECTORS if not refusal_of(vector["rrule"])) >= 120
