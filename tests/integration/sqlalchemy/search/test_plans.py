"""What users ask for often is found through an index: the plans say so."""

import json
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

import asyncpg
import pytest

from bulk_load import load
from generated_tasks import TODAY, generated_tasks
from taskharbor.adapters.filters.lark_parser import LarkFilterParser
from taskharbor.adapters.sqlalchemy.postgres.search_dialect import SEARCH_DIALECT as POSTGRES
from taskharbor.adapters.sqlalchemy.postgres.search_dialect import hidden
from taskharbor.adapters.sqlalchemy.search.recent_first import NEARBY
from taskharbor.adapters.sqlalchemy.search.statements import SearchStatements
from taskharbor.adapters.sqlalchemy.sqlite.search_dialect import SEARCH_DIALECT as SQLITE
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.due_buckets import due_buckets
from taskharbor.domain.search.filter import And
from taskharbor.domain.search.filter_binding import filter_from
from taskharbor.domain.search.mentions import mentions_of
from taskharbor.domain.search.order import order_from
from taskharbor.domain.search.urgency import UrgencyScale
from taskharbor.domain.search.urgency_weights import DEFAULT_WEIGHTS
from taskharbor.domain.values.time_zone import zone

HERE = Viewpoint(datetime.combine(TODAY, time(12), tzinfo=UTC), zone("Europe/Berlin"))

WEEK_OF_ONE_LIST = "is_open AND list = 3 AND due >= sow AND due <= eow"

QUESTIONS = {
    "open tasks of one list due this week": (WEEK_OF_ONE_LIST, None, "id", None),
    "the same, sorted by due": (WEEK_OF_ONE_LIST, None, "due", None),
    "what is overdue": ("is_open due < today", None, "due", None),
    "what is due this week": ("due >= sow due <= eow", None, "id", None),
    "all by due": (None, None, "due", None),
    "all by due, a deep page": (None, None, "due", (1_796_000_000, 500)),
    "the latest changes": (None, None, "-updated", None),
    "what has changed today": ("updated >= today", None, "id", None),
    "a list in its order": ("list = 3", None, "rank", None),
    "what was completed this month": ("completed >= som", None, "-completed", None),
    "parts of a task": ("parent = 7", None, "id", None),
    "a rare tag": ("tags:project-39", None, "id", None),
    "a rare word": (None, "heliograph", "id", None),
    "one task by its uid": ("uid = 0190b1f4-1234-7abc-8def-0123456789ab", None, "id", None),
    "tasks whose uid begins so": (
        "uid >= 0190b1f4-0000-0000-0000-000000000000 uid <= 0190b1f4-ffff-ffff-ffff-ffffffffffff",
        None,
        "id",
        None,
    ),
    "what waits for a task": ("depends_on:77", None, "id", None),
    "the first page of all": (None, None, "id", None),
    "what has changed this week": ("updated >= today-7d", None, "id", None),
    "the same, a deep page": ("updated >= today-7d", None, "id", (1_000,)),
    "the same, by due": ("is_open updated >= today-7d", None, "due", None),
    "what was completed lately": ("completed >= today-90d", None, "due", None),
}
"""Filter, words, order, and after which place; for each a page of 10."""

LIMIT = 11
"""So many rows are read for a page of 10."""

WHATEVER_MATCHES = {
    "all that have changed since the beginning": ("updated >= 2023-12", None, "id", None),
    "all that are completed, by due": ("completed >= 2023-12", None, "due", None),
    "what is due from a day on, by due": ("due >= 2025-06", None, "due", None),
    "the same, a deep page": ("due >= 2025-06", None, "due", (1_790_000_000, 500)),
    "what is due before a day, by due": ("due < 2025-06", None, "due", None),
    "what is urgent": ("priority > 3", None, "id", None),
    "the latest that are urgent": ("priority > 3", None, "-id", None),
}
"""So many match that a page is full after a few tasks."""

WHOLE_WORKSPACE = {
    "by title": (None, None, "title", None),
    "open tasks by title": ("is_open", None, "title", None),
    "by title, a deep page": (None, None, "title", ("m", 500)),
    "by priority and due": (None, None, "-priority,due", None),
    "by urgency": (None, None, "-urgency", None),
    "open tasks by urgency": ("is_open", None, "-urgency", None),
    "by urgency, a deep page": (None, None, "-urgency", (20_000_000, 500)),
    "by urgency, then due": (None, None, "-urgency,due", None),
}
"""All that match have to be looked at. A page of one task cannot be full before."""

AS_THEY_COME = {"all by due", "the latest changes", "the first page of all"}


@dataclass
class Filled:
    """A database with many tasks in it, which shows how it would find some of them, and how many it looks at."""

    statements: SearchStatements
    explain: Callable[[str, tuple], Iterable[str]]
    look: Callable[[str, tuple], int] | None = None
    ask: Callable[..., int] | None = None

    async def plan(self, question):
        return await self.explain(*self.statements.find("default", _query(question)))

    async def looks_at(self, question):
        return await self.look(*self.statements.find("default", _query(question)))

    async def matches(self, question):
        sql, arguments = self.statements.count("default", _query(question).filter)
        return await self.ask(sql, *arguments)


def _query(question):
    text, q, sort, after = question
    urgency = UrgencyScale.seen_from(HERE, DEFAULT_WEIGHTS) if "urgency" in sort else None
    parts = [] if text is None else [filter_from(LarkFilterParser().read(text), HERE)]
    parts += [] if q is None else [mentions_of("q", q)]
    wanted = And(tuple(parts)) if parts else None
    return TaskQuery(filter=wanted, order=order_from(sort), after=after, limit=LIMIT, urgency=urgency)


async def _fill(url: str, size: int) -> None:
    async with storage_from_url(url, StorageOptions(migrate=True, timeout=600)) as storage:
        await load(storage, generated_tasks(size))


def _nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _looked_at(node):
    if node.get("Relation Name") != "tasks" or not node["Alias"].startswith("tasks"):
        return 0  # others look up what a task depends on
    passed_over = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return (node["Actual Rows"] + passed_over) * node["Actual Loops"]


async def _on_postgres(url: str, size: int) -> AsyncIterator[Filled]:
    await _fill(url, size)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM ANALYZE tasks")
        await connection.execute("SET random_page_cost = 1.1")  # as the store does

        async def carried_out(sql, arguments):
            [[text]] = await connection.fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", *arguments)
            return [node for node in _nodes(json.loads(text)[0]["Plan"]) if node["Actual Loops"]]

        async def explain(sql, arguments):
            nodes = await carried_out(sql, arguments)
            return [f"{node['Node Type']} {node.get('Index Name', node.get('Relation Name', ''))}" for node in nodes]

        async def look(sql, arguments):
            return sum(map(_looked_at, await carried_out(sql, arguments)))

        yield Filled(
            SearchStatements(POSTGRES, usual_limits=[LIMIT], hidden=hidden), explain, look, connection.fetchval
        )
    finally:
        await connection.close()


async def _on_sqlite(path: Path, size: int) -> AsyncIterator[Filled]:
    await _fill(f"sqlite:///{path}", size)
    connection = sqlite3.connect(path)

    async def explain(sql, arguments):
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", arguments)]

    yield Filled(SearchStatements(SQLITE), explain)
    connection.close()


def assert_no_scan(plan, *, may_walk=False):
    """Neither the table is read from end to end, nor an index, unless tasks are just taken as they come in it."""
    for step in plan:
        assert "Seq Scan" not in step, plan
        assert not step.startswith("SCAN tasks"), plan
        assert may_walk or not (step.startswith("SEARCH tasks") and step.endswith("(workspace=?)")), plan


def _facets(filled, text):
    wanted = None if text is None else filter_from(LarkFilterParser().read(text), HERE)
    return filled.statements.facets("default", wanted, due_buckets(HERE))


def _goes_through_tasks(step):
    return step.startswith("SCAN tasks") or (step.startswith("SEARCH tasks ") and step.endswith("(workspace=?)"))


SMALL = 5_000
A_MILLION = pytest.param(1_000_000, marks=[pytest.mark.long, pytest.mark.timeout(3600)])


async def _every_question(filled):
    for name, question in QUESTIONS.items():
        assert_no_scan(await filled.plan(question), may_walk=name in AS_THEY_COME)
    assert any("tasks_of_list_by_due" in step for step in await filled.plan(QUESTIONS["the same, sorted by due"]))


@pytest.mark.parametrize("size", [SMALL, A_MILLION])
async def test_postgresql_scans_no_table_for_what_is_asked_often(postgres_url, size):
    async for filled in _on_postgres(postgres_url, size):
        await _every_question(filled)
        for name, question in QUESTIONS.items():
            found = 0 if name in AS_THEY_COME else await filled.matches(question)
            assert await filled.looks_at(question) <= found + found / 2 + NEARBY, name
        for name, question in WHATEVER_MATCHES.items():
            assert await filled.looks_at(question) <= NEARBY, name
        for name, question in WHOLE_WORKSPACE.items():
            assert await filled.looks_at(question) <= size + 2 * LIMIT, name  # those of a page once more
        for text in (None, "is_open"):
            assert await filled.look(*_facets(filled, text)) <= size


@pytest.mark.parametrize("size", [SMALL, A_MILLION])
async def test_sqlite_scans_no_table_for_what_is_asked_often(sqlite_path, size):
    async for filled in _on_sqlite(sqlite_path, size):
        await _every_question(filled)
        plans = [await filled.plan(question) for question in WHOLE_WORKSPACE.values()]
        plans += [await filled.explain(*_facets(filled, text)) for text in (None, "is_open")]
        for plan in plans:
            assert sum(map(_goes_through_tasks, plan)) == 1, plan
            assert not any("waiting USING INDEX" in step and "tasks_waiting" not in step for step in plan)


async def test_a_scan_would_be_noticed(sqlite_path):
    async for filled in _on_sqlite(sqlite_path, 100):
        plan = await filled.explain("SELECT * FROM tasks WHERE title_key = ?", ("x",))
        with pytest.raises(AssertionError):
            assert_no_scan(plan)
