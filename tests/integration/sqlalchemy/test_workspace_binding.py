"""What walks the statements of the SQL stores (`workspace_binding`) finds those that leave their workspace."""

from pathlib import Path

import pytest

from recorded_statements import record_statements, texts_that_read_or_write
from taskharbor.entrypoints.embedded import open_taskharbor
from workspace_binding import unbound


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT tasks.id FROM tasks",
        "SELECT tasks.id FROM tasks WHERE tasks.id = ?",
        "SELECT tasks.id FROM tasks WHERE tasks.workspace = ? OR tasks.id = ?",
        "SELECT tasks.id FROM tasks WHERE NOT (tasks.workspace = ?)",
        "SELECT tasks.id FROM tasks WHERE tasks.workspace <> ?",
        "SELECT tasks.id FROM tasks WHERE tasks.workspace = 'default'",
        "SELECT tasks.id FROM tasks WHERE tasks.workspace = tasks.workspace",
        "SELECT tasks.workspace = ? FROM tasks",
        "SELECT t.id FROM tasks AS t JOIN tasks AS u ON u.id = t.parent WHERE t.workspace = ?",
        "SELECT t.id FROM tasks t WHERE t.workspace = ? AND EXISTS (SELECT 1 FROM history h WHERE h.task_id = t.id)",
        "SELECT tasks.id FROM tasks WHERE tasks.workspace = ? AND tasks.id IN (SELECT tasks.id FROM tasks)",
        "SELECT rows.key FROM (SELECT records.key FROM records) AS rows",
        "WITH all_of_it AS (SELECT history.at FROM history) SELECT count(*) FROM all_of_it",
        "SELECT tasks.id FROM tasks WHERE tasks.workspace = ? UNION ALL SELECT tasks.id FROM tasks",
        (
            "SELECT 1 FROM (SELECT t.id AS workspace FROM tasks t WHERE t.workspace = ?) AS n"
            " WHERE EXISTS (SELECT 1 FROM tasks u WHERE u.workspace = n.workspace)"
        ),
        "SELECT 1 FROM (SELECT t.workspace FROM tasks t) AS n, tasks u WHERE u.workspace = n.workspace",
        "UPDATE workspaces SET revision = 1",
        "UPDATE tasks SET workspace = ? WHERE tasks.workspace = ?",
        "DELETE FROM records WHERE records.key = ?",
        "DELETE FROM tasks WHERE tasks.workspace = ? AND tasks.id IN (SELECT history.task_id FROM history)",
        "INSERT INTO records (kind, key) VALUES (?, ?)",
        "INSERT INTO records VALUES (?, ?)",
        "INSERT INTO records (workspace, key) VALUES (?, ?), ('other', ?)",
        "INSERT INTO records (workspace, key) SELECT history.workspace, ? FROM history WHERE history.workspace = ?",
    ],
)
def test_a_statement_that_can_reach_another_workspace_is_found(sql: str) -> None:
    assert unbound(sql, "sqlite")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT tasks.id FROM tasks WHERE tasks.workspace = ? AND tasks.id > ?",
        "SELECT t.id FROM tasks t JOIN tasks u ON u.workspace = t.workspace AND u.id = t.parent WHERE t.workspace = ?",
        "SELECT id FROM tasks WHERE tasks.workspace = ? AND id IN (SELECT id FROM tasks u WHERE u.workspace = ?)",
        (
            "SELECT EXISTS (SELECT 1 FROM tasks u WHERE u.workspace = n.workspace AND u.id = n.parent)"
            " FROM (SELECT t.workspace AS workspace, t.parent AS parent FROM tasks t WHERE t.workspace = ?) AS n"
        ),
        "UPDATE workspaces SET revision = 1 WHERE workspaces.id = ?",
        "DELETE FROM tasks WHERE tasks.workspace = ? AND id IN (SELECT tasks.id FROM tasks WHERE tasks.workspace = ?)",
        "INSERT INTO records (workspace, key) VALUES (?, ?), (?, ?)",
        "INSERT INTO records (workspace, key) SELECT ?, ?",
        "SELECT value FROM json_each(?)",
    ],
)
def test_a_statement_that_keeps_to_its_workspace_is_not(sql: str) -> None:
    assert unbound(sql, "sqlite") == []


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
async def test_what_the_stores_send_is_recorded(
    store: str, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_sqlite, to_postgres = record_statements(monkeypatch)
    url = f"sqlite:///{tmp_path}/tasks.db" if store == "sqlite" else postgres_url
    async with open_taskharbor(url) as harbor:
        await harbor.create_task(title="x")
    sent = texts_that_read_or_write(to_sqlite if store == "sqlite" else to_postgres)
    assert any("INSERT INTO tasks" in sql for sql in sent)
