"""Tags: a set, case kept, compared casefolded."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.tags import MAX_TAG_LENGTH, MAX_TAGS, tag_key, tags_from

texts = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=16).filter(
    lambda text: text.strip()
)


def test_case_is_kept_and_order_is_that_of_the_keys():
    assert tags_from(["work", "Äpfel", "Home", "apples"]) == ("apples", "Home", "work", "Äpfel")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Home", "HOME"), ("Straße", "STRASSE"), ("é", "e\u0301"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("Å", "\u212b"), ("x", " x\t")],
)
def test_spellings_of_one_tag_are_one_and_the_first_is_kept(one, other):
    assert len(tags_from([one, other])) == 1
    assert tags_from([one, other]) == tags_from([one])


def test_a_tag_can_have_spaces_commas_and_emoji():
    assert tags_from(["next week", "a,b", "👩‍👩‍👧"]) == ("a,b", "next week", "👩‍👩‍👧")


@pytest.mark.parametrize("text", ["x" * MAX_TAG_LENGTH, "e\u0301" * MAX_TAG_LENGTH, " " * 9 + "x" * MAX_TAG_LENGTH])
def test_length_is_counted_after_trimming_and_composing(text):
    assert len(tags_from([text])[0]) == MAX_TAG_LENGTH


@pytest.mark.parametrize(
    "tag",
    [
        *["", " ", "\u2003", "a\tb", "a\nb", "a\x00b", "\x7f.", "a\u2028b", "\ud800", "x" * 65, "x" * 1_000_000],
        *[None, 5, True, ["x"]],
    ],
)
def test_what_is_no_tag_is_refused_with_its_place(tag):
    with pytest.raises(InvalidValue) as refused:
        tags_from(["fine", tag])

    assert refused.value.field == "tags[1]"
    json.dumps(refused.value.reason).encode()


@pytest.mark.parametrize("value", [None, "work", {"work": True}, 5, ["x"] * (MAX_TAGS + 1)])
def test_tags_are_a_list_of_limited_length(value):
    with pytest.raises(InvalidValue) as refused:
        tags_from(value)

    assert refused.value.field == "tags"


@given(st.lists(texts, max_size=20))
def test_every_set_of_tags_survives_a_round_trip(values):
    tags = tags_from(values)

    assert tags_from(list(tags)) == tags


@given(st.lists(texts, max_size=20), st.randoms())
def test_the_order_given_decides_at_most_the_spelling(values, random):
    shuffled = random.sample(values, len(values))

    assert [tag_key(tag) for tag in tags_from(values)] == [tag_key(tag) for tag in tags_from(shuffled)]
    assert {tag_key(tag) for tag in tags_from(values)} == {tag_key(value.strip()) for value in values}
