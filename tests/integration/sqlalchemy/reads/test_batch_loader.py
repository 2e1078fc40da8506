"""Reads of tasks that share a statement."""

import asyncio
from collections.abc import Collection, Mapping

import pytest

from taskharbor.adapters.sqlalchemy.reads.coalescing import MAX_IDS, BatchLoader
from taskharbor.application.errors import StoreUnavailable
from taskharbor.domain.identifiers import TaskId, WorkspaceId


class Database:
    """Holds the task 7 and many more but not the task 13; notes what it is asked for."""

    def __init__(self) -> None:
        self.statements: list[tuple[WorkspaceId, set[TaskId]]] = []
        self.failure: BaseException | None = None

    async def read(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, str]:
        self.statements.append((workspace, set(ids)))
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        return {id_: f"{workspace} {id_}" for id_ in ids if id_ != 13}


@pytest.fixture
def database():
    return Database()


@pytest.fixture
def reads(database):
    return BatchLoader(database.read)


async def test_tasks_that_are_asked_for_at_the_same_moment_are_read_in_one_statement(database, reads):
    found = await asyncio.gather(reads.read("w", [7]), reads.read("w", [8, 9]), reads.read("w", [7]))

    assert database.statements == [("w", {7, 8, 9})]
    assert [rows[id_] for rows, id_ in zip(found, (7, 8, 7), strict=True)] == ["w 7", "w 8", "w 7"]


async def test_workspaces_do_not_share_a_statement(database, reads):
    mine, theirs = await asyncio.gather(reads.read("mine", [7]), reads.read("theirs", [7]))

    assert sorted(database.statements) == [("mine", {7}), ("theirs", {7})]
    assert (mine[7], theirs[7]) == ("mine 7", "theirs 7")


async def test_a_later_call_is_not_answered_from_an_earlier_statement(database, reads):
    await reads.read("w", [7])
    await reads.read("w", [7])

    assert len(database.statements) == 2


async def test_a_task_that_does_not_exist_is_not_among_the_found(database, reads):
    assert 13 not in await reads.read("w", [13])


async def test_a_statement_reads_a_bounded_number_of_tasks_for_several_callers(database, reads):
    half = MAX_IDS // 2 + 1
    await asyncio.gather(reads.read("w", range(100, 100 + half)), reads.read("w", range(5000, 5000 + half)))

    assert [len(ids) for _, ids in database.statements] == [half, half]


async def test_all_who_share_a_statement_learn_that_it_failed(database, reads):
    database.failure = StoreUnavailable("it is on fire")

    found = await asyncio.gather(reads.read("w", [7]), reads.read("w", [8]), return_exceptions=True)

    assert found == [database.failure, database.failure]


async def test_a_cancelled_caller_takes_nothing_from_the_others(database, reads):
    cancelled = asyncio.create_task(reads.read("w", [7]))
    other = asyncio.create_task(reads.read("w", [8]))
    await asyncio.sleep(0)
    cancelled.cancel()

    assert (await other)[8] == "w 8"
    assert cancelled.cancelled()


async def test_when_the_event_loop_goes_down_nobody_waits_for_ever(database, reads):
    database.failure = asyncio.CancelledError()

    with pytest.raises(StoreUnavailable):
        await reads.read("w", [7])
