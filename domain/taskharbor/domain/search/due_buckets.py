"""When tasks are due, roughly: what a list of them is often divided by."""

from collections.abc import Mapping
from typing import TypeAlias

from taskharbor.domain.search.date_expressions import Viewpoint, span_from
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter, Not, Present

DueBuckets: TypeAlias = Mapping[str, Filter]
"""Names of buckets and what is in them. Each task is in exactly one."""


def due_buckets(here: Viewpoint) -> DueBuckets:
    """Return the buckets: before today, today, tomorrow, the rest of this week, next week, later, and no due at all.

    Weeks begin on Monday. On a Sunday tomorrow is `tomorrow`, not `next_week`.
    """

    def due(operator: Operator, moment: str) -> Filter:
        return Compare(Field.DUE, operator, span_from("due", moment, here))

    after_tomorrow = due(Operator.GREATER, "tomorrow")
    return {
        "past": due(Operator.LESS, "today"),
        "today": due(Operator.EQUAL, "today"),
        "tomorrow": due(Operator.EQUAL, "tomorrow"),
        "this_week": And((after_tomorrow, due(Operator.AT_MOST, "eow"))),
        "next_week": And((after_tomorrow, due(Operator.GREATER, "eow"), due(Operator.AT_MOST, "eow+1w"))),
        "later": And((after_tomorrow, due(Operator.GREATER, "eow+1w"))),
        "none": Not(Present(Field.DUE)),
    }
