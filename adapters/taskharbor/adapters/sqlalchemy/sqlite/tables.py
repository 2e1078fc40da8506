"""What is special about the tables in a SQLite file: its full-text index, and the row number that this needs."""

from typing import Final

from sqlalchemy import Column, Index, Integer, MetaData, Table, text

from taskharbor.adapters.sqlalchemy.tables import PARTIAL_INDEXES, history, records, task_columns, workspaces

BY_ID: Final = "task_ids"
"""The index by which a task is found in its workspace. SQLAlchemy makes indexes by name: this is to be the first."""

sqlite_metadata = MetaData()

for _table in (workspaces, records, history):
    _table.to_metadata(sqlite_metadata)

Table(
    "tasks",
    sqlite_metadata,
    # By which the full-text index knows a task. SQLite's own row numbers are made anew by VACUUM, unless they are
    # a column.
    Column("row", Integer, primary_key=True),
    *task_columns(),
    # A constraint's index would have a name that SQLite makes up.
    Index(BY_ID, "workspace", "id", unique=True),
)

for _index in [index for table in sqlite_metadata.tables.values() for index in table.indexes]:
    if _index.name in PARTIAL_INDEXES:
        _index.dialect_kwargs["sqlite_where"] = text(PARTIAL_INDEXES[_index.name])

FULL_TEXT_INDEX: Final = (
    # The index holds only which rows have a token; the tokens are in tasks.words, and made so that its simplest
    # tokenizer takes each for one: see `indexed`.
    (
        "CREATE VIRTUAL TABLE task_words USING fts5"
        "(words, content='tasks', content_rowid='row', tokenize='ascii', detail='none', columnsize=0)"
    ),
    (
        "CREATE TRIGGER tasks_changed AFTER UPDATE OF words ON tasks WHEN old.words <> new.words BEGIN "
        "INSERT INTO task_words (task_words, rowid, words) VALUES ('delete', old.row, old.words); "
        "INSERT INTO task_words (rowid, words) VALUES (new.row, new.words); END"
    ),
    (
        "CREATE TRIGGER tasks_removed AFTER DELETE ON tasks BEGIN "
        "INSERT INTO task_words (task_words, rowid, words) VALUES ('delete', old.row, old.words); END"
    ),
)
"""Statements that make the index, and keep it in step with the tasks that there are; a commit adds the new ones."""

ADD_WORDS: Final = "INSERT INTO task_words (rowid, words) VALUES (?, ?)"
"""Add one new task to the index.

Of a trigger's statement, or one for several tasks, SQLite may have to undo half. FTS5 writes all that it has gathered
to its tables whenever such a statement begins.
"""

# For a workspace of a million tasks. Each number says how many rows have the same values in so many of the first
# columns of the index; the first is that of all rows.
_ROWS_ALIKE: Final = {
    "sqlite_autoindex_tasks_1": "1000000 1000000 1",
    BY_ID: "1000000 1000000 1",
    "tasks_changes": "1000000 1000000 2 1",
    "tasks_by_due": "1000000 1000000 100 1",
    "tasks_of_list_by_due": "1000000 1000000 50000 10 1",
    "tasks_of_list_by_rank": "1000000 1000000 50000 1 1",
    "tasks_by_update": "1000000 1000000 2 1",
    "tasks_of_parent": "100000 100000 5 1 1",
    "tasks_by_completion": "500000 500000 2 1",
    "tasks_open": "500000 500000 1",
    "tasks_waiting": "50000 50000 1",
    "tasks_live": "900000 900000 1",
}

STATISTICS: Final = (
    "ANALYZE sqlite_master",  # makes the table that holds them
    "DELETE FROM sqlite_stat1",
    # Nothing in them comes from outside.
    *(f"INSERT INTO sqlite_stat1 VALUES ('tasks', '{index}', '{alike}')" for index, alike in _ROWS_ALIKE.items()),  # noqa: S608
)
"""Statements that give SQLite statistics of its indexes.

Without them it takes a workspace to have ten tasks, and reads all of them to spare itself the sorting of a few. What
ANALYZE would find out of a small workspace is no help when it has grown, and plans should not depend on when that ran.
"""
