"""The text form of a filter: AIP-160, with errors that point at the column."""

from datetime import UTC, datetime
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.adapters.filters.lark_parser import LarkFilterParser
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.date_expressions import Viewpoint, span_from
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare, Flag, Has, Mentions, Not, Or, Present, checked
from taskharbor.domain.search.filter_ast import MAX_FILTER_LENGTH, InvalidFilter
from taskharbor.domain.search.filter_binding import filter_from
from taskharbor.domain.search.mentions import mentions_of
from taskharbor.domain.search.time_span import Span
from taskharbor.domain.values.time_zone import zone

HERE = Viewpoint(datetime(2026, 11, 25, 12, tzinfo=UTC), zone("Europe/Berlin"))
READER = LarkFilterParser()
BLOCKED = Flag(Field.BLOCKED)
OPEN = Flag(Field.IS_OPEN)
HOME = Has(Field.TAGS, "home")


def read(text):
    return checked(filter_from(READER.read(text), HERE))


def compare(field, operator, value):
    return Compare(field, Operator(operator), value)


def day(text):
    return span_from("due", text, HERE)


def test_the_example_of_the_documentation_is_read():
    found = read('due < "2026-12-01" AND (tags:home OR priority <= 3) AND NOT blocked')
    assert found == And(
        (
            compare(Field.DUE, "<", day("2026-12-01")),
            Or((HOME, compare(Field.PRIORITY, "<=", 3))),
            Not(BLOCKED),
        )
    )


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("blocked", BLOCKED),
        ("blocked = true", BLOCKED),
        ("blocked:false", Not(BLOCKED)),
        ("blocked != true", Not(BLOCKED)),
        ("blocked != false", BLOCKED),
        ("-blocked", Not(BLOCKED)),
        ("NOT (blocked)", Not(BLOCKED)),
        ("is_open blocked", And((OPEN, BLOCKED))),
        ("is_open AND blocked OR tags:home", And((OPEN, Or((BLOCKED, HOME))))),
        ("is_open tags:home OR blocked", And((OPEN, Or((HOME, BLOCKED))))),
        ("tags:(home OR -Work)", Or((HOME, Not(Has(Field.TAGS, "work"))))),
        ("priority = (1 OR 2)", Or((compare(Field.PRIORITY, "=", 1), compare(Field.PRIORITY, "=", 2)))),
        ("priority:1", compare(Field.PRIORITY, "=", 1)),
        ("revision > -1", compare(Field.REVISION, ">", -1)),
        ("progress = in-process", compare(Field.PROGRESS, "=", "in-process")),
        ("title : 'Straße'", compare(Field.TITLE, ":", "strasse")),
        (r'title = "a \"quoted\" \\ word"', compare(Field.TITLE, "=", 'a "quoted" \\ word')),
        ("title=today", compare(Field.TITLE, "=", "today")),
        ("due = today", compare(Field.DUE, "=", day("today"))),
        ("due<=-2w", compare(Field.DUE, "<=", day("-2w"))),
        ("due >= +7d", compare(Field.DUE, ">=", day("+7d"))),
        ("due > 2026-12-01T09:00:00+01:00", compare(Field.DUE, ">", day("2026-12-01T09:00:00+01:00"))),
        ("due:*", Present(Field.DUE)),
        ("-parent:*", Not(Present(Field.PARENT))),
        ("depends_on:7", Has(Field.DEPENDS_ON, 7)),
        ("estimated_duration >= P1DT90M", compare(Field.ESTIMATED_DURATION, ">=", 91_800)),
        ('"Buy Café"', Mentions(("buy", "cafe"))),
        ("-'milk'", Not(Mentions(("milk",)))),
        ("uid = 0190B1F4-1234-7abc-8def-0123456789ab", compare(Field.UID, "=", "0190b1f4-1234-7abc-8def-0123456789ab")),
        ("((((blocked))))", BLOCKED),
    ],
)
def test_it_means(text, meaning):
    assert read(text) == meaning


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "empty"),
        ("  ", 1, "empty"),
        ("blocked AND", 12, "missing at the end"),
        ("(blocked", 9, "missing at the end"),
        ("blocked)", 8, ") cannot stand here"),
        ("blocked AND colour = red", 13, "colour is not a field"),
        ('"blocked" = true', 1, "blocked is not a field"),
        ("is_open AND NOT blokced", 17, "blokced alone is not one of"),
        ("due", 1, "due alone needs an operator"),
        ("due < today 7d", 13, "7d alone"),
        ("priority < high", 12, "whole number"),
        ("priority < 1.5", 12, "whole number"),
        ("priority < 99999999999999999999", 12, "whole number"),
        ("progress = done", 12, "one of needs-action"),
        ("progress < completed", 1, "cannot be compared with <"),
        ("tags = home", 1, "cannot be compared with ="),
        ("blocked = 1", 11, "true or false"),
        ("title:*", 7, "never absent"),
        ("due = 2026-02-30", 7, "existing"),
        ("due = soon", 7, "must be a date"),
        ("uid = 7", 7, "must be a UUID"),
        ("estimated_duration > 90m", 22, "ISO 8601"),
        ("tags:(home OR due < today)", 15, "only values"),
        ("title = AND", 9, "must be quoted"),
        ("a = b = c", 7, "= cannot stand here"),
        ("title = 'milk", 9, "never closed"),
        ("title = 'a\x00'", 9, "U+0000"),
        ("title = '\ud800'", 9, "U+D800"),
        ("'!'", 1, "must contain a word"),
        ("title = " + "x" * 201, 9, "at most 200"),
        ("tags:x\0", 6, "must not contain U+0000"),
        ("f(blocked)", 1, "f alone"),
        ("a.b = 1", 1, "a.b is not a field"),
        ("(" * 21 + "blocked" + ")" * 21, 1, "more than 20 parentheses"),
        ("blocked " * 201, 1601, "more than 200 conditions"),
        ("tags:(" + "x " * 201 + ")", 407, "more than 200 conditions"),
    ],
)
def test_an_error_points_at_the_column(text, column, words):
    with pytest.raises(InvalidFilter) as refused:
        read(text)
    assert refused.value.field == "filter"
    assert refused.value.column == column
    assert words in refused.value.reason
    assert refused.value.reason.count(f"column {column}: ") == 1


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "(" * 10_000 + "blocked" + ")" * 10_000,
        "(" * (MAX_FILTER_LENGTH - 7) + "blocked",
        "(" * 3996 + "blocked" + ")" * 3996,
        "-" * MAX_FILTER_LENGTH,
        "NOT " * 2000,
        "tags:(" * 1300 + "x" + ")" * 1300,
        '"' + "\\" * 7999,
        "x" * MAX_FILTER_LENGTH,
        "2026-12-01T" + "0:" * 3900,
        "blocked OR " * 720 + "blocked",
    ],
)
def test_what_was_made_to_hurt_is_refused_quickly(text):
    begun = thread_time()
    with pytest.raises(InvalidFilter):
        read(text)
    assert thread_time() - begun < 2


@given(st.text(alphabet="abduet()<>=!:\"'-+*., 019ANDORT\\é\n", max_size=40))
def test_any_text_is_a_filter_or_is_refused_with_a_column_inside_it(text):
    column = 1
    try:
        read(text)
    except InvalidFilter as refused:
        column = refused.column
    assert 1 <= column <= len(text) + 1


@pytest.mark.parametrize(
    "filter",
    [
        compare(Field.BLOCKED, "=", 1),
        compare(Field.DUE, "=", 5),
        compare(Field.PRIORITY, "=", "high"),
        compare(Field.PROGRESS, "<", "completed"),
        compare(Field.TAGS, ":", "home"),
        Has(Field.TAGS, 5),
        Has(Field.TITLE, "x"),
        Present(Field.TITLE),
        Flag(Field.TITLE),
        Mentions(()),
        Or((BLOCKED,) * 201),
        And(()),
        Not(Or((BLOCKED, And(())))),
        Mentions(("",)),
        Mentions(("two words",)),
        Mentions(("MILK",)),
        Mentions(("nul\x00",)),
        Mentions(("\ud800",)),
        Mentions(("x" * 65,)),
        Mentions(tuple(map(str, range(33)))),
        Has(Field.TAGS, "\ud800"),
        Has(Field.TAGS, "x" * 201),
        Has(Field.DEPENDS_ON, 2**53),
        compare(Field.TITLE, ":", "nul\x00"),
        compare(Field.TITLE, "=", "\ud800"),
        compare(Field.UID, "=", "no uid"),
        compare(Field.PROGRESS, "=", "done"),
        compare(Field.DUE, "<", Span((0, 2**63), (0, 2**63))),
    ],
)
def test_a_filter_put_together_by_hand_is_held_to_the_same_rules(filter):
    with pytest.raises(InvalidValue):
        checked(filter)


@pytest.mark.parametrize("text", [" AND ".join(["NOT due < today"] * 200), " OR ".join(["(-due:* blocked)"] * 100)])
def test_as_many_conditions_as_are_allowed_are_allowed(text):
    assert read(text)
    with pytest.raises(InvalidFilter, match="more than 200"):
        read(f"{text} AND blocked")


@given(st.text(max_size=200))
def test_the_words_that_are_searched_for_are_those_that_a_filter_can_mention(text):
    try:
        found = mentions_of("q", text)
    except InvalidValue:
        return
    assert checked(found)


def test_a_filter_put_together_by_hand_can_not_be_too_deep():
    deep = BLOCKED
    for _ in range(10_000):
        deep = Not(deep)
    with pytest.raises(InvalidValue):
        checked(deep)
