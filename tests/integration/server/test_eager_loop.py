"""How connections are accepted."""

import asyncio
import errno
import socket

import pytest

uvloop = pytest.importorskip("uvloop")

from taskharbor.entrypoints.cli.metrics_port import MetricsPort  # noqa: E402
from taskharbor.entrypoints.cli.serving import _config  # noqa: E402
from taskharbor.entrypoints.server import eager_loop  # noqa: E402
from taskharbor.entrypoints.server.eager_loop import FEWEST_AT_ONCE, EagerLoop, EagerServer  # noqa: E402
from taskharbor.entrypoints.settings.settings import Settings  # noqa: E402


class Greeting(asyncio.Protocol):
    """Says something to everybody, and counts them."""

    def __init__(self, made):
        self.made = made

    def connection_made(self, transport):
        self.made.append(transport)
        transport.write(b"welcome")


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        yield listener


def run(promise):
    with asyncio.Runner(loop_factory=EagerLoop) as runner:
        return runner.run(promise)


def connected(listener, count):
    """Return so many sockets that wait to be accepted."""
    return [socket.create_connection(listener.getsockname()) for _ in range(count)]


async def listening(listener, made):
    return await asyncio.get_running_loop().create_server(lambda: Greeting(made), sock=listener, backlog=512)


async def turns_until(made, count):
    turns = 0
    while len(made) < count:
        await asyncio.sleep(0)
        turns += 1
    return turns


def end(clients, made):
    for each in made:
        each.abort()
    for each in clients:
        each.close()


def test_connections_that_wait_are_accepted_in_a_few_turns_of_the_loop(listener):
    async def accept():
        made = []
        clients = connected(listener, 200)
        await listening(listener, made)
        turns = await turns_until(made, 200)
        end(clients, made)
        return turns

    assert run(accept()) < 200 / FEWEST_AT_ONCE


def test_a_process_takes_a_few_at_a_time_so_that_others_have_some(listener):
    async def accept():
        made = []
        clients = connected(listener, 5 * FEWEST_AT_ONCE)
        await listening(listener, made)
        await turns_until(made, 1)
        count = len(made)
        end(clients, made)
        return count

    assert run(accept()) <= FEWEST_AT_ONCE


def test_an_accepted_connection_is_served_and_knows_its_addresses(listener):
    async def accept():
        made = []
        await listening(listener, made)
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        assert await reader.readexactly(7) == b"welcome"
        assert made[0].get_extra_info("peername")[:2] == writer.get_extra_info("sockname")[:2]
        assert made[0].get_extra_info("sockname")[:2] == listener.getsockname()
        assert made[0].get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        writer.close()

    run(accept())


def test_a_closed_server_accepts_nobody_and_leaves_those_who_are_connected(listener):
    async def accept():
        made = []
        server = await listening(listener, made)
        address = listener.getsockname()
        reader, writer = await asyncio.open_connection(*address)
        await reader.readexactly(7)
        server.close()
        server.close()
        await server.wait_closed()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*address)
        made[0].write(b"still here")
        assert await reader.readexactly(10) == b"still here"
        writer.close()

    run(accept())


class Exhausted:
    """A listener of a process that has no file handles left, at first."""

    def __init__(self, listener, failures):
        self.listener = listener
        self.failures = failures

    def accept(self):
        if self.failures:
            self.failures.pop()
            raise OSError(errno.EMFILE, "Too many open files")
        return self.listener.accept()

    def fileno(self):
        return self.listener.fileno()

    def close(self):
        self.listener.close()


def test_a_server_without_file_handles_goes_on_once_there_are_some(listener, monkeypatch):
    monkeypatch.setattr(eager_loop, "PAUSE_SECONDS", 0.001)
    listener.setblocking(False)

    async def accept():
        seen = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: seen.append(context["exception"].errno))
        made = []
        server = EagerServer(loop, Exhausted(listener, [1, 1]), lambda: Greeting(made))
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        assert await reader.readexactly(7) == b"welcome"
        writer.close()
        server.close()
        return seen

    assert run(accept()) == [errno.EMFILE] * 2


def test_the_server_runs_on_this_loop():
    assert _config(Settings(database_url="memory://"), MetricsPort()).get_loop_factory() is EagerLoop


def test_a_server_on_an_address_is_that_of_uvloop():
    async def listen():
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", 0)
        assert not isinstance(server, EagerServer)
        assert server.sockets
        server.close()
        await server.wait_closed()

    run(listen())
