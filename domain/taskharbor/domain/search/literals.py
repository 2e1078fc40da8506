"""What the literals of a filter mean, by the field that they are compared with."""

import re
from collections.abc import Callable
from typing import Final, TypeVar

from taskharbor.domain.access.members import member_id_from
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.search.date_expressions import Viewpoint, span_from
from taskharbor.domain.search.fields import FIELD_TYPES, Field
from taskharbor.domain.search.filter import MAX_LITERAL, Filter, Value
from taskharbor.domain.search.filter_ast import InvalidFilter, Literal
from taskharbor.domain.search.mentions import mentions_of
from taskharbor.domain.tasks.fields import FieldType
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.tags import tag_from, tag_key
from taskharbor.domain.values.duration import duration_from
from taskharbor.domain.values.text import UNREADABLE, folded
from taskharbor.domain.values.uid import uid_from

T = TypeVar("T")

_NUMBER: Final = re.compile(r"-?[0-9]{1,16}")
_FLAGS: Final = {"true": True, "false": False}
_LONGEST_ECHO: Final = 40


def value_from(field: Field, literal: Literal, here: Viewpoint) -> Value:
    """Return what `field` is compared with.

    Raises:
        InvalidFilter: if `literal` does not fit the field.
    """
    match FIELD_TYPES[field]:
        case FieldType.NUMBER:
            return _integer_literal(field, literal)
        case FieldType.TEXT:
            return _text(literal)
        case FieldType.UID:
            return _asked(literal, lambda: str(uid_from(literal.text)))
        case FieldType.PROGRESS:
            return _progress(field, literal)
        case FieldType.DURATION:
            return _asked(literal, lambda: duration_from("a duration", literal.text).in_seconds)
        case _:
            return _asked(literal, lambda: span_from(field, literal.text, here))


def flag_from(field: Field, literal: Literal) -> bool:
    """Return whether `literal` says true.

    Raises:
        InvalidFilter: if it says neither that nor false.
    """
    if literal.text not in _FLAGS:
        raise InvalidFilter(f"{field} is true or false", column=literal.column)
    return _FLAGS[literal.text]


def item_from(field: Field, literal: Literal) -> int | str:
    """Return what a set may have: the key of a tag, or an id of a task or a member.

    Raises:
        InvalidFilter: if it can have no such item.
    """
    if FIELD_TYPES[field] is FieldType.IDS:
        return _integer_literal(field, literal)
    if FIELD_TYPES[field] is FieldType.MEMBERS:
        return _asked(literal, lambda: member_id_from("an assignee", literal.text))
    return _asked(literal, lambda: tag_key(tag_from("a tag", _readable(literal))))


def is_name(literal: Literal) -> bool:
    """Return whether a list is meant by its name: what is quoted, or no number."""
    return literal.is_quoted or _NUMBER.fullmatch(literal.text) is None


def list_name_from(literal: Literal) -> str:
    """Return the name of a list, folded.

    Raises:
        InvalidFilter: if it has a character that none has.
    """
    return folded(_readable(literal).strip())


def mentions_from(literal: Literal) -> Filter:
    """Return what finds the words to look for.

    Raises:
        InvalidFilter: if there are none.
    """
    return _asked(literal, lambda: mentions_of("a search", _readable(literal)))


def echo(text: str) -> str:
    """Return so much of a caller's text as an error repeats."""
    return text if len(text) <= _LONGEST_ECHO else f"{text[:_LONGEST_ECHO]}..."


def _integer_literal(field: Field, literal: Literal) -> int:
    if not _NUMBER.fullmatch(literal.text) or abs(number := int(literal.text)) > MAX_ID:
        raise InvalidFilter(f"{field} is compared with a whole number up to {MAX_ID}", column=literal.column)
    return number


def _text(literal: Literal) -> str:
    key = folded(_readable(literal))
    if len(key) > MAX_LITERAL:
        raise InvalidFilter(f"text has at most {MAX_LITERAL} characters here", column=literal.column)
    return key


def _progress(field: Field, literal: Literal) -> str:
    if literal.text not in {*Progress}:
        raise InvalidFilter(f"{field} is one of {', '.join(Progress)}", column=literal.column)
    return literal.text


def _readable(literal: Literal) -> str:
    if found := UNREADABLE.search(literal.text):
        raise InvalidFilter(f"must not contain U+{ord(found[0]):04X}", column=literal.column)
    return literal.text


def _asked(literal: Literal, read: Callable[[], T]) -> T:
    try:
        return read()
    except InvalidFilter:
        raise
    except InvalidValue as invalid:
        raise InvalidFilter(f"{invalid.field} {invalid.reason}", column=literal.column) from None
