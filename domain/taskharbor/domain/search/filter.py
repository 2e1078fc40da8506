"""Filters as a tree. `matching` defines what each part means.

A filter holds no unparsed text and no date that depends on today: both are resolved before (`filter_binding`,
`date_expressions`), so that it means the same on every store and at any time.
"""

from typing import Final, TypeAlias

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.search.fields import CAN_BE_ABSENT, FIELD_TYPES, OPERATORS, Field, Operator
from taskharbor.domain.search.time_span import Span
from taskharbor.domain.search.words import MAX_SEARCHED_WORDS, Words, is_word
from taskharbor.domain.tasks.fields import FieldType
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.text import UNREADABLE
from taskharbor.domain.values.uid import uid_from

MAX_DEPTH: Final = 80
"""How deep conditions are nested at most."""

MAX_CONDITIONS: Final = 200
"""How many conditions one filter has at most."""

_MAX_PARTS: Final = 4 * MAX_CONDITIONS
"""With what joins conditions."""

MAX_LITERAL: Final = 200
"""How many code points a text has at most that is compared with, once it is folded."""

_LATEST: Final = 2**62
"""Microseconds from 1970 within which a span must be."""

Value: TypeAlias = int | str | Span
"""What a field is compared with: text is folded, a duration is in seconds."""


@frozen
class And:
    """All of several conditions. At least one."""

    operands: "tuple[Filter, ...]"


@frozen
class Or:
    """Any of several conditions. At least one."""

    operands: "tuple[Filter, ...]"


@frozen
class Not:
    """The opposite of a condition. There are two truth values, so it holds wherever the condition does not."""

    operand: "Filter"


@frozen
class Compare:
    """A field that has one value, compared with another. `HAS` is for text, and means that it contains the other."""

    field: Field
    operator: Operator
    value: Value


@frozen
class Has:
    """A set, `tags` or `depends_on`, that has an item. A tag is given by its key."""

    field: Field
    item: int | str


@frozen
class Present:
    """A field that is not absent."""

    field: Field


@frozen
class Flag:
    """A field that is true."""

    field: Field


@frozen
class Mentions:
    """Words of which each begins one in the title, the description, a tag or a comment."""

    words: Words


Filter: TypeAlias = And | Or | Not | Compare | Has | Present | Flag | Mentions


def asks_for_flag(filter: Filter, field: Field) -> bool:
    """Return whether a flag is among the conditions of a filter."""
    if isinstance(filter, And | Or):
        return any(asks_for_flag(operand, field) for operand in filter.operands)
    if isinstance(filter, Not):
        return asks_for_flag(filter.operand, field)
    return filter == Flag(field)


def checked(filter: Filter) -> Filter:
    """Return `filter`, which may have been put together by hand, if it keeps the bounds and each part fits its field.

    What no text form could say is refused, so that no store is asked what it cannot answer as the others do.

    Raises:
        InvalidValue: for `filter`.
    """
    conditions, parts = 0, 0
    level: list[Filter] = [filter]
    for _ in range(MAX_DEPTH + 1):
        if not level:
            return filter
        parts += len(level)
        below: list[Filter] = []
        for part in level:
            if isinstance(part, And | Or):
                if not part.operands:
                    raise InvalidValue("filter", "must have a condition wherever it joins some")
                below += part.operands
            elif isinstance(part, Not):
                below.append(part.operand)
            else:
                conditions += 1
                _check(part)
        if conditions > MAX_CONDITIONS or parts > _MAX_PARTS:
            break
        level = below
    raise InvalidValue("filter", f"must have at most {MAX_CONDITIONS} conditions, {MAX_DEPTH} deep")


def _check(part: Compare | Has | Present | Flag | Mentions) -> None:
    if not _is_possible(part):
        raise InvalidValue("filter", f"cannot be {part}")


_TEXTS: Final = frozenset({FieldType.TAGS, FieldType.MEMBERS})
"""Types of sets of texts."""


def _is_possible(part: Compare | Has | Present | Flag | Mentions) -> bool:
    match part:
        case Compare(field, operator, value):
            is_known = operator in OPERATORS[FIELD_TYPES[field]] and (
                operator is not Operator.HAS or FIELD_TYPES[field] is FieldType.TEXT
            )
            return is_known and _fits(field, value)
        case Has(field, item):
            if isinstance(item, str):
                return FIELD_TYPES[field] in _TEXTS and _is_literal(item)
            return FIELD_TYPES[field] is FieldType.IDS and abs(item) <= MAX_ID
        case Present(field):
            return field in CAN_BE_ABSENT
        case Flag(field):
            return FIELD_TYPES[field] is FieldType.FLAG
        case Mentions(words):
            return 1 <= len(words) <= MAX_SEARCHED_WORDS and all(map(is_word, words))


def _fits(field: Field, value: Value) -> bool:
    match FIELD_TYPES[field]:
        case FieldType.NUMBER | FieldType.DURATION:
            return isinstance(value, int) and abs(value) <= MAX_ID
        case FieldType.TEXT:
            return isinstance(value, str) and _is_literal(value)
        case FieldType.UID:
            return isinstance(value, str) and _is_uid(value)
        case FieldType.PROGRESS:
            return isinstance(value, str) and value in {*Progress}
        case FieldType.CALENDAR | FieldType.INSTANT:
            return isinstance(value, Span) and all(abs(end) <= _LATEST for end in (*value.utc, *value.wall))
        case _:
            return False


def _is_literal(text: str) -> bool:
    return len(text) <= MAX_LITERAL and UNREADABLE.search(text) is None


def _is_uid(text: str) -> bool:
    try:
        return str(uid_from(text)) == text
    except InvalidValue:
        return False
