"""Makes the words of all tasks anew, when what counts as a word has changed."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, String, Text, bindparam, func, literal_column, select, tuple_, update

from taskharbor.adapters.sqlalchemy.migrations.online import PROGRESS
from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.application.documents.task_document import task_from
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.tasks.task import Task

AT_ONCE: Final = 500
"""Tasks that are in memory at a time."""


def reindex(connection: Connection, words_text: Callable[[WorkspaceId, Task], str]) -> None:
    """Write the words of those tasks whose words are others by now; on PostgreSQL in a transaction for each 500.

    `words_text` returns what the database's commits send as the `words` of a task.

    A task that another server changes meanwhile is left to that.
    """
    on_sqlite = connection.dialect.name == "sqlite"
    words = bindparam("new_words", type_=Text)
    new = words if on_sqlite else func.array_to_tsvector(func.string_to_array(words, literal_column("E'\\x1f'")))
    write = (
        update(tasks)
        .where(
            tasks.c.workspace == bindparam("of_workspace", type_=String),
            tasks.c.id == bindparam("of_id"),
            tasks.c.revision == bindparam("of_revision"),
            tasks.c.words != new,
        )
        .values(words=new)
    )
    key = tuple_(tasks.c.workspace, tasks.c.id)
    read = select(tasks.c.workspace, tasks.c.id, tasks.c.revision, tasks.c.document, tasks.c.details).order_by(
        tasks.c.workspace, tasks.c.id
    )
    after: tuple[str, int] = ("", 0)
    done = 0
    while rows := connection.execute(read.where(key > after).limit(AT_ONCE)).all():
        connection.execute(
            write,
            [
                {
                    "of_workspace": workspace,
                    "of_id": task_id,
                    "of_revision": revision,
                    "new_words": words_text(workspace, task_from(document, details, deleted=None, revision=revision)),
                }
                for workspace, task_id, revision, document, details in rows
            ],
        )
        after = (rows[-1].workspace, rows[-1].id)
        done += len(rows)
        PROGRESS.info("Looked at the words of %s tasks", f"{done:,}")
