"""The statements that read, compiled for one dialect."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Self

from sqlalchemy import ColumnElement, Dialect

from taskharbor.adapters.sqlalchemy.queries import history_queries as past_reads
from taskharbor.adapters.sqlalchemy.queries import task_queries as reads
from taskharbor.adapters.sqlalchemy.queries.json_page import json_changes_end, json_changes_page, json_page
from taskharbor.adapters.sqlalchemy.search.pages import SKIP
from taskharbor.adapters.sqlalchemy.search.relations import RelationStatements
from taskharbor.adapters.sqlalchemy.search.search_dialect import Hidden, SearchDialect
from taskharbor.adapters.sqlalchemy.search.statements import SearchStatements
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.application.ports.change_feed import Position
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import MAX_ID


@frozen(kw_only=True)
class CompiledQueries:
    """The queries that both databases share."""

    any_page: Statement
    usual_pages: Mapping[int, Statement]
    usual_skips: Mapping[int, Statement]
    any_changes: Statement
    usual_changes: Mapping[int, Statement]
    changes_ends: Mapping[bool, Statement]
    list_records: Statement
    list_history: Statement
    list_commit: Statement
    list_history_since: Statement
    find_revision: Statement
    read_history_bounds: Statement
    scan_tasks: Statement
    list_deleted: Statement
    list_workspaces: Statement
    related: RelationStatements
    search: SearchStatements

    @classmethod
    def of(
        cls,
        dialect: Dialect,
        search_dialect: SearchDialect,
        *,
        blocked: ColumnElement[bool],
        of_ids: ColumnElement[bool],
        workspace_name: ColumnElement[str],
        hidden: Hidden = lambda parameter: parameter,
        usual_limits: Sequence[int] = (),
        finds_first: bool = False,
    ) -> Self:
        """Compile them.

        Args:
            dialect: how they are written.
            search_dialect: what the database says in its own way about words and dependencies.
            blocked: whether a task is blocked.
            of_ids: holds for the rows of the history whose tasks are in the parameter `ids`.
            workspace_name: the name of a workspace, as it is sorted by bytes.
            hidden: a parameter as it stands where a planner shall not look at its value.
            usual_limits: sizes of pages that have statements of their own; one row more is read.
            finds_first: as in `list_tasks`.
        """

        def page(at_most: int | None, skip: ColumnElement[int] | None) -> Statement:
            return Statement(
                lambda: json_page(
                    reads.list_tasks(blocked, at_most=at_most, skip=skip, finds_first=finds_first),
                    search_dialect.joined,
                ),
                dialect,
            )

        def changes(at_most: int | None) -> Statement:
            return Statement(
                lambda: json_changes_page(
                    reads.list_changed(blocked, at_most=at_most, place=hidden), search_dialect.joined
                ),
                dialect,
            )

        usual = [limit + 1 for limit in usual_limits]
        return cls(
            any_page=page(None, hidden(SKIP)),
            usual_pages={size: page(size, None) for size in usual},
            usual_skips={size: page(size, hidden(SKIP)) for size in usual},
            any_changes=changes(None),
            usual_changes={size: changes(size) for size in usual},
            changes_ends={
                tells_seen: Statement(partial(json_changes_end, tells_seen=tells_seen), dialect)
                for tells_seen in (False, True)
            },
            list_records=Statement(reads.list_records, dialect),
            list_history=Statement(reads.list_history, dialect),
            list_commit=Statement(reads.list_commit, dialect),
            list_history_since=Statement(partial(past_reads.list_history_since, of_ids), dialect),
            find_revision=Statement(past_reads.find_revision, dialect),
            read_history_bounds=Statement(past_reads.read_history_bounds, dialect),
            scan_tasks=Statement(past_reads.scan_tasks, dialect),
            list_deleted=Statement(past_reads.list_deleted, dialect),
            list_workspaces=Statement(partial(past_reads.list_workspaces, workspace_name), dialect),
            related=RelationStatements(search_dialect),
            search=SearchStatements(search_dialect, usual_limits=usual, hidden=hidden),
        )

    def list_tasks(self, *, skip: int, at_most: int) -> Statement:
        """Return the statement for a page in one row."""
        return (self.usual_skips if skip else self.usual_pages).get(at_most, self.any_page)

    def list_changes(self, *, after: Position, at_most: int) -> Statement:
        """Return the statement for some changes in one row."""
        if after.revision == MAX_ID and after.task_id is None:  # only the last commit is wanted
            return self.changes_ends[after.seen is not None]
        return self.usual_changes.get(at_most, self.any_changes)
