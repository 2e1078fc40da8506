"""A filter that was put together by hand means the same as the text in which a client sends it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from taskharbor.adapters.filters.lark_parser import LarkFilterParser
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter, Flag, Has, Mentions, Not, Or, Present
from taskharbor.domain.search.filter_binding import filter_from
from taskharbor.domain.search.time_span import Span
from taskharbor.entrypoints.client.filter_text import filter_text

FILTERS = [
    Flag(Field.IS_OPEN),
    Not(Flag(Field.BLOCKED)),
    Present(Field.DUE),
    Has(Field.TAGS, "two words"),
    Has(Field.DEPENDS_ON, 7),
    Compare(Field.PRIORITY, Operator.AT_MOST, 3),
    Compare(Field.PROGRESS, Operator.NOT_EQUAL, "completed"),
    Compare(Field.TITLE, Operator.HAS, "water"),
    Compare(Field.ESTIMATED_DURATION, Operator.GREATER, 5400),
    And((Flag(Field.IS_OPEN), Or((Has(Field.TAGS, "a"), Not(Present(Field.PARENT)))))),
]
HERE = Viewpoint(datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))


@pytest.mark.parametrize("filter", FILTERS, ids=str)
def test_its_text_means_the_same(filter: Filter) -> None:
    assert filter_from(LarkFilterParser().read(filter_text(filter)), HERE) == filter


@pytest.mark.parametrize(
    "filter",
    [
        Mentions(("water",)),
        Compare(Field.TITLE, Operator.EQUAL, 'a "b"'),
        Compare(Field.TITLE, Operator.EQUAL, "a*"),
        Compare(Field.DUE, Operator.EQUAL, Span((0, 1), (0, 1))),
    ],
    ids=str,
)
def test_what_has_no_text_is_refused(filter: Filter) -> None:
    with pytest.raises(InvalidValue, match="when a server is asked"):
        filter_text(filter)
