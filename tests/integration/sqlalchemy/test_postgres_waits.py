"""How long one waits for PostgreSQL. Writes are not cancelled in it: what waits for a standby would have happened."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from time import monotonic

import pytest
import pytest_asyncio

from taskharbor.adapters.sqlalchemy.postgres import PostgresStorage
from taskharbor.application.errors import StoreUnavailable

SLEEP = "SELECT pg_sleep(600)"
ASLEEP = f"FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep' AND query = '{SLEEP}'"

Write = Callable[[], Awaitable[object]]


@pytest_asyncio.fixture(params=["alone", "in a transaction"])
async def write(request: pytest.FixtureRequest, postgres: PostgresStorage) -> AsyncIterator[Write]:
    count = 1 if request.param == "alone" else 2
    yield partial(postgres._write_all, [(SLEEP, ())] * count)
    await postgres._fetch(f"SELECT pg_terminate_backend(pid) {ASLEEP}")


async def asleep(postgres: PostgresStorage) -> int:
    return int((await postgres._fetch(f"SELECT count(*) {ASLEEP}"))[0][0])


async def goes_on(postgres: PostgresStorage) -> bool:
    """Whether it still does after so many round trips that a request to cancel it would have come."""
    return all([await asleep(postgres) == 1 for _ in range(10)])


async def test_a_write_that_gets_no_answer_in_time_goes_on_in_the_server(
    postgres: PostgresStorage, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seconds in (0.05, 0.5, 5):
        monkeypatch.setattr(postgres, "_timeout", seconds)
        with pytest.raises(StoreUnavailable, match="in time"):
            await write()
        if await asleep(postgres):  # else it had not begun
            break
    assert await goes_on(postgres)


async def test_a_write_whose_task_is_cancelled_goes_on_in_the_server(postgres: PostgresStorage, write: Write) -> None:
    writing = asyncio.ensure_future(write())
    while not await asleep(postgres):
        assert not writing.done()
    writing.cancel()
    await asyncio.wait({writing})
    assert writing.cancelled()
    assert await goes_on(postgres)


@pytest.mark.parametrize("gets_answers", [True, False])
async def test_one_waits_on_for_a_connection_only_while_others_get_answers(
    postgres: PostgresStorage, monkeypatch: pytest.MonkeyPatch, gets_answers: bool
) -> None:
    assert postgres._connections is not None
    use, refusals = postgres._connections.use, iter([TimeoutError()] * 3)

    async def busy(work: Callable[[object], Awaitable[object]]) -> object:
        if refusal := next(refusals, None):
            raise refusal
        return await use(work)

    monkeypatch.setattr(postgres._connections, "use", busy)
    monkeypatch.setattr(postgres, "_timeout", 1000)
    monkeypatch.setattr(postgres, "_answered", monotonic() - (0 if gets_answers else 600))
    if gets_answers:
        await postgres.ping()
    else:
        with pytest.raises(StoreUnavailable):
            await postgres.ping()
        assert len(list(refusals)) == 2
