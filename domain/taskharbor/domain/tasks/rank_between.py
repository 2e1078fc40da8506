"""The ranks between two others: fractional indexing on strings, without ever renumbering.

A position is made of cells (`rank_notation`): an integer, and up to 8 digits in base 62 after it.

- At an open end the integer is counted up or down: length O(log n).
- Between two positions the gap is halved; the shortest digits in its middle are taken.
- When 8 digits are used up, a new cell is opened below the left neighbour. Its integer is an open end again. So going
  on at one end of a gap is O(log n) too, where plain halving takes a digit for every six moves.

Two moves into one gap at the same time get the same position and are distinguished, and ordered, by the id. Only a gap
between two such ranks has an id inside its positions: `a1.13a0.17` is between `a1.13` and `a1.14`.

After 10,000 moves into one gap a rank has at most 19 characters, if each goes next to the same neighbour, left or
right, or they alternate between the two. Where each goes between the last two moved, a rank grows by a fifth of a
character a move, to some 2,000: without renumbering no scheme needs less than 1 bit a move, a sixth of a character.
"""

from collections.abc import Sequence
from typing import Final

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.rank import Rank, id_code
from taskharbor.domain.tasks.rank_notation import (
    MAX_RANK_LENGTH,
    Cell,
    Id,
    Token,
    digits_between,
    malformed,
    no_room,
    stepped,
    text_of,
    tokens_of,
)
from taskharbor.domain.values.primitives import string_from

_ORIGIN: Final = "a0"


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
    low = None if before is None else tokens_of(before)
    high = None if after is None else tokens_of(after)
    rank = f"{_position(low, high)}.{id_code(task_id)}"
    if len(rank) > MAX_RANK_LENGTH:
        raise no_room()
    return Rank(rank)


def rank_from(value: object) -> Rank:
    """Return `value` as a rank.

    Raises:
        InvalidValue: for `rank`.
    """
    text = string_from("rank", value)
    tokens_of(text)
    return Rank(text)


def _position(low: Sequence[Token] | None, high: Sequence[Token] | None) -> str:
    if low is None:
        return _ORIGIN if high is None else _below(high)
    if high is None:
        return _above(low)
    shared = 0
    while shared < len(low) and low[shared] == high[shared]:
        shared += 1
    prefix, low, high = low[:shared], low[shared:], high[shared:]
    left, right = low[0] if low else None, high[0]
    if isinstance(right, Id):  # two that were put into one gap at the same time
        return text_of([*prefix, *low[:1]]) + _above(low[1:])
    start = text_of(prefix, to_be_continued=True)
    return start + (_inside(left, right, low, high) if isinstance(left, Cell) else _below(high))


def _inside(left: Cell, right: Cell, low: Sequence[Token], high: Sequence[Token]) -> str:
    """Return a position between those that begin with two different cells."""
    upper: str | None = right.fraction
    if left.integer != right.integer:
        integer = stepped(left.integer, 1)
        if integer < right.integer or (integer == right.integer and _goes_on(high)):
            return integer
        upper = None
    middle = digits_between(left.fraction, upper)
    if middle is None:
        return text_of([left], to_be_continued=True) + _above(low[1:])
    return left.integer + middle


def _above(tokens: Sequence[Token]) -> str:
    """Return a position after those that begin so, with no upper bound."""
    first = tokens[0] if tokens else None
    return stepped(first.integer, 1) if isinstance(first, Cell) else _ORIGIN


def _below(tokens: Sequence[Token]) -> str:
    """Return a position before those that begin so, with no lower bound."""
    first = tokens[0]
    if not isinstance(first, Cell):
        raise malformed()
    return first.integer if _goes_on(tokens) else stepped(first.integer, -1)


def _goes_on(tokens: Sequence[Token]) -> bool:
    """Return whether the bare integer of the first cell comes before all of it."""
    first, second = tokens[:2]
    return isinstance(second, Cell) or (isinstance(first, Cell) and bool(first.fraction))
