"""The words of a text, as a search finds them. Every store indexes just these, so that all of them find the same.

A text is brought into NFKC, casefolded, and rid of its diacritics; its runs of letters, digits and the marks that
belong to them are its words. Han and Kana are written without spaces, so each of their characters is a word of its own.

Diacritics are the marks with a canonical combining class of 10 or more (accents, points of Hebrew and Arabic, tone
marks of Thai). Those below change the letter itself (nukta, virama, the voicing marks of Kana) and stay; so do vowel
signs, which have none.
"""

import re
from collections.abc import Iterable
from typing import Final, TypeAlias
from unicodedata import category, combining, normalize

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.text import UNREADABLE

Words: TypeAlias = tuple[str, ...]
"""Different words in the order in which they first occur."""

MAX_WORD_LENGTH: Final = 64
"""In code points. What follows in a longer word does not count, in a text and in a search alike."""

MAX_TEXT_BYTES: Final = 900_000
"""How long all different words of one task are together at most, in UTF-8 and `WORD_OVERHEAD`; others are not found.

PostgreSQL's tsvector holds a megabyte. Only tests get here: a task has at most 165,000 characters.
"""

WORD_OVERHEAD: Final = 8
"""Bytes that are counted for each word, of which an index may make something longer."""

MAX_SEARCHED_WORDS: Final = 32
MAX_SEARCH_LENGTH: Final = 1000
"""In code points."""

_ASCII: Final = [chr(code) for code in range(128)]
_ASCII_WORDS: Final = bytes(ord(each.lower() if each.isalnum() else " ") for each in _ASCII).ljust(256)
"""What becomes of each byte of a text that is ASCII: small letters, digits, and blanks between them."""
_STANDS_ALONE: Final = re.compile(
    r"([\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
_LEAST_DIACRITIC: Final = 10


def words_of(*texts: str) -> Words:
    """Return the words of all of the texts."""
    together = "\n".join(texts)
    if together.isascii() and len(together) * 5 <= MAX_TEXT_BYTES:  # almost every task, of which there are many
        return tuple(dict.fromkeys(_ascii_words_in(together)))
    words = dict.fromkeys(word for text in texts for word in _words_in(text))
    if sum(map(len, words)) * 4 + len(words) * WORD_OVERHEAD <= MAX_TEXT_BYTES:
        return tuple(words)
    return tuple(_as_many_as_fit(words))


def searched_words(field: str, text: str) -> Words:
    """Return the words that a search for `text` looks for. A text matches if each of them begins one of its words.

    Raises:
        InvalidValue: for `field`, if there is none, or far too many.
    """
    if len(text) > MAX_SEARCH_LENGTH:
        raise InvalidValue(field, f"must have at most {MAX_SEARCH_LENGTH} characters, has {len(text)}")
    if found := UNREADABLE.search(text):
        raise InvalidValue(field, f"must not contain U+{ord(found[0]):04X}")
    words = words_of(text)
    if not words:
        raise InvalidValue(field, "must contain a word: letters or digits")
    if len(words) > MAX_SEARCHED_WORDS:
        raise InvalidValue(field, f"must have at most {MAX_SEARCHED_WORDS} different words, has {len(words)}")
    return words


def has_words(text: Iterable[str], searched: Words) -> bool:
    """Return whether each of the searched words begins one of the words of a text."""
    known = tuple(text)
    return all(any(word.startswith(beginning) for word in known) for beginning in searched)


def _words_in(text: str) -> Iterable[str]:
    if text.isascii():
        yield from _ascii_words_in(text)
        return
    plain = _without_diacritics(normalize("NFKC", text).casefold())
    spaced = "".join(letter if category(letter)[0] in "LNM" else " " for letter in plain)
    for word in _STANDS_ALONE.sub(r" \1 ", spaced).split():
        yield word[:MAX_WORD_LENGTH]


def _ascii_words_in(text: str) -> list[str]:
    spaced = text.encode().translate(_ASCII_WORDS).decode()
    return [word[:MAX_WORD_LENGTH] for word in spaced.split()]


def _without_diacritics(text: str) -> str:
    letters = (letter for letter in normalize("NFKD", text) if combining(letter) < _LEAST_DIACRITIC)
    return normalize("NFKC", "".join(letters)).casefold()


def _as_many_as_fit(words: Iterable[str]) -> Iterable[str]:
    left = MAX_TEXT_BYTES
    for word in words:
        left -= len(word.encode()) + WORD_OVERHEAD
        if left < 0:
            return
        yield word


def words_of_task(task: Task) -> Words:
    """Return the words of the title, the tags, the description and the comments, in this order."""
    return words_of(task.title, *task.tags, task.description or "", *(comment.text for comment in task.comments))
