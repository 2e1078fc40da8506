"""Urgency as SQL: the same whole numbers as `taskharbor.domain.search.urgency`, term by term."""

from typing import Any, Final

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Text, and_, bindparam, case, literal_column, not_
from sqlalchemy.sql.elements import Grouping

from taskharbor.adapters.sqlalchemy.search.search_dialect import SearchDialect
from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.application.store_kit.search_tokens import tag_token
from taskharbor.domain.identifiers import INBOX, WorkspaceId
from taskharbor.domain.search.urgency import DAY, DUE_FROM, DUE_UNTIL, NEXT_TAG, SECOND, UrgencyScale
from taskharbor.domain.search.urgency_weights import TENTHS, UrgencyWeights, millionths, share
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.tags import tag_key

Number = ColumnElement[int]

_NOW: Final = bindparam("urgency_now", type_=BigInteger)
_UTC: Final = bindparam("urgency_utc", type_=BigInteger)
_WALL: Final = bindparam("urgency_wall", type_=BigInteger)
_NEXT: Final[BindParameter[str]] = bindparam("urgency_next", type_=Text)


def urgency_of(weights: UrgencyWeights, dialect: SearchDialect) -> Number:
    """Return how urgent a row is. Its parameters are those of `urgency_arguments`."""
    # The due date comes first: it is a wide integer, so that the sum is one too.
    return (
        _due(weights.due, dialect)
        + _age(weights)
        + _when(dialect.found_by(_NEXT), weights.next)
        + _when(and_(tasks.c.is_open, dialect.blocking), weights.blocking)
        + _when(and_(tasks.c.is_open, dialect.blocked), weights.blocked)
        + _when(tasks.c.progress == literal_column(f"'{Progress.IN_PROCESS}'", Text), weights.active)
        + _when(tasks.c.list != _integer_literal(INBOX), weights.project)
        + _scheduled(weights.scheduled)
        + _priority(weights)
        + _counted(tasks.c.comment_count, weights.annotations)
        + _counted(tasks.c.tag_count, weights.tags)
    )


def urgency_arguments(scale: UrgencyScale, workspace: WorkspaceId, dialect: SearchDialect) -> dict[str, Any]:
    """Return the values of the parameters."""
    return {
        "urgency_now": scale.utc,
        "urgency_utc": scale.utc // SECOND,
        "urgency_wall": scale.wall // SECOND,
        "urgency_next": dialect.query((tag_token(workspace, tag_key(NEXT_TAG)),), ()),
    }


def _due(weight: float, dialect: SearchDialect) -> Number:
    """Return what the due date counts, which rises in a line from `DUE_FROM` to `DUE_UNTIL`."""
    begins_a_day = tasks.c.due_wall % _integer_literal(DAY) == _integer_literal(0)
    # Of few documents it need be asked whether the day is all that they say.
    all_day = and_(begins_a_day, dialect.contains(tasks.c.document, literal_column("""',"due":{"date":'""", Text)))
    overdue = case(
        (tasks.c.due_utc.is_not(None), _UTC - tasks.c.due_utc),
        (all_day, _WALL - tasks.c.due_wall - _integer_literal(DAY)),
        else_=_WALL - tasks.c.due_wall,
    )
    line = DUE_UNTIL - DUE_FROM
    within = dialect.least(_integer_literal(DUE_UNTIL), dialect.greatest(_integer_literal(DUE_FROM), overdue))
    passed = within - literal_column(f"({DUE_FROM})", BigInteger)
    rising = _divided(
        _integer_literal(millionths(weight)) * (_integer_literal(line) + _integer_literal(4) * passed), 5 * line
    )
    return case((tasks.c.due_key.is_(None), _integer_literal(0)), else_=rising)


def _age(weights: UrgencyWeights) -> Number:
    full, longest = _integer_literal(millionths(weights.age)), round(weights.age_max * 1000)
    days = _divided(_NOW - tasks.c.created, DAY * SECOND) * _integer_literal(1000)
    if longest == 0:
        return full
    return case(
        (tasks.c.created >= _NOW, _integer_literal(0)),
        (days >= _integer_literal(longest), full),
        else_=_divided(full * days, longest),
    )


def _scheduled(weight: float) -> Number:
    zoned = and_(tasks.c.start_utc.is_not(None), tasks.c.start_utc < _UTC)
    local = and_(tasks.c.start_utc.is_(None), tasks.c.start_wall < _WALL)
    return case(
        (zoned, _integer_literal(millionths(weight))),
        (local, _integer_literal(millionths(weight))),
        else_=_integer_literal(0),
    )


def _priority(weights: UrgencyWeights) -> Number:
    priority = tasks.c.priority
    return case(
        (priority == _integer_literal(0), _integer_literal(0)),
        (priority < _integer_literal(5), _integer_literal(millionths(weights.priority_high))),
        (priority == _integer_literal(5), _integer_literal(millionths(weights.priority_medium))),
        else_=_integer_literal(millionths(weights.priority_low)),
    )


def _counted(count: ColumnElement[Any], weight: float) -> Number:
    few = [
        (count == _integer_literal(number), _integer_literal(share(weight, tenths, 10)))
        for number, tenths in enumerate(TENTHS[:-1])
    ]
    return case(*few, else_=_integer_literal(millionths(weight)))


def _when(holds: ColumnElement[bool], weight: float) -> Number:
    return case((not_(holds), _integer_literal(0)), else_=_integer_literal(millionths(weight)))


def _integer_literal(value: int) -> Number:
    return literal_column(f"({value})" if value < 0 else str(value), BigInteger)


def _divided(amount: Number, by: int) -> Number:
    # Both databases divide integers, and cut towards zero; SQLAlchemy's `/` and `//` mean something else. The
    # parentheses are ours: it leaves out those that do not matter to real numbers.
    return Grouping(Grouping(amount).op("/", return_type=BigInteger())(_integer_literal(by)))
