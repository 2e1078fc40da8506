"""Words: defined once, so that every store finds the same."""

import re
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.words import (
    MAX_SEARCHED_WORDS,
    MAX_TEXT_BYTES,
    MAX_WORD_LENGTH,
    WORD_OVERHEAD,
    has_words,
    searched_words,
    words_of,
)

TITLES = Path(__file__).parents[2] / "data" / "real_titles.txt"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Buy milk, eggs & 2 lemons!", ("buy", "milk", "eggs", "2", "lemons")),
        ("snake_case and kebab-case", ("snake", "case", "and", "kebab")),
        ("don't", ("don", "t")),
        ("Café CAFÉ cafe\u0301 cafe", ("cafe",)),
        ("Straße STRASSE", ("strasse",)),
        ("ﬁne \uff21\uff22\uff23 Ⅷ", ("fine", "abc", "viii")),
        ("ΣΊΣΥΦΟΣ Σίσυφος", ("σισυφοσ",)),
        ("İstanbul ISTANBUL", ("istanbul",)),
        ("Ёлка елка", ("елка",)),
        ("한국어 공부", ("한국어", "공부")),
        ("हिन्दी सीखो", ("हिन्दी", "सीखो")),
        ("牛乳を買う", ("牛", "乳", "を", "買", "う")),
        ("がか", ("が", "か")),
        ("שָׁלוֹם שלום", ("שלום",)),
        ("👩‍👩‍👧 …", ()),
        ("", ()),
    ],
)
def test_a_text_has_these_words(text, words):
    assert words_of(text) == words


@given(st.text(st.characters(codec="ascii")))
def test_words_in_ascii_are_its_letters_and_digits_whatever_stands_between_them(text):
    runs = re.findall(r"[a-z0-9]+", text.lower())
    assert words_of(text) == tuple(dict.fromkeys(run[:MAX_WORD_LENGTH] for run in runs))
    assert {*words_of(f"{text} \u00e5")} == {*words_of(text), "a"}  # the other way to read it says the same


def test_words_of_several_texts_are_counted_once():
    assert words_of("milk now", "Now MILK", "later") == ("milk", "now", "later")


def test_a_long_word_counts_by_its_beginning_in_a_text_and_in_a_search():
    long = "x" * 500
    assert words_of(long) == ("x" * MAX_WORD_LENGTH,)
    assert has_words(words_of(long), searched_words("q", long + "y"))


def test_words_that_no_index_could_hold_are_not_found():
    words = words_of(" ".join(f"{n:x}".rjust(60, "ŋ") for n in range(20_000)))
    assert sum(len(word.encode()) + WORD_OVERHEAD for word in words) <= MAX_TEXT_BYTES
    assert len(words) > 4000


@pytest.mark.parametrize("letter", ["a", "ŋ"])
def test_however_short_they_are_no_more_words_are_found_than_an_index_can_hold(letter):
    words = words_of(" ".join(f"{letter}{n:x}" for n in range(200_000)))
    assert sum(len(word.encode()) + WORD_OVERHEAD for word in words) <= MAX_TEXT_BYTES
    assert len(words) > 50_000


@given(st.text(max_size=60))
def test_the_words_of_words_are_themselves(text):
    words = words_of(text)
    assert words_of(" ".join(words)) == words


@given(st.text(max_size=60))
def test_upper_case_and_composition_make_no_difference(text):
    assert words_of(normalize("NFD", text)) == words_of(text)
    assert words_of(normalize("NFKC", text)) == words_of(text)


@pytest.mark.parametrize(("query", "found"), [("mil", True), ("MILK bu", True), ("ilk", False), ("buy bread", False)])
def test_each_word_of_a_search_must_begin_a_word(query, found):
    assert has_words(words_of("Buy milk"), searched_words("q", query)) is found


@pytest.mark.parametrize("query", ["", "!?", "a" * 1001, " ".join(f"w{n}" for n in range(MAX_SEARCHED_WORDS + 1))])
def test_a_search_has_some_words_and_not_too_many(query):
    with pytest.raises(InvalidValue) as refused:
        searched_words("q", query)
    assert refused.value.field == "q"


def test_every_real_title_is_found_by_each_beginning_of_its_words():
    for title in TITLES.read_text("utf-8").splitlines():
        words = words_of(title)
        assert has_words(words, tuple(word[:3] for word in words))
