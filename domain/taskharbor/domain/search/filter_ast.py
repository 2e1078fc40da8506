"""The syntax tree of a filter in its text form, before fields and types are checked.

The grammar is that of AIP-160 (google.aip.dev/160); the parser is an adapter. Columns count code
points of the text, from 1.
"""

from typing import Final, TypeAlias

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.search.fields import Operator

MAX_FILTER_LENGTH: Final = 8000
"""In code points."""

MAX_PARENTHESES: Final = 20
"""How many are inside one another at most."""


class InvalidFilter(InvalidValue):
    """A filter cannot be understood.

    Attributes:
        column: where in its text, in code points from 1.
    """

    def __init__(self, reason: str, *, column: int) -> None:
        super().__init__("filter", f"column {column}: {reason}")
        self.column = column


@frozen
class Literal:
    """A word or a quoted string."""

    text: str
    is_quoted: bool
    column: int


@frozen
class Restriction:
    """A literal alone, or a field with an operator and an argument."""

    subject: Literal
    operator: Operator | None = None
    argument: "Literal | Group | None" = None

    @property
    def depth(self) -> int:
        """How many parentheses are inside one another."""
        return self.argument.depth if isinstance(self.argument, Group) else 0


@frozen
class All:
    """Several parts, joined by AND or just put side by side."""

    parts: "tuple[Syntax, ...]"

    @property
    def depth(self) -> int:
        """How many parentheses are inside one another."""
        return max(part.depth for part in self.parts)


@frozen
class Any:
    """Several parts, joined by OR."""

    parts: "tuple[Syntax, ...]"

    @property
    def depth(self) -> int:
        """How many parentheses are inside one another."""
        return max(part.depth for part in self.parts)


@frozen
class Negation:
    """A part with NOT or a minus before it."""

    part: "Syntax"

    @property
    def depth(self) -> int:
        """How many parentheses are inside one another."""
        return self.part.depth


@frozen
class Group:
    """A part in parentheses; `column` is that of the first one. Made by `grouped`, which bounds the depth."""

    part: "Syntax"
    depth: int
    column: int


Syntax: TypeAlias = Restriction | All | Any | Negation | Group


def grouped(part: Syntax, *, column: int) -> Group:
    """Return a part in parentheses.

    Raises:
        InvalidFilter: if too many are inside one another.
    """
    depth = part.depth + 1
    if depth > MAX_PARENTHESES:
        raise InvalidFilter(f"more than {MAX_PARENTHESES} parentheses are inside one another", column=column)
    return Group(part, depth, column)
