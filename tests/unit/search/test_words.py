"""Words: defined once, so that every store finds the same."""

import re
from pathlib import Path
from unicodedata import category, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generated_tasks import generated_tasks
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.matching import Facts, matches
from taskharbor.domain.search.mentions import mentions_of
from taskharbor.domain.search.words import (
    MAX_SEARCHED_WORDS,
    MAX_TEXT_BYTES,
    MAX_WORD_LENGTH,
    WORD_OVERHEAD,
    has_words,
    words_of,
)

TITLES = Path(__file__).parents[2] / "data" / "real_titles.txt"


TASK = next(generated_tasks(1))


def finds(query: str, text: str) -> bool:
    facts = Facts(blocked=False, words=lambda: words_of(text), blocking=lambda: False)
    return matches(mentions_of("q", query), TASK, facts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Buy milk, eggs & 2 lemons!", ("buy", "milk", "eggs", "2", "lemons")),
        ("snake_case and kebab-case", ("snake", "case", "and", "kebabcase", "kebab")),
        ("don't don\u2019t don\u02bct don\u00b4t", ("dont", "don", "t")),
        ("e-mail", ("email", "e", "mail")),
        ("rock-'n'-roll", ("rocknroll", "rock", "n", "roll")),
        ("O'Neill-Smith", ("oneillsmith", "oneill", "o", "neill", "smith")),
        ("'quoted' -- and -5", ("quoted", "and", "5")),
        (
            "co\u00adop \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            (
                "coop",
                "co",
                "op",
                "\u0645\u06cc\u062e\u0648\u0627\u0647\u0645",
                "\u0645\u06cc",
                "\u062e\u0648\u0627\u0647\u0645",
            ),
        ),
        ("Łódź Ørsted ÆØÅ Đà Nẵng \u0131l\u0131k", ("lodz", "orsted", "aeoa", "da", "nang", "ilik")),
        ("Café CAFÉ cafe\u0301 cafe", ("cafe",)),
        ("Straße STRASSE", ("strasse",)),
        ("ﬁne \uff21\uff22\uff23 Ⅷ", ("fine", "abc", "viii")),
        ("ΣΊΣΥΦΟΣ Σίσυφος", ("σισυφοσ",)),
        ("İstanbul ISTANBUL", ("istanbul",)),
        ("Ёлка елка", ("елка",)),
        ("한국어 공부", ("한국어", "국어", "어", "공부", "부")),
        ("हिन्दी सीखो", ("हिन्दी", "सीखो")),
        ("牛乳を買う", ("牛乳を買", "乳を買う", "を買う", "買う", "う")),
        ("iPhoneを2台", ("iphone", "を", "2", "台")),
        ("ซื้อนม", ("ซือนม", "อนม", "นม", "ม")),
        ("ភាសា\u200bខ្មែរ", ("ភាសាខ្មែរ", "សាខ្មែរ", "ខ្មែរ", "រ")),
        ("대한민국 만세", ("대한민국", "한민국", "민국", "국", "만세", "세")),
        ("がか", ("がか", "か")),
        ("שָׁלוֹם שלום", ("שלום",)),
        ("👩‍👩‍👧 …", ("👩👩👧", "👩👧", "👧")),
        ("👍🏽 ❤️ 1️⃣", ("👍", "❤", "1", "\u20e3")),
        ("", ()),
    ],
)
def test_a_text_has_these_words(text, words):
    assert words_of(text) == words


@given(st.text(st.characters(codec="ascii")))
def test_words_in_ascii_are_its_letters_and_digits_whatever_stands_between_them(text):
    runs = [run[:MAX_WORD_LENGTH] for run in re.findall(r"[a-z0-9]+", text.lower())]
    assert {*runs} <= {*words_of(text)}
    assert has_words(words_of(text), tuple(runs))
    assert {*words_of(f"{text} \u00e5")} == {*words_of(text), "a"}  # the other way to read it says the same


@given(st.text(st.characters(codec="ascii", exclude_characters="'`-")))
def test_words_in_ascii_are_no_more_where_nothing_joins_them(text):
    runs = re.findall(r"[a-z0-9]+", text.lower())
    assert words_of(text) == tuple(dict.fromkeys(run[:MAX_WORD_LENGTH] for run in runs))


def test_words_of_several_texts_are_counted_once():
    assert words_of("milk now", "Now MILK", "later") == ("milk", "now", "later")


def test_a_long_word_counts_by_its_beginning_in_a_text_and_in_a_search():
    long = "x" * 500
    assert words_of(long) == ("x" * MAX_WORD_LENGTH,)
    assert finds(long + "y", long)


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
def test_a_text_is_found_by_its_words_and_by_each_beginning_of_one(text):
    words = words_of(text)
    assert has_words(words_of(" ".join(words)), words)
    assert all(finds(word[:length], text) for word in words for length in (1, 2, len(word)) if words_of(word[:length]))


UNSPACED = st.text(st.sampled_from("นมซื้อไข่ກຊນົມខ្មែរမြန်မာ牛乳を買う대한민국🎉👍"), min_size=1, max_size=12)


@given(UNSPACED, UNSPACED, UNSPACED)
def test_what_stands_in_a_text_without_spaces_is_found_in_it(before, wanted, after):
    wanted = wanted.lstrip("".join(each for each in wanted if category(each)[0] == "M"))  # no word begins with a mark
    if words_of(wanted):
        assert finds(wanted, f"{before} {wanted} {after}")
        assert finds(wanted, before.rstrip("្") + wanted + after)  # this one takes the next letter for its own


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("นม", "ซื้อนมและไข่"),
        ("พรุ่งนี้", "ประชุมพรุ่งนี้"),
        ("ນົມ", "ຊື້ນົມ"),
        ("ខ្មែរ", "ភាសាខ្មែរ"),
        ("မာစာ", "မြန်မာစာ"),
        ("民国", "中华人民国家"),
        ("민국", "대한민국"),
        ("ショップ", "コーヒー・ショップ"),
        ("コーヒーショップ", "コーヒー・ショップ"),
        ("🎂", "Party🎉🎂"),
        ("👍", "well done 👍🏽"),
        ("👍🏽", "well done 👍"),
        ("dont", "don't forget"),
        ("don\u2019t", "dont forget"),
        ("don't", "Don\u2019t forget"),
        ("email", "answer the e-mail"),
        ("e-mail", "answer the email"),
        ("e-mail", "answer the e mail"),
        ("mail", "answer the e-mail"),
        ("by-step", "step-by-step"),
        ("lodz", "Łódź"),
        ("łódź", "Lodz"),
        ("2026-11", "due 2026-11-29"),
    ],
)
def test_people_find_what_they_type(query, text):
    assert finds(query, text)


@pytest.mark.parametrize(("query", "text"), [("นมไข่", "ซื้อนมและไข่"), ("牛買", "牛乳を買う")])
def test_what_does_not_stand_together_is_not_found_as_one(query, text):
    assert not finds(query, text)


def test_the_windows_of_a_text_are_no_more_than_its_characters():
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 2000)))
    assert len(words_of(text)) == len(text)


# NFKC makes a blank of the acute accent, which joins, as it is typed for an apostrophe.
_ACUTES = str.maketrans(dict.fromkeys("\u00b4\u1ffd", "'"))


@given(st.text(max_size=60))
def test_upper_case_and_composition_make_no_difference(text):
    assert words_of(normalize("NFD", text)) == words_of(text)
    text = text.translate(_ACUTES)
    assert words_of(normalize("NFKC", text)) == words_of(text)


@pytest.mark.parametrize(("query", "found"), [("mil", True), ("MILK bu", True), ("ilk", False), ("buy bread", False)])
def test_each_word_of_a_search_must_begin_a_word(query, found):
    assert finds(query, "Buy milk") is found


@pytest.mark.parametrize("query", ["", "!?", "a" * 1001, " ".join(f"w{n}" for n in range(MAX_SEARCHED_WORDS + 1))])
def test_a_search_has_some_words_and_not_too_many(query):
    with pytest.raises(InvalidValue) as refused:
        mentions_of("q", query)
    assert refused.value.field == "q"


def test_every_real_title_is_found_by_each_beginning_of_its_words():
    for title in TITLES.read_text("utf-8").splitlines():
        words = words_of(title)
        assert has_words(words, tuple(word[:3] for word in words))
