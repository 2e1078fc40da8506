"""How a rank is written: cells and ids.

A cell is an integer, which can grow for ever in both directions (its first letter is its length, as in David
Greenspan's scheme: Zz < a0 < a1 ... az < b00), and up to 8 digits in base 62 after it. An id is written behind a full
stop: first how many digits, then these.
"""

import re
from collections.abc import Sequence
from string import ascii_letters
from typing import Final, NamedTuple, TypeAlias

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.rank import BASE, DIGITS, digits_of

MAX_RANK_LENGTH: Final = 2_500
"""In characters: what an index of PostgreSQL can hold."""

_VALUES: Final = {digit: value for value, digit in enumerate(DIGITS)}
_FRACTION: Final = 8
_LEXICAL: Final = re.compile(r"(?:[0-9A-Za-z]+\.(?=[1-9]))+[1-9][0-9A-Za-z]*")


class Cell(NamedTuple):
    """An integer and the digits after it, without zeros at their end."""

    integer: str
    fraction: str


class Id(NamedTuple):
    """The id of a task, as `id_code` writes it."""

    code: str


Token: TypeAlias = Cell | Id
"""What a rank is made of."""


def tokens_of(text: str) -> list[Token]:
    """Read a rank.

    Raises:
        InvalidValue: for `rank`.
    """
    if not _LEXICAL.fullmatch(text) or len(text) > MAX_RANK_LENGTH:
        raise malformed()
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        start = place + 1
        if text[place] == "." and not (tokens and isinstance(tokens[-1], Id)):
            place = start + 1 + _VALUES[text[start]]
            tokens.append(Id(text[start:place]))
        elif text[place] in ascii_letters:
            start += _size(text[place])
            digits = text[start : start + _FRACTION].partition(".")[0]
            tokens.append(Cell(text[place:start], digits.rstrip("0")))
            place = start + len(digits)
        else:
            raise malformed()
        if "." in tokens[-1][0]:
            raise malformed()
    # What was cut short, or has zeros too many, is written in another way than it was read.
    if place != len(text) or not isinstance(tokens[-1], Id) or text_of(tokens) != text:
        raise malformed()
    return tokens


def text_of(tokens: Sequence[Token], *, to_be_continued: bool = False) -> str:
    """Write tokens. A cell that another cell follows has all its digits, so that it is seen where that one begins."""
    text = ""
    is_full = to_be_continued
    for token in reversed(tokens):
        if isinstance(token, Id):
            text = f".{token.code}{text}"
        else:
            text = token.integer + (token.fraction.ljust(_FRACTION, "0") if is_full else token.fraction) + text
        is_full = isinstance(token, Cell)
    return text


def stepped(integer: str, by: int) -> str:
    """Count an integer up or down by one.

    Raises:
        InvalidValue: for `rank`, if there is none beyond it.
    """
    head, size = integer[0], len(integer) - 1
    number = _integer_of(integer[1:]) + by
    if 0 <= number < BASE**size:
        return head + digits_of(number, size)
    if integer[0] == ("z" if by > 0 else "A"):
        raise no_room()
    head = {("Z", 1): "a", ("a", -1): "Z"}.get((head, by), chr(ord(head) + by))
    return head + ("0" if by > 0 else "z") * _size(head)


def digits_between(low: str, high: str | None) -> str | None:
    """Return the shortest digits between two fractions, from the middle; None if they would be too many."""
    least = _integer_of(low.ljust(_FRACTION, "0"))
    most = BASE**_FRACTION if high is None else _integer_of(high.ljust(_FRACTION, "0"))
    for length in range(1, _FRACTION + 1):
        unit = BASE ** (_FRACTION - length)
        first, last = least // unit + 1, (most - 1) // unit
        if first <= last:
            return digits_of((first + last) // 2, length)
    return None


def _size(head: str) -> int:
    """Return how many digits follow the first letter of an integer."""
    return ord(head) - ord("a") + 1 if head >= "a" else ord("Z") - ord(head) + 1


def _integer_of(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * BASE + _VALUES[digit]
    return number


def malformed() -> InvalidValue:
    """Return what is raised for text that is not a rank."""
    return InvalidValue("rank", "must be one that this service has made")


def no_room() -> InvalidValue:
    """Return what is raised where no rank fits any more."""
    return InvalidValue("rank", "there is no room left between the two neighbours")
