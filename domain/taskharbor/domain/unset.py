"""The difference between 'leave it' and 'make it null'."""

from enum import Enum
from typing import Final, Literal, TypeAlias


class _Unset(Enum):
    UNSET = "unset"


UNSET: Final = _Unset.UNSET
"""What a field of a command has when the caller did not name it."""

Unset: TypeAlias = Literal[_Unset.UNSET]
