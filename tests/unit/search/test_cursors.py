"""Cursors: opaque, sealed, and good for one question only."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.search.cursors import MAX_CURSOR_LENGTH, Cursors, OpenedCursor
from taskharbor.application.sync.commit_marks import CommitMark
from taskharbor.domain.errors import InvalidValue

values = st.lists(st.integers(-(2**62), 2**62) | st.text(max_size=20), min_size=1, max_size=8).map(tuple)
CURSORS = Cursors(b"a key")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
MARK = CommitMark(7, 1_700_000_000_000_000)


@given(values, st.integers(0, 1_700_000_000_000_000), st.text(max_size=50))
def test_a_cursor_is_opened_to_what_was_sealed(place, at, context):
    cursor = CURSORS.seal(place, at=at, mark=MARK, context=context)
    assert cursor.isascii()
    assert not set(cursor) & set("+/=&?# ")
    assert CURSORS.open(cursor, context=context, now=NOW) == OpenedCursor(place, at, MARK)


def test_a_cursor_is_good_for_its_question_only():
    cursor = CURSORS.seal((1, 2), at=3, mark=MARK, context="due < today")
    with pytest.raises(InvalidValue):
        CURSORS.open(cursor, context="due < tomorrow", now=NOW)


def test_a_cursor_of_another_key_is_refused():
    with pytest.raises(InvalidValue):
        Cursors(b"another").open(CURSORS.seal((1,), at=3, mark=MARK, context=""), context="", now=NOW)


@given(st.data())
def test_a_cursor_with_one_character_changed_is_refused(data):
    cursor = CURSORS.seal((2026, "milk"), at=3, mark=MARK, context="")
    place = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
    forged = cursor[:place] + letter + cursor[place + 1 :]
    if forged != cursor:
        with pytest.raises(InvalidValue):
            CURSORS.open(forged, context="", now=NOW)


@given(st.data())
def test_a_cursor_with_anything_put_into_it_is_refused(data):
    cursor = CURSORS.seal((2026, data.draw(st.sampled_from(["milk", "bread", "butter"]))), at=3, mark=MARK, context="")
    place = data.draw(st.integers(0, len(cursor)))
    letter = data.draw(st.sampled_from("A=!. \n+/é"))
    with pytest.raises(InvalidValue):
        CURSORS.open(cursor[:place] + letter + cursor[place:], context="", now=NOW)


@given(st.text(max_size=100))
def test_whatever_else_is_sent_as_a_cursor_is_refused(text):
    with pytest.raises(InvalidValue) as refused:
        CURSORS.open(text, context="", now=NOW)
    assert refused.value.field == "cursor"


@pytest.mark.parametrize("text", ["A" * 5, "A" * (MAX_CURSOR_LENGTH + 1), "é" * 10, "=" * 10])
def test_a_cursor_of_a_strange_length_is_refused(text):
    with pytest.raises(InvalidValue):
        CURSORS.open(text, context="", now=NOW)


@pytest.mark.parametrize("at", [10**30, -(10**30), "x", None, 1.5, True, int(NOW.timestamp() + 200_000) * 1_000_000])
def test_a_time_that_nobody_asked_at_is_refused_though_it_is_sealed(at):
    with pytest.raises(InvalidValue):
        CURSORS.open(CURSORS.seal((1,), at=at, mark=MARK, context=""), context="", now=NOW)
