"""A filter that was put together from its parts, as the text that a server reads."""

from typing import assert_never

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.fields import FIELD_TYPES
from taskharbor.domain.search.filter import And, Compare, Filter, Flag, Has, Mentions, Not, Or, Present
from taskharbor.domain.tasks.fields import FieldType


def filter_text(filter: Filter) -> str:  # noqa: PLR0911  # one for each part
    """Return a filter as text.

    Raises:
        InvalidValue: for `filter`, if it has a part that text says otherwise: a span of time, words, or a comparison
            with text that has a `*` or a quotation mark.
    """
    match filter:
        case Flag(field):
            return field.value
        case Present(field):
            return f"{field.value}:*"
        case Not(operand):
            return f"NOT ({filter_text(operand)})"
        case And(operands):
            return " AND ".join(f"({filter_text(each)})" for each in operands)
        case Or(operands):
            return " OR ".join(f"({filter_text(each)})" for each in operands)
        case Has(field, item):
            return f"{field.value}:{_literal(item)}"
        case Compare(field, operator, value):
            if FIELD_TYPES[field] is FieldType.DURATION and isinstance(value, int):
                return f"{field.value} {operator} PT{value}S"
            return f"{field.value} {operator} {_literal(value)}"
        case Mentions():
            raise InvalidValue("filter", "must have its words in q when a server is asked")
        case _:
            assert_never(filter)


def _literal(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str) and not {"*", '"', "\\"} & set(value):
        return f'"{value}"'
    raise InvalidValue("filter", "must be text when a server is asked, as it has a time, or a mark in a text")
