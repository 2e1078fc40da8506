"""The first tasks that have some words are the same whether SQLite goes by the order of rows or reads all."""

import random
from dataclasses import replace

import pytest

from generated_tasks import generated_tasks
from taskharbor.adapters.sqlalchemy.search.statements import SearchStatements
from taskharbor.adapters.sqlalchemy.sqlite import row_order
from taskharbor.adapters.sqlalchemy.sqlite.read_budget import ReadBudget
from taskharbor.adapters.sqlalchemy.sqlite.row_order import first_with_words
from taskharbor.adapters.sqlalchemy.sqlite.search_dialect import SEARCH_DIALECT
from taskharbor.adapters.sqlalchemy.sqlite.vocabulary import show_vocabulary, tokens_with
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.store_kit.search_tokens import word_token
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import And, Flag, Has, Mentions, Or
from taskharbor.domain.search.order import order_from

SIZE = 600
STATEMENTS = SearchStatements(SEARCH_DIALECT)
FILTERS = [
    Mentions(("fix",)),
    Mentions(("test",)),
    Mentions(("add", "support")),
    And((Mentions(("fix",)), Has(Field.TAGS, "home"))),
    Has(Field.TAGS, "work"),
    Has(Field.DEPENDS_ON, 77),
]


def _in_order(ids):
    return ids


def _nearly(ids):
    return [each for begin in range(0, SIZE, 7) for each in reversed(ids[begin : begin + 7])]


def _anyhow(ids):
    return random.Random(5).sample(ids, SIZE)


ORDERS = {each.__name__: each for each in (_in_order, _nearly, _anyhow)}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("rows") / "tasks.db"


@pytest.fixture
async def connection(path):
    if not path.exists():
        async with storage_from_url(f"sqlite:///{path}", StorageOptions(migrate=True)) as storage:
            for workspace, put in ORDERS.items():
                tasks = {task.id: task for task in generated_tasks(SIZE)}
                assert {await storage.next_task_id(workspace) for _ in tasks} == set(tasks)
                added = [tasks[id_] for id_ in put(list(tasks))]
                added[3] = replace(added[3], deleted=added[3].created)
                await storage.commit(Changeset(workspace=workspace, added=tuple(added)))
    connection = sqlite3.connect(path, isolation_level=None)
    show_vocabulary(connection)
    yield connection
    connection.close()


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch):
    monkeypatch.setattr(row_order, "FEW", SIZE // 2)


def _first(connection, workspace, query):
    return first_with_words(connection, workspace, query, ReadBudget())


@pytest.mark.parametrize("workspace", ORDERS)
@pytest.mark.parametrize("sort", ["id", "-id"])
@pytest.mark.parametrize("filter", FILTERS)
async def test_the_first_tasks_are_found_whatever_the_order_of_rows(connection, workspace, sort, filter):
    for after in (None, (3,), (SIZE // 2,), (SIZE - 5,), (SIZE + 1,)):
        for limit in (1, 4, 11):
            query = TaskQuery(filter=filter, order=order_from(sort), after=after, limit=limit)
            found = _first(connection, workspace, query)

            expected = connection.execute(*STATEMENTS.find(workspace, query)).fetchone()
            assert found in (expected, None)
            assert found is not None or expected[0] < limit or workspace == "_anyhow"


async def test_a_page_that_is_full_is_found_so(connection):
    for workspace in ORDERS:
        found = _first(connection, workspace, TaskQuery(filter=Mentions(("fix",)), limit=11))

        assert found is not None
        assert found[0] == 11


@pytest.mark.parametrize(
    "filter", [None, And(()), Flag(Field.IS_OPEN), Or((Mentions(("fix",)), Mentions(("add",)))), Mentions(("",))]
)
async def test_what_is_not_asked_of_few_tokens_is_left_to_others(connection, filter):
    assert _first(connection, "_in_order", TaskQuery(filter=filter, limit=1)) is None


async def test_an_empty_workspace_is_left_to_others(connection):
    assert _first(connection, "empty", TaskQuery(filter=Mentions(("fix",)), limit=1)) is None


async def test_a_page_that_is_spread_far_is_left_to_others(connection, monkeypatch):
    monkeypatch.setattr(row_order, "FARTHEST", 5)

    assert _first(connection, "_in_order", TaskQuery(filter=Mentions(("fix",)), limit=11)) is None


async def test_a_reader_that_is_interrupted_does_not_keep_its_snapshot(connection):
    query = TaskQuery(filter=Mentions(("fix",)), limit=11)
    _first(connection, "_in_order", query)
    interrupted = 0
    for times in range(12):
        left = iter(range(times))
        connection.set_progress_handler(lambda left=left: next(left, None) is None, 10)
        try:
            _first(connection, "_in_order", query)
        except sqlite3.OperationalError:
            interrupted += 1
        assert not connection.in_transaction
    connection.set_progress_handler(None, 0)
    assert interrupted


async def test_the_tokens_with_a_beginning_are_listed_unless_they_are_too_many(connection):
    beginning = word_token("_in_order", "fix")
    found = tokens_with(connection, beginning, at_most=16) or []

    assert beginning in found
    assert all(token.startswith(beginning) for token in found)
    assert tokens_with(connection, beginning, at_most=len(found)) == found
    assert tokens_with(connection, beginning, at_most=len(found) - 1) is None
    assert tokens_with(connection, word_token("_in_order", "heliograph"), at_most=1) == []
