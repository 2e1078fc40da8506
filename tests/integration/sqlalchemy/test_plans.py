"""What users ask for often is found through an index: the plans say so."""

import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

import asyncpg
import pytest

from bulk_load import load
from generated_tasks import TODAY, generated_tasks
from taskharbor.adapters.lark_filter_reader import LarkFilterReader
from taskharbor.adapters.sqlalchemy.postgres.speech import SPEECH as POSTGRES
from taskharbor.adapters.sqlalchemy.search.statements import SearchStatements
from taskharbor.adapters.sqlalchemy.sqlite.speech import SPEECH as SQLITE
from taskharbor.adapters.storage_url import StorageOptions, storage_from_url
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.domain.date_maths import Here
from taskharbor.domain.filter import And, Mentions
from taskharbor.domain.filter_reading import filter_from
from taskharbor.domain.task_order import order_from
from taskharbor.domain.time_zone import zone
from taskharbor.domain.words import searched_words

HERE = Here(datetime.combine(TODAY, time(12), tzinfo=UTC), zone("Europe/Berlin"))

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
    "what waits for a task": ("depends_on:77", None, "id", None),
    "the first page of all": (None, None, "id", None),
}


AS_THEY_COME = {"all by due", "the latest changes", "the first page of all"}


@dataclass
class Filled:
    """A database with many tasks in it, which tells how it would find some of them."""

    statements: SearchStatements
    explain: Callable[[str, tuple], Iterable[str]]

    async def plan(self, question):
        text, q, sort, after = question
        parts = [] if text is None else [filter_from(LarkFilterReader().read(text), HERE)]
        parts += [] if q is None else [Mentions(searched_words("q", q))]
        wanted = And(tuple(parts)) if parts else None
        query = TaskQuery(filter=wanted, order=order_from(sort), after=after, limit=11)
        return await self.explain(*self.statements.find("default", query))


async def _fill(url: str, size: int) -> None:
    async with storage_from_url(url, StorageOptions(migrate=True, timeout=600)) as storage:
        await load(storage, generated_tasks(size))


def _nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


async def _on_postgres(url: str, size: int) -> AsyncIterator[Filled]:
    await _fill(url, size)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM ANALYZE tasks")

        async def explain(sql, arguments):
            [[text]] = await connection.fetch(f"EXPLAIN (FORMAT JSON) {sql}", *arguments)
            nodes = list(_nodes(json.loads(text)[0]["Plan"]))
            return [f"{node['Node Type']} {node.get('Index Name', node.get('Relation Name', ''))}" for node in nodes]

        yield Filled(SearchStatements(POSTGRES), explain)
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


@pytest.mark.parametrize("size", [SMALL, A_MILLION])
async def test_sqlite_scans_no_table_for_what_is_asked_often(sqlite_path, size):
    async for filled in _on_sqlite(sqlite_path, size):
        await _every_question(filled)


async def test_a_scan_would_be_noticed(sqlite_path):
    async for filled in _on_sqlite(sqlite_path, 100):
        plan = await filled.explain("SELECT * FROM tasks WHERE title_key = ?", ("x",))
        with pytest.raises(AssertionError):
            assert_no_scan(plan)
