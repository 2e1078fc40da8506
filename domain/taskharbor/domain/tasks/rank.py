"""Manual order of tasks: ranks, which are compared byte by byte (`COLLATE "C"` in SQL).

A rank is a *position* and, after a full stop, the task's id: first how many digits the id has, then these.
`rank_between` says what ranks tasks get that are moved.
"""

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import Final, NewType

from taskharbor.domain.identifiers import MAX_ID, TaskId

Rank = NewType("Rank", str)
"""ASCII text; ranks sort like the bytes of their text."""

DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE: Final = len(DIGITS)
_POWERS: Final = [BASE**size for size in range(10)]
"""Up to more than `MAX_ID`."""
_FIRST_OF_SIZE: Final = [0, *accumulate(_POWERS[1:])]
"""The places from which on an integer has 1, 2, 3... digits."""


def natural_rank(task_id: TaskId) -> Rank:
    """Return the rank of a task that was never moved: tasks stand in the order in which they were made.

    It is computed from the id alone, so a create reads nothing.
    """
    return Rank(f"{_natural_integer(task_id)}.{id_code(task_id)}")


def rank_at(rank: Rank, task_id: TaskId) -> Rank:
    """Return the rank of a task that stands where another one stood in another workspace.

    Tasks that are brought along so keep their order among themselves.
    """
    return Rank(f"{rank.rpartition('.')[0]}.{id_code(task_id)}")


def id_code(task_id: TaskId) -> str:
    """Write an id so that codes sort like ids, and none begins another: first how many digits, then these.

    Raises:
        ValueError: if it is not the id of a task.
    """
    if not 1 <= task_id <= MAX_ID:
        raise ValueError(f"{task_id} is not the id of a task")
    size = bisect_right(_POWERS, task_id)
    return DIGITS[size] + digits_of(task_id, size)


def _natural_integer(number: int) -> str:
    """Return the integer of a cell that stands at place `number`, 0 being `a0`."""
    size = bisect_right(_FIRST_OF_SIZE, number)
    return chr(ord("a") + size - 1) + digits_of(number - _FIRST_OF_SIZE[size - 1], size)


def digits_of(number: int, size: int) -> str:
    """Return a number in base 62, with as many digits as that."""
    return _leading_digits(number // BASE, size - 1) + DIGITS[number % BASE] if size else ""


@lru_cache(maxsize=16)  # of the numbers of new tasks, they are the same for 62 in a row
def _leading_digits(number: int, size: int) -> str:
    digits = ""
    for _ in range(size):
        digits = DIGITS[number % BASE] + digits
        number //= BASE
    return digits
