"""PostgreSQL finds tasks by their key before it has statistics, in plans that it keeps while a table grows."""

import json
import re

import asyncpg
import pytest

from taskharbor.adapters.sqlalchemy.postgres import lookups, pool, storage
from taskharbor.adapters.sqlalchemy.postgres.commit_statement import commit_statement
from taskharbor.adapters.sqlalchemy.postgres.several_pages import PAGES_BEHIND
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.application.tasks.create_task import CreateTask

STATEMENTS = {
    "one is read": lookups.LOAD_ONE.sql,
    "many are read": lookups.LOAD_MANY.sql,
    "many are shown": lookups.GET_MANY.sql,
    "many are changed": commit_statement(frozenset({"changed", "history"})).sql,
    "many are guarded": commit_statement(frozenset({"guarded"})).sql,
    "many are changed after others": commit_statement(frozenset({"changed", "history"}), is_first=False).sql,
}


def _nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


async def _kept_plan(connection: asyncpg.Connection, sql: str):
    """Return the plan that holds for whatever arguments."""
    await connection.execute(f"SET plan_cache_mode = force_generic_plan; PREPARE statement AS {sql}")
    nulls = ", ".join(["NULL"] * len(set(re.findall(r"\$[0-9]+", sql))))
    [[plan]] = await connection.fetch(f"EXPLAIN (FORMAT JSON) EXECUTE statement ({nulls})")
    return json.loads(plan)[0]["Plan"]


@pytest.mark.parametrize("tasks", [0, 30])
@pytest.mark.parametrize("what", STATEMENTS)
async def test_of_a_new_table_no_workspace_is_read_to_find_tasks(
    postgres, postgres_url, use_cases_on, what: str, tasks: int
) -> None:
    for number in range(tasks):
        await use_cases_on(postgres).execute(CreateTask(title=f"task {number}"))
    connection = await asyncpg.connect(postgres_url)
    try:
        await pool._set_up(connection)
        plan = await _kept_plan(connection, STATEMENTS[what])
    finally:
        await connection.close()
    found = [node for node in _nodes(plan) if node.get("Alias") == "tasks" and "Scan" in node["Node Type"]]
    assert [node["Node Type"] for node in found] == ["Index Scan"]
    assert "(id = " in found[0]["Index Cond"]


@pytest.mark.parametrize(
    "statement",
    [
        *(storage.PostgresStorage._reads.list_tasks(skip=1, at_most=at_most) for at_most in (11, 7)),
        *(PAGES_BEHIND[limit] for limit in (10, 100)),
    ],
    ids=["usual", "unusual", "several small", "several large"],
)
async def test_a_page_by_skip_is_read_in_order_of_the_key(postgres_url, statement: Statement) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        await pool._set_up(connection)
        plan = await _kept_plan(connection, statement.sql)
    finally:
        await connection.close()
    found = [node for node in _nodes(plan) if node.get("Alias") == "tasks" and "Scan" in node["Node Type"]]
    assert [node["Node Type"] for node in found] == ["Index Scan"]
    assert not any(node["Node Type"] == "Sort" for node in _nodes(plan))


@pytest.mark.parametrize("reminders", [0, 30])
async def test_the_next_reminders_are_the_first_of_an_index(postgres, postgres_url, use_cases_on, reminders) -> None:
    for number in range(reminders):
        when = {"when": f"2099-01-01T00:00:{number:02}Z"}
        await use_cases_on(postgres).execute(CreateTask(title="a task", reminders=[when]))
    connection = await asyncpg.connect(postgres_url)
    try:
        await pool._set_up(connection)
        plan = await _kept_plan(connection, storage.PostgresStorage._reads.list_records.sql)
    finally:
        await connection.close()
    found = [node for node in _nodes(plan) if node.get("Alias") == "records" and "Scan" in node["Node Type"]]
    assert [node["Node Type"] for node in found] == ["Index Scan"]
    condition = found[0]["Index Cond"].replace("::text", "")
    assert re.findall(r"(\w+)\)? [=>] ", condition) == ["workspace", "kind", "key"], condition
    assert not any(node["Node Type"] == "Sort" for node in _nodes(plan))
