"""Where a task stands among its neighbours: fractional indexing on strings, without ever renumbering.

A rank is a *position* and, after a full stop, the task's id. Ranks are compared byte by byte (`COLLATE "C"` in SQL).

A position is made of cells. A cell is an integer, which can grow for ever in both directions (its first letter tells
how long it is, as in David Greenspan's scheme: Zz < a0 < a1 ... az < b00), and up to 8 digits in base 62 after it.

- At an open end the integer is counted up or down: length O(log n).
- Between two positions the gap is halved; the shortest digits in its middle are taken.
- When 8 digits are used up, a new cell is opened below the left neighbour. Its integer is an open end again. So going
  on at one end of a gap is O(log n) too, where plain halving takes a digit for every six moves.

Two moves into one gap at the same time get the same position and are told apart, and ordered, by the id. Only a gap
between two such ranks has an id inside its positions: `a1.13a0.17` is between `a1.13` and `a1.14`.

After 10,000 moves into one gap a rank has at most 19 characters, if each goes next to the same neighbour, left or
right, or they alternate between the two. Where each goes between the last two moved, a rank grows by a fifth of a
character a move, to some 2,000: without renumbering no scheme needs less than 1 bit a move, a sixth of a character.
"""

import re
from collections.abc import Sequence
from string import ascii_letters
from typing import Final, NamedTuple, NewType, TypeAlias

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID, TaskId
from taskharbor.domain.plain_data import string_from

Rank = NewType("Rank", str)
"""ASCII text; ranks sort like the bytes of their text."""

MAX_RANK_LENGTH: Final = 2_500
"""In characters: what an index of PostgreSQL can hold."""

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE: Final = len(_DIGITS)
_VALUES: Final = {digit: value for value, digit in enumerate(_DIGITS)}
_FRACTION: Final = 8
_ORIGIN: Final = "a0"
_LEXICAL: Final = re.compile(r"(?:[0-9A-Za-z]+\.(?=[1-9]))+[1-9][0-9A-Za-z]*")


class _Cell(NamedTuple):
    integer: str
    fraction: str
    """Without zeros at its end."""


class _Id(NamedTuple):
    code: str


_Token: TypeAlias = _Cell | _Id


def between(before: Rank | None, after: Rank | None, *, task_id: TaskId) -> Rank:
    """Return the rank for a task that is put after `before` and before `after`.

    None stands for the open end. There may be other ranks between the two. The ranks that two tasks get differ,
    whatever they are put between.

    Raises:
        InvalidValue: for `rank`, if `before` is not less than `after` or one of them is not a rank, or if there is no
            room left between them.
    """
    if before is not None and after is not None and before >= after:
        raise InvalidValue("rank", "must be between two neighbours in their order")
    low = None if before is None else _tokens(before)
    high = None if after is None else _tokens(after)
    rank = f"{_position(low, high)}.{_code(task_id)}"
    if len(rank) > MAX_RANK_LENGTH:
        raise _no_room()
    return Rank(rank)


def natural_rank(task_id: TaskId) -> Rank:
    """Return the rank of a task that was never moved: tasks stand in the order in which they were made.

    Nobody has to be asked for it, so a create reads nothing.
    """
    number, head = task_id, "a"
    while number >= _BASE ** _size(head):
        number -= _BASE ** _size(head)
        head = chr(ord(head) + 1)
    return Rank(f"{head}{_digits(number, _size(head))}.{_code(task_id)}")


def rank_at(rank: Rank, task_id: TaskId) -> Rank:
    """Return the rank of a task that stands where another one stood in another workspace.

    Tasks that are brought along so keep their order among themselves.
    """
    return Rank(f"{rank.rpartition('.')[0]}.{_code(task_id)}")


def rank_from(value: object) -> Rank:
    """Return `value` as a rank.

    Raises:
        InvalidValue: for `rank`.
    """
    text = string_from("rank", value)
    _tokens(text)
    return Rank(text)


def _position(low: Sequence[_Token] | None, high: Sequence[_Token] | None) -> str:
    if low is None:
        return _ORIGIN if high is None else _below(high)
    if high is None:
        return _above(low)
    shared = 0
    while shared < len(low) and low[shared] == high[shared]:
        shared += 1
    prefix, low, high = low[:shared], low[shared:], high[shared:]
    left, right = low[0] if low else None, high[0]
    if isinstance(right, _Id):  # two that were put into one gap at the same time
        return _text([*prefix, *low[:1]]) + _above(low[1:])
    start = _text(prefix, to_be_continued=True)
    return start + (_inside(left, right, low, high) if isinstance(left, _Cell) else _below(high))


def _inside(left: _Cell, right: _Cell, low: Sequence[_Token], high: Sequence[_Token]) -> str:
    """Return a position between those that begin with two different cells."""
    upper: str | None = right.fraction
    if left.integer != right.integer:
        integer = _step(left.integer, 1)
        if integer < right.integer or (integer == right.integer and _goes_on(high)):
            return integer
        upper = None
    middle = _middle(left.fraction, upper)
    if middle is None:
        return _text([left], to_be_continued=True) + _above(low[1:])
    return left.integer + middle


def _above(tokens: Sequence[_Token]) -> str:
    """Return a position after those that begin so, with no upper bound."""
    first = tokens[0] if tokens else None
    return _step(first.integer, 1) if isinstance(first, _Cell) else _ORIGIN


def _below(tokens: Sequence[_Token]) -> str:
    """Return a position before those that begin so, with no lower bound."""
    first = tokens[0]
    if not isinstance(first, _Cell):
        raise _malformed()
    return first.integer if _goes_on(tokens) else _step(first.integer, -1)


def _goes_on(tokens: Sequence[_Token]) -> bool:
    """Tell whether the bare integer of the first cell comes before all of it."""
    first, second = tokens[:2]
    return isinstance(second, _Cell) or (isinstance(first, _Cell) and bool(first.fraction))


def _middle(low: str, high: str | None) -> str | None:
    """Return the shortest digits between two fractions, from the middle; None if they would be too many."""
    least = _number(low.ljust(_FRACTION, "0"))
    most = _BASE**_FRACTION if high is None else _number(high.ljust(_FRACTION, "0"))
    for length in range(1, _FRACTION + 1):
        unit = _BASE ** (_FRACTION - length)
        first, last = least // unit + 1, (most - 1) // unit
        if first <= last:
            return _digits((first + last) // 2, length)
    return None


def _step(integer: str, by: int) -> str:
    """Count an integer up or down by one."""
    head, size = integer[0], len(integer) - 1
    number = _number(integer[1:]) + by
    if 0 <= number < _BASE**size:
        return head + _digits(number, size)
    if integer[0] == ("z" if by > 0 else "A"):
        raise _no_room()
    head = {("Z", 1): "a", ("a", -1): "Z"}.get((head, by), chr(ord(head) + by))
    return head + ("0" if by > 0 else "z") * _size(head)


def _size(head: str) -> int:
    """Return how many digits follow the first letter of an integer."""
    return ord(head) - ord("a") + 1 if head >= "a" else ord("Z") - ord(head) + 1


def _tokens(text: str) -> list[_Token]:
    """Read a rank.

    Raises:
        InvalidValue: for `rank`.
    """
    if not _LEXICAL.fullmatch(text) or len(text) > MAX_RANK_LENGTH:
        raise _malformed()
    tokens: list[_Token] = []
    place = 0
    while place < len(text):
        start = place + 1
        if text[place] == "." and not (tokens and isinstance(tokens[-1], _Id)):
            place = start + 1 + _VALUES[text[start]]
            tokens.append(_Id(text[start:place]))
        elif text[place] in ascii_letters:
            start += _size(text[place])
            digits = text[start : start + _FRACTION].partition(".")[0]
            tokens.append(_Cell(text[place:start], digits.rstrip("0")))
            place = start + len(digits)
        else:
            raise _malformed()
        if "." in tokens[-1][0]:
            raise _malformed()
    # What was cut short, or has zeros too many, is written in another way than it was read.
    if place != len(text) or not isinstance(tokens[-1], _Id) or _text(tokens) != text:
        raise _malformed()
    return tokens


def _text(tokens: Sequence[_Token], *, to_be_continued: bool = False) -> str:
    """Write tokens. A cell that another cell follows has all its digits, so that it is seen where that one begins."""
    text = ""
    is_full = to_be_continued
    for token in reversed(tokens):
        if isinstance(token, _Id):
            text = f".{token.code}{text}"
        else:
            text = token.integer + (token.fraction.ljust(_FRACTION, "0") if is_full else token.fraction) + text
        is_full = isinstance(token, _Cell)
    return text


def _code(task_id: TaskId) -> str:
    """Write an id so that codes sort like ids, and none begins another: first how many digits, then these."""
    if not 1 <= task_id <= MAX_ID:
        raise ValueError(f"{task_id} is not the id of a task")
    size = 1
    while task_id >= _BASE**size:
        size += 1
    return _digits(size, 1) + _digits(task_id, size)


def _number(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * _BASE + _VALUES[digit]
    return number


def _digits(number: int, size: int) -> str:
    digits = ""
    for _ in range(size):
        number, last = divmod(number, _BASE)
        digits = _DIGITS[last] + digits
    return digits


def _malformed() -> InvalidValue:
    return InvalidValue("rank", "must be one that this service has made")


def _no_room() -> InvalidValue:
    return InvalidValue("rank", "there is no room left between the two neighbours")
