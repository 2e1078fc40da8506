import asyncio
from collections import Counter

import asyncpg
import pytest

from taskharbor.adapters.sqlalchemy.postgres.connections import Connections
from taskharbor.application.errors import QueryTooExpensive, StoreUnavailable
from taskharbor.application.ports.store_figures import PoolFigures


class Connection:
    def __init__(self) -> None:
        self.is_broken = self.is_detached = False

    def is_closed(self) -> bool:
        if self.is_detached:
            raise asyncpg.InterfaceError("it has been released back to the pool")
        return self.is_broken


class Pool:
    """Lends a fixed number of connections, and counts how often it was asked."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.idle: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        self.lent: Counter[Connection] = Counter()
        self.is_closed = False
        self.expired = 0
        self.is_full = asyncio.Event()
        for _ in range(size):
            self.idle.put_nowait(Connection())

    def get_idle_size(self) -> int:
        return self.idle.qsize()

    async def acquire(self, *, timeout: float | None) -> Connection:  # noqa: ASYNC109  # as asyncpg's
        connection = await asyncio.wait_for(self.idle.get(), timeout)
        self.lent[connection] += 1
        return connection

    async def release(self, connection: Connection) -> None:
        if not connection.is_detached:
            self.idle.put_nowait(Connection() if connection.is_broken else connection)
        if self.idle.qsize() == self.size:
            self.is_full.set()

    async def expire_connections(self) -> None:
        self.expired += 1

    async def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def pool() -> Pool:
    return Pool(3)


@pytest.fixture
def connections(pool) -> Connections:
    return Connections(pool, size=3, timeout=30)


class Using:
    """A user of a connection, until `goes` is called."""

    def __init__(self, connections: Connections) -> None:
        self.connection: Connection | None = None
        self.has_begun, self.may_go = asyncio.Event(), asyncio.Event()
        self.task = asyncio.ensure_future(connections.use(self._work))

    async def _work(self, connection: Connection) -> None:
        self.connection = connection
        self.has_begun.set()
        await self.may_go.wait()

    async def goes(self) -> None:
        self.may_go.set()
        await self.task


async def _using(connections: Connections) -> Using:
    user = Using(connections)
    await user.has_begun.wait()
    return user


async def _used(connection: Connection) -> Connection:
    return connection


async def test_while_one_is_in_use_the_pool_is_asked_once_for_all_others(connections, pool) -> None:
    user = await _using(connections)
    assert len({await connections.use(_used) for _ in range(20)}) == 1
    assert pool.lent.total() == 2
    await user.goes()


async def test_one_after_the_other_has_the_same_connection_without_the_pool(connections, pool) -> None:
    assert len({await connections.use(_used) for _ in range(20)}) == 1
    assert pool.lent.total() == 1


async def test_after_a_rest_the_pool_has_everything_back(pool) -> None:
    connections = Connections(pool, size=3, timeout=30, rest=0)
    users = [await _using(connections) for _ in range(3)]
    for user in users:
        assert pool.get_idle_size() == 0
        await user.goes()
    async with asyncio.timeout(10):
        await pool.is_full.wait()
    assert await connections.use(_used)
    assert pool.lent.total() == 4


async def test_a_waiting_call_gets_the_next_connection_that_is_returned(connections) -> None:
    users = [await _using(connections) for _ in range(3)]
    waiting = asyncio.ensure_future(connections.use(_used))
    await asyncio.sleep(0)
    await users[0].goes()
    assert await waiting is users[0].connection
    for user in users[1:]:
        await user.goes()


async def test_those_who_wait_get_what_is_returned_without_the_pool_and_the_one_that_waits_longest_first(
    connections, pool
) -> None:
    users = [await _using(connections) for _ in range(3)]
    waiting = [Using(connections) for _ in range(2)]
    await asyncio.sleep(0)
    assert connections.figures() == PoolFigures(3, 3, 2)
    for user, next_one in zip(users, waiting, strict=False):
        await user.goes()
        await next_one.has_begun.wait()
        assert next_one.connection is user.connection
    assert pool.lent.total() == 3
    for user in (*waiting, users[2]):
        await user.goes()
    await connections.aclose()
    assert pool.get_idle_size() == 3


async def test_a_call_that_waits_takes_the_place_of_one_with_which_something_went_wrong(connections, pool) -> None:
    users = [await _using(connections) for _ in range(3)]
    waiting = [Using(connections) for _ in range(2)]
    await asyncio.sleep(0)
    users[0].task.cancel()
    await waiting[0].has_begun.wait()
    assert pool.lent.total() == 4
    for user in (waiting[0], users[1], users[2], waiting[1]):
        await user.goes()
    await connections.aclose()
    assert pool.get_idle_size() == 3


@pytest.mark.parametrize("fails", [False, True])
async def test_who_is_cancelled_when_its_turn_has_just_come_leaves_it_to_the_next(
    connections, pool, *, fails: bool
) -> None:
    users = [await _using(connections) for _ in range(2)]
    has_begun, may_go = asyncio.Event(), asyncio.Event()

    async def work(_: Connection) -> None:
        has_begun.set()
        await may_go.wait()
        asyncio.get_running_loop().call_soon(impatient.task.cancel)  # after this, before it runs again
        if fails:
            raise ZeroDivisionError

    last = asyncio.ensure_future(connections.use(work))
    await has_begun.wait()
    impatient, patient = Using(connections), Using(connections)
    await asyncio.sleep(0)
    may_go.set()
    async with asyncio.timeout(10):
        await patient.has_begun.wait()
        await asyncio.wait({last, impatient.task})
    assert impatient.task.cancelled()
    assert impatient.connection is None
    assert (last.exception() is None) is not fails
    for user in (patient, *users):
        await user.goes()
    await connections.aclose()
    assert pool.get_idle_size() == 3


async def test_if_the_pool_has_none_to_give_each_who_waits_is_told_so(connections, pool) -> None:
    users = [await _using(connections) for _ in range(3)]
    waiting = [asyncio.ensure_future(connections.use(_used)) for _ in range(2)]
    await asyncio.sleep(0)

    async def refuse(*, timeout: float | None) -> Connection:  # noqa: ASYNC109  # as asyncpg's
        raise OSError(timeout)

    lend, pool.acquire = pool.acquire, refuse
    users[0].task.cancel()
    async with asyncio.timeout(10):
        assert [type(error) for error in await asyncio.gather(*waiting, return_exceptions=True)] == [OSError, OSError]
    pool.acquire = lend
    assert await connections.use(_used)
    for user in users[1:]:
        await user.goes()
    await connections.aclose()
    assert pool.get_idle_size() == 3


async def test_a_call_that_waits_too_long_for_a_connection_is_refused(pool) -> None:
    connections = Connections(pool, size=3, timeout=0.01)
    users = [await _using(connections) for _ in range(3)]
    with pytest.raises(TimeoutError):
        await connections.use(_used)
    for user in users:
        await user.goes()
    await connections.aclose()
    assert pool.get_idle_size() == 3


async def test_one_that_something_went_wrong_with_goes_to_the_pool_at_once(connections, pool) -> None:
    user = await _using(connections)

    async def fail(_: Connection) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await connections.use(fail)
    cancelled = await _using(connections)
    cancelled.task.cancel()
    await asyncio.wait({cancelled.task})
    assert pool.get_idle_size() == 2
    await user.goes()


@pytest.mark.parametrize("how", ["is_broken", "is_detached"])
async def test_one_that_broke_while_nobody_used_it_is_not_lent_again(connections, how: str) -> None:
    user = await _using(connections)
    kept = await connections.use(_used)
    setattr(kept, how, True)
    assert await connections.use(_used) is not kept
    await user.goes()


async def test_closing_lets_users_finish_and_refuses_those_who_wait(connections, pool) -> None:
    users = [await _using(connections) for _ in range(3)]
    waiting = asyncio.ensure_future(connections.use(_used))
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(connections.aclose())
    await asyncio.sleep(0)
    for user in users:
        assert not pool.is_closed
        await user.goes()
    with pytest.raises(StoreUnavailable):
        await waiting
    await closing
    assert pool.is_closed


@pytest.mark.parametrize("failure", [TimeoutError, asyncpg.ReadOnlySQLTransactionError])
async def test_once_a_server_is_silent_or_takes_no_writes_no_connection_is_kept(connections, pool, failure) -> None:
    users = [await _using(connections) for _ in range(2)]

    async def fail(_: Connection) -> None:
        raise failure

    with pytest.raises(failure):
        await connections.use(fail)
    assert pool.expired == 1
    await users[0].goes()
    await asyncio.sleep(0)
    assert pool.get_idle_size() == 2
    await users[1].goes()


async def test_a_query_that_took_too_long_is_not_waited_for_until_the_server_has_cancelled_it(
    connections, pool
) -> None:
    has_cancelled, is_back = asyncio.Event(), asyncio.Event()
    release = pool.release

    async def wait(connection: Connection) -> None:
        await has_cancelled.wait()
        await release(connection)
        is_back.set()

    async def fail(_: Connection) -> None:
        raise QueryTooExpensive(2)

    pool.release = wait
    async with asyncio.timeout(10):
        with pytest.raises(QueryTooExpensive):
            await connections.use(fail)
        assert (pool.get_idle_size(), pool.expired) == (2, 0)
        has_cancelled.set()
        await is_back.wait()
    await connections.aclose()
    assert pool.get_idle_size() == 3
