"""Orders: what can be asked for, and what comes first."""

import pytest

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.order import OrderField, OrderKey, order_from, place_from


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("id", (OrderKey(OrderField.ID),)),
        ("-id", (OrderKey(OrderField.ID, descending=True),)),
        ("due", (OrderKey(OrderField.DUE), OrderKey(OrderField.ID))),
        ("-due", (OrderKey(OrderField.DUE, descending=True), OrderKey(OrderField.ID, descending=True))),
        (
            " due NULLS FIRST , -title",
            (
                OrderKey(OrderField.DUE, nulls_first=True),
                OrderKey(OrderField.TITLE, descending=True),
                OrderKey(OrderField.ID, descending=True),
            ),
        ),
        ("due nulls last,id", (OrderKey(OrderField.DUE), OrderKey(OrderField.ID))),
    ],
)
def test_it_asks_for_this_order_and_ends_with_the_id(text, order):
    assert order_from(text) == order


@pytest.mark.parametrize(
    "text",
    ["", "due,", "+due", "colour", "due desc", "due,due", "due,-due", "title nulls last", "due nulls", "a" * 9999,
     "due;", ",".join(OrderField)],
)  # fmt: skip
def test_what_is_no_order_is_refused(text):
    with pytest.raises(InvalidValue) as refused:
        order_from(text)
    assert refused.value.field == "sort"


@pytest.mark.parametrize(("descending", "nulls_first", "sign"), [(0, 0, 1), (0, 1, -1), (1, 0, -1), (1, 1, 1)])
def test_an_absent_value_lies_beyond_all_others_on_the_side_that_was_asked_for(descending, nulls_first, sign):
    assert OrderKey(OrderField.DUE, bool(descending), bool(nulls_first)).absent * sign > 2**61


@pytest.mark.parametrize("place", [("\ud800", 1), ("a\0b", 1), ("a", 2**63), ("a",), ("a", "1"), (1, "a")])
def test_a_place_has_values_that_tasks_can_have(place):
    with pytest.raises(InvalidValue):
        place_from(place, order_from("title"))
