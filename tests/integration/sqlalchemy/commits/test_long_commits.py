"""A commit that is long is sent to PostgreSQL in pieces, in one transaction: it is one all the same."""

from dataclasses import replace

import pytest

from taskharbor.adapters.sqlalchemy.postgres import commit_rows
from taskharbor.adapters.sqlalchemy.postgres.commit_statement import statements_of
from taskharbor.application.errors import ConcurrentUpdate, StoreUnavailable, UidTaken
from taskharbor.application.ports.change_feed import Position
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_store import Changeset
from taskharbor.testing.scenes.bench import Bench

SOME = 30
"""More than a few: their rows are made in a thread."""


@pytest.fixture
def short_pieces(monkeypatch):
    """Have about three tasks of `bench` in a statement."""
    monkeypatch.setattr(commit_rows, "PIECE", 2_000)


@pytest.fixture
def bench(postgres) -> Bench:
    return Bench(postgres, "default")


@pytest.fixture
def sent(postgres, monkeypatch) -> list[str]:
    """What is sent to write a group, and what is for one statement."""
    texts: list[str] = []
    write_all = postgres._write_all

    async def spy(statements):
        texts.extend(sql for sql, _ in statements)
        return await write_all(statements)

    monkeypatch.setattr(postgres, "_write_all", spy)
    return texts


def characters(arguments: tuple[object, ...]) -> int:
    texts = [each for value in arguments for each in (value if isinstance(value, list | tuple) else [value])]
    return sum(len(each) for each in texts if isinstance(each, str))


async def new(bench, count=SOME, description="milk " * 20):
    return tuple([replace(await bench.new_task(), description=description) for _ in range(count)])


async def made(bench):
    tasks = await new(bench)
    revision = await bench.storage.commit(Changeset(workspace="default", added=tasks))
    return [task.committed(revision) for task in tasks]


def changed(tasks):
    return tuple([replace(task, priority=7) for task in tasks])


async def kept(postgres, tasks):
    return await postgres.load_tasks("default", [task.id for task in tasks])


@pytest.mark.usefixtures("short_pieces")
async def test_a_long_commit_is_one(postgres, bench, sent):
    tasks = await made(bench)
    record = Record(kind="kind", key="key", document='"one"', expires=None, revision=0)
    sent.clear()
    more = await new(bench)

    revision = await postgres.commit(
        Changeset(
            workspace="default", added=more, changed=changed(tasks[1:]), guarded={tasks[0].id: 1}, records=(record,)
        )
    )

    assert len(sent) > SOME / 4
    assert revision == 2
    assert {task.priority for task in (await kept(postgres, tasks[1:])).values()} == {7}
    feed = await postgres.list_changes("default", after=Position(1), limit=100)
    assert [item.revision for item in feed.items] == [2] * (2 * SOME - 1)
    assert (await postgres.load_records("default", [record.found_by]))[record.found_by].revision == 2


@pytest.mark.usefixtures("short_pieces")
@pytest.mark.parametrize("place", [0, SOME // 2, SOME - 1])
async def test_a_long_commit_with_one_stale_task_writes_nothing(postgres, bench, place):
    tasks = await made(bench)
    await postgres.commit(Changeset(workspace="default", changed=changed([tasks[place]])))
    others = await new(bench)

    with pytest.raises(ConcurrentUpdate):
        await postgres.commit(Changeset(workspace="default", added=others, changed=changed(tasks)))

    assert [task.priority for task in (await kept(postgres, tasks)).values()].count(7) == 1
    assert not await kept(postgres, others)
    assert (await postgres.read_history_bounds("default")).revision == 2


@pytest.mark.usefixtures("short_pieces")
async def test_a_long_commit_with_one_stale_guard_writes_nothing(postgres, bench):
    tasks = await made(bench)
    guarded = {task.id: 1 for task in tasks[:-1]} | {tasks[-1].id: 2}
    others = await new(bench)

    with pytest.raises(ConcurrentUpdate):
        await postgres.commit(Changeset(workspace="default", added=others, guarded=guarded))

    assert not await kept(postgres, others)


@pytest.mark.usefixtures("short_pieces")
async def test_a_long_commit_with_a_taken_uid_writes_nothing(postgres, bench):
    tasks = await made(bench)
    *others, last = await new(bench)
    others.append(replace(last, uid=tasks[0].uid))

    with pytest.raises(UidTaken):
        await postgres.commit(Changeset(workspace="default", added=tuple(others), changed=changed(tasks)))

    assert {task.priority for task in (await kept(postgres, tasks)).values()} == {0}
    assert not await kept(postgres, others)


@pytest.mark.usefixtures("short_pieces")
async def test_a_long_commit_that_is_cut_off_writes_nothing(postgres, bench, monkeypatch):
    tasks = await made(bench)
    in_order = await statements_of([Changeset(workspace="default", changed=changed(tasks))])
    dying = (*in_order[:-1], ("SELECT pg_terminate_backend(pg_backend_pid())", ()))

    with pytest.raises(StoreUnavailable):
        await postgres._write_all(dying)

    assert {task.priority for task in (await kept(postgres, tasks)).values()} == {0}
    assert await postgres.commit(Changeset(workspace="default", changed=changed(tasks))) == 2


@pytest.mark.usefixtures("short_pieces")
async def test_the_first_commit_of_a_workspace_can_be_long(postgres, sent):
    records = [
        Record(kind="kind", key=f"{n}", document='"' + "a" * 500 + '"', expires=None, revision=0) for n in range(SOME)
    ]

    assert await postgres.commit(Changeset(workspace="new", records=tuple(records))) == 1

    assert len(sent) > 1
    assert len(await postgres.list_records("new", "kind", after="", limit=100)) == SOME


async def test_no_statement_is_much_longer_than_a_piece(bench, monkeypatch):
    monkeypatch.setattr(commit_rows, "PIECE", 100_000)
    tasks = await new(bench, 25, "milk and bread " * 4_000)
    statements = await statements_of([Changeset(workspace="default", added=tasks)])

    assert sum(characters(arguments) for _, arguments in statements) > 1_500_000
    assert max(characters(arguments) for _, arguments in statements) < 4 * commit_rows.PIECE


async def test_a_commit_of_a_few_tasks_is_one_statement_unless_these_are_long(bench):
    short = await new(bench, 10)
    long = await new(bench, 10, "m" * 25_000)

    assert len(await statements_of([Changeset(workspace="default", added=short)])) == 1
    assert len(await statements_of([Changeset(workspace="default", added=long)])) == 2
