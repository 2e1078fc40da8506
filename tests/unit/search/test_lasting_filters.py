"""What a filter means is remembered if it is the same at any time, and only then."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.adapters.filters.lark_parser import LarkFilterParser
from taskharbor.application.search.criteria import ResolvedCriteria
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.filter_ast import InvalidFilter
from taskharbor.domain.search.filter_binding import filter_from, is_lasting
from taskharbor.domain.values.time_zone import zone

READER = LarkFilterParser()
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
MUCH_LATER = NOW + timedelta(days=1234, hours=5)

LASTING = [
    'list=1 AND due<"2026-12-08"',
    "title:x OR tags:work",
    "is_open -due:*",
    "updated >= 2026-12-01T09:00:00Z+3h",
    "due:(2026-12-01 OR 2026-12)",
    '"call today"',
]
PASSING = [
    "due < today",
    'due = "tomorrow"',
    "due < +3d",
    "updated >= now-1w",
    "is_open due:(2026-12-01 OR eow)",
    "NOT (is_open OR due < som)",
    "-due >= -2h",
]


def _terms(text: str, time_zone: str = "UTC") -> ResolvedCriteria:
    return ResolvedCriteria(filters=[text], searches=[], list_ids={}, sort=None, time_zone=time_zone)


@pytest.mark.parametrize("text", LASTING)
def test_a_filter_that_names_no_moment_relative_to_now_is_remembered(text):
    assert is_lasting(READER.read(text))
    assert _terms(text).filter(READER, NOW) is _terms(text).filter(READER, MUCH_LATER)


@pytest.mark.parametrize("text", PASSING)
def test_a_filter_that_does_is_understood_each_time(text):
    assert not is_lasting(READER.read(text))
    assert _terms(text).filter(READER, NOW) != _terms(text).filter(READER, MUCH_LATER)


@pytest.mark.parametrize("text", ['due<"2026-12-08"', "updated = 2026-12-01T09:00"])
def test_what_is_remembered_is_remembered_for_a_time_zone(text):
    filters = [_terms(text, name).filter(READER, NOW) for name in ("UTC", "Asia/Kolkata", "UTC")]
    assert filters[0] == filters[2] != filters[1]


_MOMENTS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "now", "today", "yesterday", "sow", "eoq", "2026-12", "2026-12-01", "2026-12-01T09:00Z"]),
        st.sampled_from(["", "+1d", "-2w", "+1mo", "-3h", "+1y-1d"]),
    ),
).filter(bool)


@given(_MOMENTS, st.sampled_from(["due", "updated"]), st.sampled_from(["=", "<", ">=", ":"]), st.booleans())
def test_whatever_is_taken_to_last_means_the_same_later(moment, field, operator, quoted):
    text = f'{field}{operator}"{moment}"' if quoted or moment[0] in "+-" else f"{field}{operator}{moment}"
    syntax = READER.read(text)
    try:
        meanings = {filter_from(syntax, Viewpoint(now, zone("UTC"))) for now in (NOW, MUCH_LATER)}
    except InvalidFilter:
        return
    assert (len(meanings) == 1) is is_lasting(syntax)
