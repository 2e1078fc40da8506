"""Reads filters by the grammar of AIP-160 (google.aip.dev/160), with the parser generator lark."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedToken, VisitError

from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.domain.search.fields import Operator
from taskharbor.domain.search.filter_ast import (
    MAX_FILTER_LENGTH,
    All,
    Any,
    Group,
    InvalidFilter,
    Literal,
    Negation,
    Restriction,
    Syntax,
    grouped,
)

# As in AIP-160, OR binds more tightly than AND, and parts side by side are joined like AND. Left out are functions and
# the dot that leads into structures: no field has any. A time may stand without quotes, with its colons.
GRAMMAR: Final = r"""
    start: expression
    expression: sequence ("AND" sequence)*
    sequence: factor+
    factor: term ("OR" term)*
    term: simple
        | ("NOT" | "-") simple -> negation
    ?simple: restriction | composite
    restriction: value [COMPARATOR argument]
    ?argument: value | composite | "-" TEXT -> negative
    composite: LPAREN expression ")"
    ?value: TEXT -> bare
        | STRING -> quoted

    COMPARATOR: "<=" | ">=" | "!=" | "<" | ">" | "=" | ":"
    LPAREN: "("
    TEXT: TIME | /[^\s()<>=!:,"'-][^\s()<>=!:,"']*/
    TIME.1: /\d{4}-\d\d-\d\dT\d\d:[\d:.]+(Z|[+-]\d\d:\d\d)?([+-]\w+)*/
    STRING: /"(?:[^"\\]|\\.)*"/s | /'(?:[^'\\]|\\.)*'/s
    %ignore /\s+/
"""

_KEYWORDS: Final = frozenset({"AND", "OR", "NOT"})
_REMEMBERED: Final = 512
_SHORT: Final = 500
_LONG_REMEMBERED: Final = 16
"""One batch may have the same long filter a hundred times, and reading it takes milliseconds."""


class LarkFilterParser(FilterParser):
    """Reads in a time that is proportional to the length, without recursion. What was read before is remembered."""

    def __init__(self) -> None:
        self._read_short: Callable[[str], Syntax] = lru_cache(_REMEMBERED)(_parse)
        self._read_long: Callable[[str], Syntax] = lru_cache(_LONG_REMEMBERED)(_parse)

    def read(self, text: str) -> Syntax:
        """Return what is said in `text`."""
        if len(text) > MAX_FILTER_LENGTH:
            raise InvalidFilter(f"more than {MAX_FILTER_LENGTH} characters", column=MAX_FILTER_LENGTH + 1)
        return self._read_short(text) if len(text) <= _SHORT else self._read_long(text)


def _parse(text: str) -> Syntax:
    if not text.strip():
        raise InvalidFilter("is empty", column=1)
    try:
        return parser().parse(text)  # type: ignore[return-value]  # what the transformer has made of the tree
    except UnexpectedToken as error:
        if error.token.type == "$END":
            raise InvalidFilter("something is missing at the end", column=len(text) + 1) from None
        raise InvalidFilter(f"{str(error.token)[:20]} cannot stand here", column=_column(error.token)) from None
    except UnexpectedCharacters as error:
        quote = error.char in "\"'"
        reason = f"{error.char} is never closed" if quote else f"{error.char} cannot stand here"
        raise InvalidFilter(reason, column=cast("int", error.pos_in_stream) + 1) from None
    except VisitError as error:
        if isinstance(error.orig_exc, InvalidFilter):
            raise error.orig_exc from None
        raise


def _column(token: Token) -> int:
    return (token.start_pos or 0) + 1


@v_args(inline=True)
class _Syntax(Transformer[Token, Syntax]):
    """Makes the tree from the bottom up, while the text is read."""

    def start(self, part: Syntax) -> Syntax:
        return part

    def expression(self, *parts: Syntax) -> Syntax:
        return parts[0] if len(parts) == 1 else All(parts)

    sequence = expression

    def factor(self, *parts: Syntax) -> Syntax:
        return parts[0] if len(parts) == 1 else Any(parts)

    def term(self, part: Syntax) -> Syntax:
        return part

    def negation(self, part: Syntax) -> Syntax:
        return Negation(part)

    def composite(self, parenthesis: Token, part: Syntax) -> Group:
        return grouped(part, column=_column(parenthesis))

    def restriction(self, subject: Literal, comparator: Token | None, argument: Literal | Group | None) -> Syntax:
        return Restriction(subject, None if comparator is None else Operator(comparator), argument)

    def bare(self, token: Token) -> Literal:
        if token in _KEYWORDS:
            raise InvalidFilter(f"{token} cannot stand here; as a word it must be quoted", column=_column(token))
        return Literal(str(token), is_quoted=False, column=_column(token))

    def negative(self, token: Token) -> Literal:
        return Literal(f"-{token}", is_quoted=False, column=_column(token))

    def quoted(self, token: Token) -> Literal:
        return Literal(_unescaped(str(token[1:-1])), is_quoted=True, column=_column(token))


def _unescaped(text: str) -> str:
    first, *others = text.split("\\\\")
    return "\\".join(part.replace("\\", "") for part in (first, *others))


@lru_cache(1)
def parser() -> Lark:
    """Return the parser, made when it is first needed: that takes longer than an import should."""
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=True, transformer=_Syntax())
