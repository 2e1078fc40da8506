"""The statements that find tasks by their relations to lists and other tasks."""

from collections.abc import Mapping
from functools import partial
from itertools import product
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Select, Text, bindparam, select

from taskharbor.adapters.sqlalchemy.queries.task_queries import WORKSPACE
from taskharbor.adapters.sqlalchemy.search.search_dialect import SearchDialect
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.application.ports.task_relations import InList, Relation, SubtasksOf, WaitingFor
from taskharbor.application.store_kit.search_tokens import dependency_token
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.tasks.rank import Rank

_LOWEST: Final = ""
_HIGHEST: Final = "~"
"""Greater than every rank: these are letters, digits and full stops."""

_OF: Final = bindparam("of_number", type_=BigInteger)


class RelationStatements:
    """One statement for each kind of relation and each direction."""

    def __init__(self, dialect: SearchDialect) -> None:
        self._query = dialect.query
        waiting_for = dialect.found_by(bindparam("words", type_=Text))
        conditions: Mapping[type[Relation], ColumnElement[bool]] = {
            InList: tasks.c.list == _OF,
            SubtasksOf: tasks.c.parent == _OF,
            WaitingFor: tasks.c.is_open & waiting_for,
        }
        self._statements = {
            (relation, backwards): Statement(partial(_select, condition, backwards=backwards), dialect.dialect)
            for (relation, condition), backwards in product(conditions.items(), (False, True))
        }

    def of(
        self, workspace: WorkspaceId, relation: Relation, *, beyond: Rank | None, backwards: bool, limit: int
    ) -> tuple[Statement, dict[str, Any]]:
        """Return the statement, and the values of its parameters."""
        number = _number_of(relation)
        values = {
            "in_workspace": workspace,
            "of_number": number,
            "words": self._query((dependency_token(workspace, number),), ()),
            "beyond": (_HIGHEST if backwards else _LOWEST) if beyond is None else beyond,
            "at_most": limit,
        }
        return self._statements[type(relation), backwards], values


def _number_of(relation: Relation) -> int:
    """Return the id that a relation is about."""
    match relation:
        case InList(list=number) | SubtasksOf(parent=number) | WaitingFor(needed=number):
            return number


def _select(condition: ColumnElement[bool], *, backwards: bool) -> Select[Any, Any]:
    beyond = bindparam("beyond", type_=Text)
    return (
        select(tasks.c.rank, tasks.c.id)
        .where(
            tasks.c.workspace == WORKSPACE,
            tasks.c.deleted.is_(None),
            condition,
            tasks.c.rank < beyond if backwards else tasks.c.rank > beyond,
        )
        .order_by(tasks.c.rank.desc() if backwards else tasks.c.rank)
        .limit(bindparam("at_most", type_=BigInteger))
    )
