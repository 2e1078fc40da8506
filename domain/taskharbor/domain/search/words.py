"""The words of a text, as a search finds them. Every store indexes just these, so that all of them find the same.

A word is a run of letters, digits and the marks that belong to them, folded (`letters`). In scripts that are written
without spaces, and among emoji, each character begins one (`unspaced`). What apostrophes, hyphens and invisible
characters join is one word, and so are its parts.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final, TypeAlias

from taskharbor.domain.search.letters import HYPHEN, JOINS, folded_letters, is_letter
from taskharbor.domain.search.unspaced import UNSPACED, windows_in, windows_of_search
from taskharbor.domain.tasks.task import Task

Words: TypeAlias = tuple[str, ...]
"""Different words in the order in which they first occur."""

MAX_WORD_LENGTH: Final = 64
"""In code points. What follows in a longer word does not count, in a text and in a search alike."""

MAX_TEXT_BYTES: Final = 900_000
"""How long all different words of one task are together at most, in UTF-8 and `WORD_OVERHEAD`; others are not found.

PostgreSQL's tsvector holds a megabyte. A task has at most 165,000 characters; those of a script without spaces get here
after 30,000 to 45,000.
"""

MAX_SEARCHED_WORDS: Final = 32

WORD_OVERHEAD: Final = 8
"""Bytes that are counted for each word, of which an index may make something longer."""

_ASCII_BYTES: Final = 15
"""Bytes that the words of a text in ASCII, parts and wholes, can come to for each character."""
_ASCII: Final = [chr(code) for code in range(128)]
_ASCII_LETTERS: Final = bytes(
    ord(each.lower() if each.isalnum() else JOINS if each in "'`" else each if each == HYPHEN else " ")
    for each in _ASCII
).ljust(256)
"""What becomes of each byte of a text that is ASCII, as `folded_letters` would have it."""


@cache  # these take 6 ms to make, and most programs never meet such scripts
def _spaced() -> re.Pattern[str]:
    return re.compile(f"[^{UNSPACED}]+")


@cache
def _odd() -> re.Pattern[str]:
    """What makes more than blanks matter."""
    return re.compile(f"[{UNSPACED}{JOINS}{HYPHEN}]")


@cache
def _runs() -> re.Pattern[str]:
    return re.compile(f"([{UNSPACED}]+)|[^{UNSPACED}]+")


def words_of(*texts: str) -> Words:
    """Return the words of all of the texts."""
    together = "\n".join(texts)
    if together.isascii() and len(together) * _ASCII_BYTES <= MAX_TEXT_BYTES:  # almost every task of many
        return tuple(dict.fromkeys(_words_in(together)))
    return tuple(_as_many_as_fit(word for text in texts for word in _words_in(text)))


def words_of_task(task: Task) -> Words:
    """Return the words of the title, the tags, the description and the comments, in this order."""
    return words_of(task.title, *task.tags, task.description or "", *(comment.text for comment in task.comments))


def ways_to_find(text: str) -> Iterator[tuple[Words, ...]]:
    """Return, for each part of what is looked for, the words to look for: all of them, in one of one or two ways.

    What has a hyphen is found as it would be without it, and as the words between which it stands.
    """
    for chunk in _letters_in(text).split():
        whole = chunk.replace(JOINS, "")
        joined, parted = _searched((whole.replace(HYPHEN, ""),)), _searched(whole.split(HYPHEN))
        if joined:
            yield (joined,) if joined == parted else (joined, parted)


def is_word(text: str) -> bool:
    """Return whether a text can be a word, or the beginning of one."""
    # A capital in ASCII is in no word; but SQLite's index would take it for the small letter.
    return 1 <= len(text) <= MAX_WORD_LENGTH and all(is_letter(letter) and not "A" <= letter <= "Z" for letter in text)


def has_words(text: Iterable[str], searched: Words) -> bool:
    """Return whether each of the searched words begins one of the words of a text."""
    known = tuple(text)
    return all(any(word.startswith(beginning) for word in known) for beginning in searched)


def _letters_in(text: str) -> str:
    return text.encode().translate(_ASCII_LETTERS).decode() if text.isascii() else folded_letters(text)


def _words_in(text: str) -> Iterable[str]:
    letters = _letters_in(text)
    chunks = dict.fromkeys(letters.split())
    if not _is_odd(letters):
        return [chunk[:MAX_WORD_LENGTH] for chunk in chunks]
    return _odd_words_in(chunks)


def _is_odd(letters: str) -> bool:
    """Return whether there is more to words than the blanks between them."""
    if letters.isascii():
        return HYPHEN in letters or JOINS in letters
    return _odd().search(letters) is not None


def _odd_words_in(chunks: Iterable[str]) -> Iterator[str]:
    for chunk in chunks:
        if not _is_odd(chunk):
            yield chunk[:MAX_WORD_LENGTH]
        elif JOINS in chunk or HYPHEN in chunk:
            yield from _joined_words(chunk)
        else:
            yield from _plain_words(chunk)


def _joined_words(chunk: str) -> Iterator[str]:
    """Return the words of what is joined: the whole, what is between its hyphens, and all parts."""
    yield from _plain_words(chunk.replace(JOINS, "").replace(HYPHEN, ""))
    for between in chunk.split(HYPHEN):
        # Of scripts without spaces the windows of the whole are enough.
        for part in (between.replace(JOINS, ""), *between.split(JOINS)):
            spaced = _ascii_word(part) if part.isascii() else _spaced().findall(part)
            yield from (word[:MAX_WORD_LENGTH] for word in spaced)


def _plain_words(chunk: str) -> Iterator[str]:
    for word in _words_by_script(chunk, windows_in):
        yield word[:MAX_WORD_LENGTH]


def _searched(parts: Iterable[str]) -> Words:
    words = (word for part in parts for word in _words_by_script(part, windows_of_search))
    return tuple(dict.fromkeys(word[:MAX_WORD_LENGTH] for word in words))


def _words_by_script(chunk: str, windows: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """Return the windows of each run without spaces, and what is between such runs."""
    if chunk.isascii():
        yield from _ascii_word(chunk)
        return
    for run in _runs().finditer(chunk):
        if run[1]:
            yield from windows(run[1])
        else:
            yield run[0]


def _ascii_word(chunk: str) -> tuple[str, ...]:
    return (chunk,) if chunk else ()


def _as_many_as_fit(words: Iterable[str]) -> Iterable[str]:
    left = MAX_TEXT_BYTES
    fitting: dict[str, None] = {}
    for word in words:
        if word not in fitting:
            left -= len(word.encode()) + WORD_OVERHEAD
            if left < 0:
                break
            fitting[word] = None
    return fitting
