import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskharbor.adapters.sqlalchemy.sqlite.one_row import read_page

DOCUMENTS = st.text(st.characters(codec="utf-8")).map(lambda text: json.dumps({"title": text}, ensure_ascii=False))
ROWS = st.lists(st.tuples(DOCUMENTS, st.integers(1, 2**53), st.booleans().map(int)))


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        made.execute("CREATE TABLE tasks (place INTEGER, document TEXT, revision INTEGER, blocked INTEGER)")
        yield made


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_a_page_in_one_row_has_the_same_tasks_in_the_same_order(
    connection: sqlite3.Connection, direction: str, rows: list[tuple[str, int, int]]
) -> None:
    connection.execute("DELETE FROM tasks")
    connection.executemany(
        "INSERT INTO tasks VALUES (?, ?, ?, ?)", [(at * 7 % 11, *row) for at, row in enumerate(rows)]
    )
    sql = f"SELECT document, revision, blocked FROM tasks ORDER BY place {direction}, rowid LIMIT ?"
    assert read_page(connection, sql, (9,)) == connection.execute(sql, (9,)).fetchall()
