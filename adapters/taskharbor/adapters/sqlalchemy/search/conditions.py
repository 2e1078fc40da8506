"""Filters as SQL. Memory says what they mean (`taskharbor.domain.search.matching`); here is how a database finds it.

SQL has three truth values and a filter two. So NOT is never put on a part: it is moved inwards, to the conditions,
and each of them is written so that neither it nor its opposite is NULL where that would count.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Text, and_, bindparam, literal_column, not_, or_

from taskharbor.adapters.sqlalchemy.search.field_columns import CLOCKS, COLUMNS
from taskharbor.adapters.sqlalchemy.search.order import absent_last
from taskharbor.adapters.sqlalchemy.search.search_dialect import SearchDialect
from taskharbor.adapters.sqlalchemy.search.shape import Leaf, name_of, span_arguments
from taskharbor.adapters.sqlalchemy.statement import integer_parameter
from taskharbor.adapters.sqlalchemy.tables import UidColumn, tasks
from taskharbor.application.store_kit.search_tokens import assignee_token, dependency_token, tag_token, word_token
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.search.fields import EQUALITY, FIELD_TYPES, Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter, Flag, Has, Mentions, Not, Or, Present
from taskharbor.domain.search.order import FARTHEST
from taskharbor.domain.search.time_span import Span
from taskharbor.domain.tasks.fields import FIELDS_BY_NAME, FieldType
from taskharbor.domain.tasks.progress import Progress

Condition = ColumnElement[bool]

_OPERATIONS: Final[Mapping[Operator, Callable[[Any, Any], Any]]] = {
    Operator.EQUAL: eq,
    Operator.NOT_EQUAL: ne,
    Operator.LESS: lt,
    Operator.AT_MOST: le,
    Operator.GREATER: gt,
    Operator.AT_LEAST: ge,
}
_NO_UPPER_END: Final = frozenset({Operator.GREATER, Operator.AT_LEAST})
_FARTHEST: Final = literal_column(str(FARTHEST), BigInteger)


def condition_of(filter: Filter, dialect: SearchDialect, places: Iterator[int]) -> Condition:
    """Return the condition. Its parameters are those that `arguments_of` makes of each leaf, for the next place."""
    return _Compiler(dialect).compile(filter, places, negated=False)


def arguments_of(leaf: Leaf, place: int, workspace: WorkspaceId, dialect: SearchDialect) -> dict[str, Any]:
    """Return the values of the parameters of the condition that a leaf became."""
    name = name_of(place)
    match leaf:
        case Compare(field, _, Span() as span):
            return span_arguments(name, span.in_seconds() if FIELD_TYPES[field] is FieldType.CALENDAR else span)
        case Compare(_, _, value):
            return {name: value}
        case Has():
            return {name: dialect.query((token_of(leaf, workspace),), ())}
        case Mentions(words):
            return {name: dialect.query((), [word_token(workspace, word) for word in words])}
        case _:
            return {}


def token_of(leaf: Has, workspace: WorkspaceId) -> str:
    """Return the token of what has an item."""
    match leaf:
        case Has(Field.TAGS, item):
            return tag_token(workspace, str(item))
        case Has(Field.ASSIGNEES, item):
            return assignee_token(workspace, str(item))
        case Has(_, item):
            return dependency_token(workspace, int(item))


class _Compiler:
    def __init__(self, dialect: SearchDialect) -> None:
        self._dialect = dialect

    def compile(self, filter: Filter, places: Iterator[int], *, negated: bool) -> Condition:
        match filter:
            case And(operands) | Or(operands):
                parts = [self.compile(operand, places, negated=negated) for operand in operands]
                return and_(*parts) if isinstance(filter, And) is not negated else or_(*parts)
            case Not(operand):
                return self.compile(operand, places, negated=not negated)
            case _:
                return self._leaf(filter, name_of(next(places)), negated=negated)

    def _leaf(self, leaf: Leaf, name: str, *, negated: bool) -> Condition:
        match leaf:
            case Compare(field) if FIELD_TYPES[field] is FieldType.CALENDAR:
                return _calendar(leaf, name, negated=negated)
            case Compare(field):
                return _or_absent(self._compare(leaf, name), field, negated=negated)
            case Has() | Mentions():
                found = self._dialect.found_by(bindparam(name, type_=Text))
                return not_(found) if negated else found
            case Present(field):
                present = self._is_present(field)
                return not_(present) if negated else present
            case Flag(field):
                flag = self._flag(field)
                return not_(flag) if negated else flag

    def _compare(self, leaf: Compare, name: str) -> Condition:
        column = COLUMNS[leaf.field]
        if isinstance(leaf.value, Span):
            holds = _within(leaf.operator, column, f"{name}_utc")
            # A range with two ends, though the upper one says nothing: a planner takes many to be beyond one end.
            return and_(holds, column < _FARTHEST) if leaf.operator in _NO_UPPER_END else holds
        if leaf.operator is Operator.HAS:
            return self._dialect.contains(column, bindparam(name, type_=Text))
        kind = UidColumn if leaf.field is Field.UID else Text if isinstance(leaf.value, str) else BigInteger
        compared: Condition = _OPERATIONS[leaf.operator](column, bindparam(name, type_=kind))
        absent = FIELDS_BY_NAME[leaf.field].absent
        if isinstance(absent, int) and leaf.operator not in EQUALITY:
            return and_(column != literal_column(str(absent)), compared)
        return compared

    def _flag(self, field: Field) -> Condition:
        match field:
            case Field.BLOCKED:
                # There is an index of those that depend on anything.
                return and_(tasks.c.depends_on.is_not(None), self._dialect.blocked)
            case Field.IS_COMPLETED:
                return tasks.c.progress == literal_column(f"'{Progress.COMPLETED}'")
            case Field.RECURRING:
                return self._document_says('"recurrence":{')
            case _:
                return tasks.c.is_open

    def _is_present(self, field: Field) -> Condition:
        if field is Field.TAGS:
            return tasks.c.tag_count != literal_column("0")
        if field is Field.ASSIGNEES:
            return self._document_says('"assignees":[')
        absent = FIELDS_BY_NAME[field].absent
        return COLUMNS[field] != literal_column(str(absent)) if isinstance(absent, int) else COLUMNS[field].is_not(None)

    def _document_says(self, member: str) -> Condition:
        """Whether the document has a member. No text in it can look like one: its quotes would have backslashes."""
        return self._dialect.contains(tasks.c.document, literal_column(f"',{member}'", Text))


def _or_absent(holds: Condition, field: Field, *, negated: bool) -> Condition:
    if not negated:
        return holds
    column = COLUMNS[field]
    return or_(column.is_(None), not_(holds)) if getattr(column, "nullable", False) else not_(holds)


def _calendar(leaf: Compare, name: str, *, negated: bool) -> Condition:
    wall, utc, key = CLOCKS[leaf.field]
    holds = or_(
        and_(utc.is_(None), _within(leaf.operator, wall, f"{name}_wall")),
        and_(utc.is_not(None), _within(leaf.operator, utc, f"{name}_utc")),
    )
    if negated:
        return or_(key.is_(None), not_(holds))
    return and_(_roughly(leaf.operator, absent_last(key), name), key.is_not(None), holds)


def _within(operator: Operator, moment: ColumnElement[Any], name: str) -> Condition:
    begin, end = integer_parameter(f"{name}_begin"), integer_parameter(f"{name}_end")
    match operator:
        case Operator.LESS:
            return moment < begin
        case Operator.AT_MOST:
            return moment < end
        case Operator.GREATER:
            return moment >= end
        case Operator.AT_LEAST:
            return moment >= begin
        case Operator.NOT_EQUAL:
            return or_(moment < begin, moment >= end)
        case _:
            return and_(moment >= begin, moment < end)


def _roughly(operator: Operator, key: ColumnElement[Any], name: str) -> Condition:
    """What the index can decide: `key` is by one of the clocks, and the bounds are those of either."""
    present = key < _FARTHEST
    match operator:
        case Operator.LESS:
            return key < integer_parameter(f"{name}_last_begin")
        case Operator.AT_MOST:
            return key < integer_parameter(f"{name}_last_end")
        case Operator.GREATER:
            return and_(key >= integer_parameter(f"{name}_first_end"), present)
        case Operator.AT_LEAST:
            return and_(key >= integer_parameter(f"{name}_first_begin"), present)
        case Operator.NOT_EQUAL:
            return present
        case _:
            return and_(key >= integer_parameter(f"{name}_first_begin"), key < integer_parameter(f"{name}_last_end"))
