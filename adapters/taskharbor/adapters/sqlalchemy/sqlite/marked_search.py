"""Searches that also say what the last commit was, if their page is full: only then a cursor needs it."""

from collections.abc import Callable
from typing import Final

from taskharbor.adapters.sqlalchemy.queries.history_queries import last_commit
from taskharbor.adapters.sqlalchemy.queries.json_page import tasks_from_row
from taskharbor.adapters.sqlalchemy.rows.task_rows import Row
from taskharbor.adapters.sqlalchemy.sqlite.dialect import DIALECT
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.application.documents.encoded_tasks import EncodedTasks
from taskharbor.application.search.marked_tasks import MarkedTasks
from taskharbor.application.sync.commit_marks import CommitMark
from taskharbor.domain.identifiers import WorkspaceId

_LAST_COMMIT: Final = Statement(last_commit(), DIALECT)


def marked(
    find: Callable[[sqlite3.Connection], Row], workspace: WorkspaceId, limit: int
) -> Callable[[sqlite3.Connection], EncodedTasks]:
    """Return what does `find`, and then reads the last commit: it is not from before the snapshot of the tasks."""

    def find_marked(connection: sqlite3.Connection) -> EncodedTasks:
        tasks = tasks_from_row(find(connection))
        if len(tasks) < limit:
            return tasks
        found = connection.execute(_LAST_COMMIT.sql, _LAST_COMMIT.arguments({"in_workspace": workspace}))
        return MarkedTasks(tasks, CommitMark(*found.fetchone()))

    return find_marked
