"""Binds the syntax tree of a filter to fields, types and dates."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from taskharbor.domain.identifiers import ListId
from taskharbor.domain.search.date_expressions import Viewpoint, depends_on_now
from taskharbor.domain.search.fields import CAN_BE_ABSENT, EQUALITY_OR_HAS, FIELD_TYPES, OPERATORS, Field, Operator
from taskharbor.domain.search.filter import MAX_CONDITIONS, And, Compare, Filter, Flag, Has, Not, Or, Present
from taskharbor.domain.search.filter_ast import All, Any, Group, InvalidFilter, Literal, Negation, Restriction, Syntax
from taskharbor.domain.search.literals import (
    echo,
    flag_from,
    is_name,
    item_from,
    list_name_from,
    mentions_from,
    value_from,
)
from taskharbor.domain.tasks.fields import FieldType

ListIds: TypeAlias = Callable[[str], Sequence[ListId]]
"""Returns the ids of the lists that have a name, which is folded; several can have the same."""


def filter_from(syntax: Syntax, here: Viewpoint, list_ids: ListIds = lambda _: ()) -> Filter:
    """Return the filter that `syntax` means from the viewpoint `here`, where lists have names.

    Raises:
        InvalidFilter: if a field or a list is unknown, a literal does not fit its field, or there are too many
            conditions.
    """
    return _Reader(here, list_ids).read(syntax, None)


def is_lasting(syntax: Syntax) -> bool:
    """Return whether a filter means the same at any time, for certain."""
    match syntax:
        case All(parts) | Any(parts):
            return all(map(is_lasting, parts))
        case Negation(part) | Group(part):
            return is_lasting(part)
        case Restriction(subject, _, argument):
            if isinstance(argument, Group):
                return is_lasting(argument)
            return not any(depends_on_now(literal.text) for literal in (subject, argument) if literal is not None)


class _Reader:
    """Reads one filter; counts its conditions."""

    def __init__(self, here: Viewpoint, list_ids: ListIds) -> None:
        self._here = here
        self._list_ids = list_ids
        self._conditions = 0

    def read(self, syntax: Syntax, of: tuple[Field, Operator] | None) -> Filter:
        """Return what `syntax` means, whose literals are arguments `of` a field and an operator if that is given."""
        match syntax:
            case All(parts):
                return And(tuple(self.read(part, of) for part in parts))
            case Any(parts):
                return Or(tuple(self.read(part, of) for part in parts))
            case Negation(part):
                return Not(self.read(part, of))
            case Group(part):
                return self.read(part, of)
            case Restriction(subject, operator, argument):
                return self._restriction(subject, operator, argument, of)

    def _restriction(
        self,
        subject: Literal,
        operator: Operator | None,
        argument: Literal | Group | None,
        of: tuple[Field, Operator] | None,
    ) -> Filter:
        self._conditions += not isinstance(argument, Group)
        if self._conditions > MAX_CONDITIONS:
            raise InvalidFilter(f"more than {MAX_CONDITIONS} conditions", column=subject.column)
        if of is not None:
            if operator is not None:
                raise InvalidFilter("only values can be in the parentheses after an operator", column=subject.column)
            return self._comparison(*of, subject)
        if operator is None or argument is None:
            return _alone(subject)
        field = _field_of(subject)
        if operator not in OPERATORS[FIELD_TYPES[field]]:
            usable = " ".join(sorted(OPERATORS[FIELD_TYPES[field]]))
            raise InvalidFilter(
                f"{field} cannot be compared with {operator}, only with {usable}", column=subject.column
            )
        if isinstance(argument, Group):
            return self.read(argument, (field, operator))
        return self._comparison(field, operator, argument)

    def _comparison(self, field: Field, operator: Operator, literal: Literal) -> Filter:
        if operator is Operator.HAS and literal.text == "*" and not literal.is_quoted:
            if field not in CAN_BE_ABSENT:
                raise InvalidFilter(f"{field} is never absent, so :* says nothing", column=literal.column)
            return Present(field)
        match FIELD_TYPES[field]:
            case FieldType.FLAG:
                is_true = flag_from(field, literal) is not (operator is Operator.NOT_EQUAL)
                return Flag(field) if is_true else Not(Flag(field))
            case FieldType.TAGS | FieldType.IDS | FieldType.MEMBERS:
                return Has(field, item_from(field, literal))
            case FieldType.TEXT:
                return Compare(field, operator, value_from(field, literal, self._here))
            case _ if field is Field.LIST and operator in EQUALITY_OR_HAS and is_name(literal):
                return self._in_list(operator is Operator.NOT_EQUAL, literal)
            case _:
                plain = Operator.EQUAL if operator is Operator.HAS else operator
                return Compare(field, plain, value_from(field, literal, self._here))

    def _in_list(self, negated: bool, literal: Literal) -> Filter:
        ids = self._list_ids(list_name_from(literal))
        if not ids:
            raise InvalidFilter(f"no list is named {echo(literal.text)}", column=literal.column)
        parts = tuple(Compare(Field.LIST, Operator.EQUAL, id_) for id_ in ids)
        found = parts[0] if len(parts) == 1 else Or(parts)
        return Not(found) if negated else found


def _alone(literal: Literal) -> Filter:
    """A literal without a field: a flag, or in quotes words to look for. AIP-160 leaves the choice to the service.

    Other words are refused, not looked for: a flag that is misspelt must never turn into a search that finds nothing,
    which under NOT would be all tasks.
    """
    if literal.is_quoted:
        return mentions_from(literal)
    text = literal.text
    flag = _FIELDS.get(text)
    if flag is None or FIELD_TYPES[flag] is not FieldType.FLAG:
        flags = ", ".join(field for field in Field if FIELD_TYPES[field] is FieldType.FLAG)
        hint = "needs an operator and a value" if flag else f"is not one of {flags}; to look for a word, quote it"
        raise InvalidFilter(f"{echo(text)} alone {hint}", column=literal.column)
    return Flag(flag)


def _field_of(literal: Literal) -> Field:
    field = None if literal.is_quoted else _FIELDS.get(literal.text)
    if field is None:
        raise InvalidFilter(
            f"{echo(literal.text)} is not a field; these are: {', '.join(Field)}", column=literal.column
        )
    return field


_FIELDS: Final = {field.value: field for field in Field}
