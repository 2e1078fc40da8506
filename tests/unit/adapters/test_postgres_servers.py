import asyncio

import asyncpg
import pytest

from taskharbor.adapters.sqlalchemy.postgres_servers import Servers
from taskharbor.domain.errors import InvalidValue


def test_one_server_is_taken_as_it_is():
    servers = Servers.at("postgresql+asyncpg://me:p%40ss@db:5433/tasks?sslmode=require")
    assert servers.dsns == ("postgresql://me:p%40ss@db:5433/tasks?sslmode=require",)
    assert servers.wanted == (None,)
    assert servers.statement_cache_size is None


def test_of_several_servers_the_one_is_wanted_that_takes_writes():
    servers = Servers.at("postgresql://me:secret@a:1,b,[::1]:3/tasks?application_name=th")
    assert servers.dsns == tuple(
        f"postgresql://me:secret@{host}/tasks?application_name=th" for host in ("a:1", "b", "[::1]:3")
    )
    assert servers.wanted == ("read-write",)


@pytest.mark.parametrize(
    ("said", "wanted"), [("any", ("any",)), ("primary", ("primary",)), ("prefer-standby", ("standby", "any"))]
)
def test_the_url_says_which_server_is_wanted(said, wanted):
    servers = Servers.at(f"postgresql://a,b/tasks?target_session_attrs={said}")
    assert (servers.dsns, servers.wanted) == (("postgresql://a/tasks", "postgresql://b/tasks"), wanted)


def test_a_socket_is_a_server_too():
    assert Servers.at("postgresql:///tasks?host=/run/postgresql").dsns == (
        "postgresql:///tasks?host=%2Frun%2Fpostgresql",
    )


def test_the_url_says_how_many_statements_are_kept():
    servers = Servers.at("postgresql://a/tasks?statement_cache_size=0")
    assert (servers.dsns, servers.statement_cache_size) == (("postgresql://a/tasks",), 0)


@pytest.mark.parametrize("size", ["", "-1", "many", "1000000", "٣"])
def test_another_number_of_statements_is_refused(size):
    with pytest.raises(InvalidValue, match="statement_cache_size that is not a number"):
        Servers.at(f"postgresql://a/tasks?statement_cache_size={size}")


async def test_a_connection_is_closed_whose_caller_is_cancelled_before_it_is_known_to_be_pooled(monkeypatch):
    class Silent:
        asked = asyncio.Event()
        is_closed = False

        async def fetchval(self, _statement: str) -> int:
            self.asked.set()
            await asyncio.Event().wait()
            return 0

        def terminate(self) -> None:
            self.is_closed = True

    connection = Silent()

    async def connect(*_where: str, **_options: object) -> Silent:
        return connection

    monkeypatch.setattr(asyncpg, "connect", connect)
    connecting = asyncio.create_task(Servers.at("postgresql://a/tasks").connect_once())
    await connection.asked.wait()
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    assert connection.is_closed


async def test_a_server_that_was_silent_is_not_the_first_to_be_asked_the_next_time(monkeypatch):
    asked: list[str] = []

    async def connect(dsn: str, **_options: object) -> None:
        asked.append(dsn.partition("//")[2])
        raise TimeoutError if "a" in asked[-1] else ConnectionRefusedError

    monkeypatch.setattr(asyncpg, "connect", connect)
    servers = Servers.at("postgresql://a,b,c/")
    for _ in range(2):
        with pytest.raises((TimeoutError, ConnectionRefusedError)):
            await servers.connect(timeout=1)
    assert asked == ["a/", "b/", "c/", "b/", "c/", "a/"]


async def test_the_last_of_several_servers_has_all_the_time_that_is_left(monkeypatch):
    shares: list[float] = []

    async def connect(_dsn: str, *, timeout: float, **_options: object) -> None:  # noqa: ASYNC109  # as asyncpg's
        shares.append(timeout)
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncpg, "connect", connect)
    with pytest.raises(ConnectionRefusedError):
        await Servers.at("postgresql://a,b/").connect(timeout=1000)
    assert shares == [pytest.approx(500, abs=50), pytest.approx(1000, abs=50)]
