"""Among near ids SQLite finds just what it finds by an index, with less work if many tasks are meant."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bulk_load import load
from generated_tasks import TODAY, generated_tasks
from taskharbor.adapters.filters.lark_parser import LarkFilterParser
from taskharbor.adapters.sqlalchemy.search import statements
from taskharbor.adapters.sqlalchemy.search.statements import SearchStatements
from taskharbor.adapters.sqlalchemy.sqlite.bounded_search import LAST_LOOK, find_by_id
from taskharbor.adapters.sqlalchemy.sqlite.read_budget import ReadBudget
from taskharbor.adapters.sqlalchemy.sqlite.search_dialect import SEARCH_DIALECT
from taskharbor.adapters.sqlalchemy.sqlite.vocabulary import show_vocabulary
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.filter import And
from taskharbor.domain.search.filter_binding import filter_from
from taskharbor.domain.search.mentions import mentions_of
from taskharbor.domain.search.order import order_from
from taskharbor.domain.values.time_zone import zone

SIZE = 2 * LAST_LOOK
HERE = Viewpoint(datetime.combine(TODAY, time(12), tzinfo=UTC), zone("Europe/Berlin"))
STATEMENTS = SearchStatements(SEARCH_DIALECT)

QUESTIONS = [
    ("list=1 AND due<eow", None),
    ("due >= sow due <= eow", None),
    ("tags:project-39", None),
    ("NOT tags:project-39", None),
    ("NOT (tags:bug OR list = 3)", None),
    ("is_open", "docker"),
    (None, "do"),
    (None, "dep up"),
    (None, "heliograph"),
    ("blocked", None),
    ("depends_on:77", None),
    (f"id > {SIZE - 20}", None),
    ("id = 7", None),
    ('title = "none has this"', None),
    ("uid = 0190b1f4-1234-7abc-8def-0123456789ab", None),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("near") / "tasks.db"


@pytest.fixture
async def connection(path):
    if not path.exists():
        async with storage_from_url(f"sqlite:///{path}", StorageOptions(migrate=True)) as storage:
            await load(storage, generated_tasks(200, seed=1), workspace="other")
            await load(storage, generated_tasks(SIZE))
    connection = sqlite3.connect(path, isolation_level=None)
    show_vocabulary(connection)
    yield connection
    connection.close()


def _query(text, q, *, sort="id", after=None, limit=11):
    parts = [] if text is None else [filter_from(LarkFilterParser().read(text), HERE)]
    parts += [] if q is None else [mentions_of("q", q)]
    return TaskQuery(filter=And(tuple(parts)), order=order_from(sort), after=after, limit=limit)


def _steps(connection, ask):
    """Return how many hundreds of instructions SQLite needs."""
    asked = 0

    def count():
        nonlocal asked
        asked += 1

    connection.set_progress_handler(count, 100)
    ask()
    connection.set_progress_handler(None, 0)
    return asked


@pytest.mark.parametrize("limit", [1, 11, 501])
@pytest.mark.parametrize("sort", ["id", "-id"])
@pytest.mark.parametrize(("text", "q"), QUESTIONS)
async def test_the_same_is_found_among_near_ids_as_by_an_index(connection, text, q, sort, limit):
    for after in (None, (3,), (SIZE // 2,), (SIZE - 5,), (SIZE + 1,)):
        query = _query(text, q, sort=sort, after=after, limit=limit)
        found = STATEMENTS.find("default", query)

        expected = connection.execute(*found).fetchone()
        assert find_by_id(connection, "default", query, STATEMENTS, ReadBudget()) == expected


@pytest.mark.parametrize(("text", "q"), [("list=1 AND due<eow", None), (None, "d")])
async def test_a_page_of_what_many_tasks_are_like_takes_a_look_at_few_of_them(connection, text, q):
    query = _query(text, q)
    found = STATEMENTS.find("default", query)

    near = _steps(connection, lambda: find_by_id(connection, "default", query, STATEMENTS, ReadBudget()))

    assert near * 8 < _steps(connection, lambda: connection.execute(*found).fetchall())


def test_threads_that_ask_for_statements_at_the_same_time_get_what_they_ask_for(monkeypatch):
    monkeypatch.setattr(statements, "REMEMBERED", 2)
    several = SearchStatements(SEARCH_DIALECT)
    queries = [replace(_query(text, None), limit=7) for text, _ in QUESTIONS if text is not None]
    expected = [SearchStatements(SEARCH_DIALECT).find("default", query) for query in queries]
    with ThreadPoolExecutor(4) as threads:
        rounds = list(threads.map(lambda _: [several.find("default", query) for query in queries], range(8)))

    assert all(found == expected for found in rounds)


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


async def test_a_statement_is_given_up_if_it_takes_long_and_the_connection_goes_on(connection):
    budget = ReadBudget()

    assert budget.rows_within_steps(connection, ENDLESS, ()) is None
    assert budget.rows_within_steps(connection, "SELECT 1", ()) == [(1,)]
    assert connection.execute("SELECT count(*) FROM tasks").fetchone() == (SIZE + 200,)


async def test_what_comes_after_a_statement_that_was_given_up_still_has_a_budget(connection):
    budget = ReadBudget()
    budget.watch(connection, 0.001)
    budget.begin(is_wanted=lambda: True)

    assert budget.rows_within_steps(connection, ENDLESS, ()) is None
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        connection.execute(ENDLESS)
    assert budget.is_over()


async def test_an_error_of_a_statement_is_no_lack_of_patience(connection):
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        ReadBudget().rows_within_steps(connection, "SELECT * FROM nowhere", ())
