import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest
from sqlalchemy import make_url

from bulk_load import load
from generated_tasks import generated_tasks
from taskharbor.adapters.filters.lark_parser import LarkFilterParser
from taskharbor.adapters.sqlalchemy.postgres import PostgresStorage
from taskharbor.adapters.sqlalchemy.postgres.errors import translated
from taskharbor.adapters.sqlalchemy.postgres.several_searches import SearchLoader
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.errors import ConcurrentUpdate, QueryTooExpensive, StoreNotReady, StoreUnavailable
from taskharbor.application.ports.change_feed import Position
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.search.find_tasks import FindTasks
from taskharbor.application.search.marked_tasks import MarkedTasks
from taskharbor.application.sync.commit_marks import read_mark
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import Compare
from taskharbor.domain.search.filter_binding import filter_from
from taskharbor.domain.search.order import order_from
from taskharbor.domain.values.time_zone import zone
from taskharbor.testing.scenes.bench import Bench


def spied(storage: PostgresStorage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that is sent to the server from now on."""
    sent: list[str] = []

    def spied_on(method):
        async def spy(sql: str, *arguments: object, **seconds: float):
            sent.append(sql)
            return await method(sql, *arguments, **seconds)

        return spy

    for name in ("_fetch", "_write"):
        monkeypatch.setattr(storage, name, spied_on(getattr(storage, name)))
    monkeypatch.setattr(storage._searches, "_fetch", storage._fetch)
    return sent


@pytest.fixture
def statements(postgres: PostgresStorage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return spied(postgres, monkeypatch)


async def test_a_create_is_one_statement_and_a_change_two(
    postgres: PostgresStorage, statements: list[str], use_cases_on
) -> None:
    use_cases = use_cases_on(postgres)
    await use_cases.execute(CreateTask(title="reserves the first block of ids"))
    statements.clear()
    task = await use_cases.execute(CreateTask(title="one statement"))
    assert len(statements) == 1
    await use_cases.execute(CompleteTask(id=task.id))
    assert len(statements) == 3


async def test_pages_that_are_asked_for_together_are_what_each_of_them_is_alone(
    postgres: PostgresStorage, statements: list[str], use_cases_on
) -> None:
    use_cases = use_cases_on(postgres)
    tasks = await asyncio.gather(*(use_cases.execute(CreateTask(title=f"täsk {n}")) for n in range(30)))
    waiting = await use_cases.execute(CreateTask(title="waits", depends_on=(tasks[0].id,)))
    await use_cases.execute(DeleteTask(id=tasks[4].id))
    after_ids = (0, tasks[3].id, tasks[20].id, waiting.id)
    places = [(after, skip, limit) for after in after_ids for skip in (0, 5, 3, 2000) for limit in (7, 10, 20)]

    async def page(after: int, skip: int, limit: int) -> TaskPage:
        return await postgres.list_tasks("default", after=after, skip=skip, limit=limit)

    alone = [await page(*place) for place in places]
    statements.clear()
    assert await asyncio.gather(*(page(*place) for place in places)) == alone
    far_or_of_unusual_size = [place for place in places if place[1] == 2000 or place[2] == 7]
    of_two_sizes = 2
    assert len(statements) == len(far_or_of_unusual_size) + of_two_sizes * (1 + len(after_ids))


async def test_a_damaged_task_fails_no_page_but_its_own(
    postgres: PostgresStorage, postgres_url: str, use_cases_on
) -> None:
    use_cases = use_cases_on(postgres)
    ids = [(await use_cases.execute(CreateTask(title="x"))).id for _ in range(40)]
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute("UPDATE tasks SET document = '{}' WHERE id = $1", ids[29])
    finally:
        await connection.close()

    async def page(after: int) -> TaskPage:
        return await postgres.list_tasks("default", after=after, skip=0, limit=10)

    asked = (page(after) for after in (0, ids[19], ids[9]))
    first, damaged, second = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(damaged, StoreNotReady)
    assert isinstance(first, TaskPage)
    assert isinstance(second, TaskPage)
    assert [task.id for task in [*first.items, *second.items]] == ids[:20]


async def test_searches_that_are_asked_for_together_find_what_each_of_them_finds_alone(
    postgres: PostgresStorage, statements: list[str], use_cases_on
) -> None:
    use_cases = use_cases_on(postgres)
    tasks = [
        await use_cases.execute(CreateTask(title=f"täsk {n}", priority=n % 4, tags=(f"tag{n % 3}",))) for n in range(20)
    ]
    await use_cases.execute(DeleteTask(id=tasks[4].id))
    texts = [f"priority={n % 5} AND tags:tag{n % 3}" for n in range(11)] + ["priority>=2", "is_open"]
    viewpoint = Viewpoint(datetime.now(UTC), zone("UTC"))
    queries = [
        TaskQuery(filter=filter_from(LarkFilterParser().read(text), viewpoint), order=order_from(sort), limit=3)
        for text in texts
        for sort in ("id", "-due,id")
    ]
    alone = [await postgres.find_tasks("default", query) for query in queries]
    statements.clear()

    assert await asyncio.gather(*(postgres.find_tasks("default", query) for query in queries)) == alone
    of_eight_and_of_three, of_one = 2, 2
    assert len(statements) == 2 * (of_eight_and_of_three + of_one)


async def test_searches_that_are_slow_together_are_carried_out_one_by_one_and_none_fails_for_another() -> None:
    sent: list[int] = []

    async def fetch(sql: str, arguments: Sequence[object] = (), *, seconds: float | None = None) -> list[object]:
        sent.append(arguments[1])
        _, count, *words = arguments
        words = words[:count]
        if len(words) > 1 or words == ["hopeless"]:
            raise QueryTooExpensive(seconds or 2.0)
        return [(0, 7, 70, 1, 0, str(words[0]).encode())]

    searches = SearchLoader(fetch, seconds=2.0)

    async def find(word: str) -> object:
        return await searches.find("default", "SELECT $1", (word,))

    slow, hopeless = await asyncio.gather(find("slow"), find("hopeless"), return_exceptions=True)
    assert isinstance(slow, MarkedTasks)
    assert slow.text == b"slow"
    assert isinstance(hopeless, QueryTooExpensive)
    assert sent == [2, 1, 1]
    await asyncio.gather(find("slow"), find("slower"))
    assert sent == [2, 1, 1, 1, 1]


async def test_tasks_that_are_found_know_the_last_commit_at_once(postgres: PostgresStorage, use_cases_on) -> None:
    for title in ("first", "second", "third"):
        found = await postgres.find_tasks("default", TaskQuery(limit=9))
        assert isinstance(found, MarkedTasks)
        assert found.mark == await read_mark(postgres, "default")
        await use_cases_on(postgres).execute(CreateTask(title=title))


async def test_a_first_page_with_a_cursor_is_one_statement(
    postgres: PostgresStorage, statements: list[str], use_cases_on
) -> None:
    use_cases = use_cases_on(postgres)
    for title in ("first", "second"):
        await use_cases.execute(CreateTask(title=title))
        await use_cases.search.find_tasks(FindTasks(limit=1), workspace="default")  # finds the key of cursors
    statements.clear()
    page = await use_cases.search.find_tasks(FindTasks(limit=1), workspace="default")
    assert page.next_cursor is not None
    assert len(statements) == 1


async def test_a_small_pool_serves_any_number_of_use_cases_in_flight(postgres: PostgresStorage, use_cases_on) -> None:
    use_cases = use_cases_on(postgres)
    tasks = await asyncio.gather(*(use_cases.execute(CreateTask(title=f"task {n}")) for n in range(300)))
    assert sorted(task.revision for task in tasks) == list(range(1, 301))


async def test_a_query_that_takes_too_long_is_given_up_and_the_store_goes_on(
    postgres: PostgresStorage, use_cases_on, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_options", replace(postgres._options, query_timeout=0.1))
    with pytest.raises(QueryTooExpensive, match=r"more than 0\.1 seconds"):
        await postgres._fetch("SELECT pg_sleep(600)")
    monkeypatch.undo()
    await use_cases_on(postgres).execute(CreateTask(title="after"))
    running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(600)'"
    assert [row[0] for row in await postgres._fetch(running)] == [0]


async def test_cancellations_at_any_moment_leak_no_connection(postgres: PostgresStorage, use_cases_on) -> None:
    use_cases = use_cases_on(postgres)
    task = await use_cases.execute(CreateTask(title="a task"))

    async def work(n: int) -> None:
        if n % 2:
            await use_cases.execute(CreateTask(title="perhaps"))
        else:
            await postgres.get_task("default", task.id)

    running = [asyncio.ensure_future(work(n)) for n in range(200)]
    for n, future in enumerate(running):
        for _ in range(n % 7):
            await asyncio.sleep(0)
        future.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await postgres._queue.join()  # what was sent goes on without those who were cancelled
    if postgres._announcements._sender is not None:  # it has a connection, too
        await postgres._announcements._sender
    connections = postgres._connections
    assert connections is not None
    connections._put_back()  # as after a rest
    await asyncio.gather(*connections._being_released)
    assert connections._pool.get_idle_size() == connections._pool.get_size()
    assert (await use_cases.execute(CreateTask(title="the next one"))).revision == await _last_revision(postgres)


async def test_lost_connections_are_reported_once_and_replaced(
    postgres: PostgresStorage, postgres_url: str, use_cases_on
) -> None:
    use_cases = use_cases_on(postgres)
    await use_cases.execute(CreateTask(title="before"))
    killer = await asyncpg.connect(postgres_url)
    await killer.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await killer.close()
    failures = 0
    for _ in range(5):
        try:
            task = await use_cases.execute(CreateTask(title="after"))
            break
        except StoreUnavailable:
            failures += 1
    assert failures <= 3  # at most once for each connection of the pool
    assert task.revision == 2


def test_a_connection_that_is_found_dying_is_reported_as_lost() -> None:
    # The server's last word has arrived on an idle connection, its end not yet: the driver cannot begin anything.
    with pytest.raises(StoreUnavailable, match="another operation"), translated():
        raise asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")


async def test_an_unreachable_server_is_reported_without_the_password() -> None:
    storage = storage_from_url("postgresql://somebody:s3cret@127.0.0.1:1/nothing", StorageOptions(timeout=2))
    with pytest.raises(StoreUnavailable) as caught:
        await storage.open()
    assert "s3cret" not in str(caught.value)


async def test_a_database_that_is_not_there_is_reported(postgres_url: str) -> None:
    nowhere = make_url(postgres_url).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(StoreUnavailable, match="does not exist"):
        await storage_from_url(nowhere).open()


async def test_two_changes_that_guard_each_others_task_never_both_commit(postgres: PostgresStorage) -> None:
    """Each is fine alone; together they would make a cycle, say. Both snapshots are taken before either waits."""
    for _ in range(30):
        one, two = await Bench(postgres, "default").new_task(), await Bench(postgres, "default").new_task()
        revision = await postgres.commit(Changeset(workspace="default", added=(one, two), guarded={}))
        one, two = one.committed(revision), two.committed(revision)
        outcomes = await asyncio.gather(
            postgres.commit(
                Changeset(workspace="default", changed=(one.begin(at=one.created),), guarded={two.id: two.revision})
            ),
            postgres.commit(
                Changeset(workspace="default", changed=(two.begin(at=two.created),), guarded={one.id: one.revision})
            ),
            return_exceptions=True,
        )
        assert sorted(type(outcome) for outcome in outcomes if not isinstance(outcome, int)) == [ConcurrentUpdate]


async def test_a_driver_name_in_the_url_changes_nothing(postgres_url: str) -> None:
    url = postgres_url.replace("postgresql://", "postgresql+asyncpg://")
    async with storage_from_url(url, StorageOptions(migrate=True)) as storage:
        await storage.ping()


@pytest.mark.parametrize(
    ("text", "sort", "skips"),
    [(None, "due", [0]), (None, "id", [1, 2]), ("is_open", "id", [0]), ("is_open due:*", "-due", [1, 50])],
)
async def test_a_page_of_a_filter_without_values_is_planned_once(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, text: str | None, sort: str, skips: list[int]
) -> None:
    wanted = (
        None if text is None else filter_from(LarkFilterParser().read(text), Viewpoint(datetime.now(UTC), zone("UTC")))
    )
    # Each connection has plans of its own.
    async with PostgresStorage.from_url(postgres_url, StorageOptions(migrate=True, pool_size=1)) as storage:
        await load(storage, generated_tasks(300))
        statements = spied(storage, monkeypatch)
        for number in range(12):
            query = TaskQuery(filter=wanted, order=order_from(sort), limit=11, skip=skips[number % len(skips)])
            assert len(await storage.find_tasks("default", query)) == 11
        assert await _plans_of(storage, statements[-1]) == (5, 7)


async def test_a_page_of_what_it_is_sorted_by_is_planned_once_whatever_the_values(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with PostgresStorage.from_url(postgres_url, StorageOptions(migrate=True, pool_size=1)) as storage:
        await load(storage, generated_tasks(3000))
        await storage._fetch("ANALYZE tasks")
        statements = spied(storage, monkeypatch)
        parser, here = LarkFilterParser(), Viewpoint(datetime.now(UTC), zone("UTC"))
        for sort, text in (
            ("due", "due >= 2025-0{}"),
            ("id", "priority > {}"),
            ("-id", "id <= 200{} AND priority > 1"),
        ):
            for number in range(12):
                wanted = filter_from(parser.read(text.format(number % 3 + 3)), here)
                query = TaskQuery(filter=wanted, order=order_from(sort), limit=11)
                assert len(await storage.find_tasks("default", query)) == 11
            assert await _plans_of(storage, statements[-1]) == (5, 7)


async def test_a_page_of_changes_is_planned_once_wherever_it_begins(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with PostgresStorage.from_url(postgres_url, StorageOptions(migrate=True, pool_size=1)) as storage:
        await load(storage, generated_tasks(3000))
        await storage._fetch("ANALYZE tasks")
        statements = spied(storage, monkeypatch)
        for place in range(12):
            changes = await storage.list_changes("default", after=Position(place % 3, place * 50), limit=101)
            assert len(changes.items) == 101
        assert await _plans_of(storage, statements[-1]) == (5, 7)


async def test_the_last_commit_is_looked_up_by_a_plan_that_a_new_table_keeps(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with PostgresStorage.from_url(postgres_url, StorageOptions(migrate=True, pool_size=1)) as storage:
        await load(storage, generated_tasks(300))
        statements = spied(storage, monkeypatch)
        for _ in range(12):
            assert (await read_mark(storage, "default")).revision > 0
        assert await _plans_of(storage, statements[-1]) == (5, 7)


async def test_a_page_of_a_filter_with_values_is_not_planned_for_other_values(
    postgres: PostgresStorage, statements: list[str]
) -> None:
    for limit in (11, 12):
        for skip in (0, 1):
            wanted = Compare(Field.LIST, Operator.EQUAL, 3)
            await postgres.find_tasks(
                "default", TaskQuery(filter=wanted, order=order_from("id"), limit=limit, skip=skip)
            )

    assert len(set(statements)) == 1


async def _plans_of(storage: PostgresStorage, statement: str) -> tuple[int, int]:
    """How often the only connection has made a plan for a statement, and used one that it keeps."""
    plans = "SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE statement = $1"
    [(custom, generic)] = await storage._fetch(plans, (statement,))
    return custom, generic


async def _last_revision(storage: PostgresStorage) -> int:
    rows = await storage._fetch("SELECT revision FROM workspaces WHERE id = 'default'")
    return rows[0][0]
