"""What counts in a text that is searched: letters, digits, marks and emoji, folded, and what joins them to words.

A text is brought into NFKC, casefolded, and rid of its diacritics: the marks with a canonical combining class of 10 or
more (accents, points of Hebrew and Arabic, tone marks of Thai). Those below change the letter itself (nukta, virama,
the voicing marks of Kana) and stay; so do vowel signs, which have none. Letters that are crossed or joined, which
Unicode does not decompose, become those that people type for them. Skin tones and variation selectors of emoji do not
count.
"""

import re
from collections.abc import Callable
from typing import Final
from unicodedata import category, combining, normalize

APART: Final = " "
"""Stands for whatever is between words."""

JOINS: Final = "'"
"""Stands for what is inside a word, and may be left out or separate: apostrophes, middle dots, invisible characters."""

HYPHEN: Final = "-"
"""Stands for what joins words to one or separates them."""

EMOJI: Final = (
    "\u20e3\u2194-\u2199\u21a9\u21aa\u2300-\u23ff\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b00-\u2bff\u3030\u303d\U0001f000-\U0001faff"
)
"""Ranges of emoji, as a regular expression has them between brackets: blocks, so that they grow with no release."""

_EMOJI: Final = re.compile(f"[{EMOJI}]")
_SPELT: Final = {
    "æ": "ae",
    "ð": "d",
    "ø": "o",
    "þ": "th",
    "đ": "d",
    "ħ": "h",
    "\u0131": "i",  # without a dot
    "ł": "l",
    "œ": "oe",
    "ŧ": "t",
    "ɓ": "b",
    "ɔ": "o",
    "ɖ": "d",
    "ɗ": "d",
    "ɛ": "e",
    "ƙ": "k",
    "ƴ": "y",
}
_JOINING: Final = frozenset("'`\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02bd\u2032\u055a\u05f3\u00b7\u2027\u30fb")
_HYPHENS: Final = frozenset("-\u2010\u2011\u2012\u2013\u058a\u05be")
_ACUTE: Final = "\u00b4"
"""Often typed for an apostrophe. NFKC makes a blank of it."""

_SELECTORS: Final = range(0xFE00, 0xFE10)
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_TATWEEL: Final = 0x640
_LEAST_DIACRITIC: Final = 10
_REMEMBERED: Final = 100_000
"""Characters: more than are in use, and few enough to be kept whatever is sent."""


class _Table(dict[int, int | str | None]):
    """What becomes of each character, found out when it first occurs; not all of Unicode is kept."""

    def __init__(self, becomes: Callable[[int], int | str | None]) -> None:
        super().__init__()
        self._becomes = becomes

    def __missing__(self, code: int) -> int | str | None:
        becomes = self._becomes(code)
        if len(self) < _REMEMBERED:
            self[code] = becomes
        return becomes


def folded_letters(text: str) -> str:
    """Return the text in letters, digits, marks and emoji, with `APART`, `JOINS` and `HYPHEN` between them."""
    plain = normalize("NFKD", normalize("NFKC", text.replace(_ACUTE, JOINS)).casefold()).translate(_BARE)
    return normalize("NFKC", plain).casefold().translate(_LETTERS)


def is_letter(character: str) -> bool:
    """Return whether a character is part of a word."""
    return category(character)[0] in "LNM" or _EMOJI.match(character) is not None


def _bare(code: int) -> int | None:
    return code if combining(chr(code)) < _LEAST_DIACRITIC else None


def _letter(code: int) -> int | str | None:
    character = chr(code)
    if character in _SPELT:
        return _SPELT[character]
    if character in _HYPHENS:
        return HYPHEN
    if code in _SELECTORS or code in _SKIN_TONES or code == _TATWEEL:
        return None
    if character in _JOINING or category(character) == "Cf":
        return JOINS
    return code if is_letter(character) else APART


_BARE: Final = _Table(_bare)
_LETTERS: Final = _Table(_letter)
