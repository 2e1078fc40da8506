"""What is special about the tables in a SQLite file: its full-text index, and the row number that this needs."""

from typing import Final

from sqlalchemy import Column, Integer, MetaData, Table, UniqueConstraint

from taskharbor.adapters.sqlalchemy.tables import history, records, task_columns, workspaces

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
    UniqueConstraint("workspace", "id", name="tasks_pkey"),
)

FULL_TEXT_INDEX: Final = (
    # The index holds only which rows have a token; the tokens are in tasks.words, and need no tokenizer worth the name.
    (
        "CREATE VIRTUAL TABLE task_words USING fts5"
        "(words, content='tasks', content_rowid='row', tokenize='ascii', detail='none', columnsize=0)"
    ),
    (
        "CREATE TRIGGER tasks_added AFTER INSERT ON tasks BEGIN "
        "INSERT INTO task_words (rowid, words) VALUES (new.row, new.words); END"
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
"""Statements that make the index, and keep it in step with the tasks."""
