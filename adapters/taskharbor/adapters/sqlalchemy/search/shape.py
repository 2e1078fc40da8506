"""The shape of a filter: filters that differ only in their literals share one compiled statement."""

from collections.abc import Hashable, Iterator
from typing import TypeAlias

from taskharbor.domain.search.filter import And, Compare, Filter, Flag, Has, Mentions, Not, Or, Present
from taskharbor.domain.search.time_span import Span

Leaf: TypeAlias = Compare | Has | Present | Flag | Mentions
"""A condition that is not made of others."""

Shape: TypeAlias = Hashable


def shape_of(filter: Filter | None) -> Shape:  # noqa: PLR0911  # one for each kind of part
    """Return what two filters have in common exactly if one statement serves both."""
    match filter:
        case None:
            return None
        case And(operands):
            return "and", tuple([shape_of(operand) for operand in operands])
        case Or(operands):
            return "or", tuple([shape_of(operand) for operand in operands])
        case Not(operand):
            return "not", shape_of(operand)
        case Compare(field, operator, _):
            return "compare", field, operator
        case Has() | Mentions():
            return "token"
        case Present(field):
            return "present", field
        case Flag(field):
            return "flag", field


def has_values(filter: Filter | None) -> bool:
    """Return whether two filters of this shape can differ."""
    return any(not isinstance(leaf, Flag | Present) for leaf in leaves_of(filter))


def asks_for_tokens(filter: Filter | None) -> bool:
    """Return whether the index of words has a part in it."""
    return any(isinstance(leaf, Has | Mentions) for leaf in leaves_of(filter))


def leaves_of(filter: Filter | None) -> Iterator[Leaf]:
    """Return the conditions that a filter is made of, in the order in which the compiler meets them."""
    match filter:
        case None:
            return
        case And(operands) | Or(operands):
            for operand in operands:
                yield from leaves_of(operand)
        case Not(operand):
            yield from leaves_of(operand)
        case _:
            yield filter


def name_of(place: int) -> str:
    """Return the name of the parameter of the condition at this place; several begin with it."""
    return f"p{place}"


def span_arguments(name: str, span: Span) -> dict[str, int]:
    """Return the parameters for a stretch of time: on each clock, and the first and last of both."""
    (utc_begin, utc_end), (wall_begin, wall_end) = span.utc, span.wall
    return {
        f"{name}_utc_begin": utc_begin,
        f"{name}_utc_end": utc_end,
        f"{name}_wall_begin": wall_begin,
        f"{name}_wall_end": wall_end,
        f"{name}_first_begin": min(utc_begin, wall_begin),
        f"{name}_last_begin": max(utc_begin, wall_begin),
        f"{name}_first_end": min(utc_end, wall_end),
        f"{name}_last_end": max(utc_end, wall_end),
    }
