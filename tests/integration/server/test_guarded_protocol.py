"""What a connection takes, and for how long it waits: a real server on the loop, and clients that behave badly."""

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from taskharbor.entrypoints.http.requests.connection import connection_of
from taskharbor.entrypoints.server.connection_limits import ConnectionLimits
from taskharbor.entrypoints.server.guarded_protocol import GuardedProtocol

LIMITS = ConnectionLimits(
    max_request_line_bytes=1000,
    max_header_bytes=2000,
    max_headers=10,
    head_timeout=0.2,
    min_body_rate=1000,
    body_window=0.1,
    stop_window=0.05,
)
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"


class EchoApp:
    """Answers with the number of bytes that it was sent; `?long` with many, `?refuse` without reading."""

    def __init__(self) -> None:
        self.disconnects = 0
        self.lost: list[bool] = []
        self.begun = asyncio.Event()
        self.left = asyncio.Event()

    async def __call__(self, scope, receive, send):
        self.begun.set()
        connection = connection_of(scope)
        self.lost.append(connection.is_lost())
        size, more = 0, scope["query_string"] != b"refuse"
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.disconnects += 1
                self.lost.append(connection.is_lost())
                self.left.set()
                return
            size += len(message["body"])
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        body = b"x" * 5_000_000 if scope["query_string"] == b"long" else b"%d" % size
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def app():
    return EchoApp()


@pytest.fixture
async def state(app):
    return ServerState()


@pytest.fixture
async def server(app, state):
    config = Config(app, ws="none", lifespan="off", interface="asgi3", log_config=None, access_log=False)
    config.load()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: GuardedProtocol(config=config, server_state=state, app_state={}, limits=LIMITS), "127.0.0.1", 0
    )
    yield listening.sockets[0].getsockname()[1]
    listening.close()
    for connection in list(state.connections):
        connection.transport.abort()


@asynccontextmanager
async def connected(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield reader, writer
    writer.close()


async def answer_to(port, *pieces):
    async with connected(port) as (reader, writer):
        for piece in pieces:
            writer.write(piece)
        async with asyncio.timeout(10):
            return await reader.read()


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /%b HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * 1000), b"414"),
        (b"GET /" + b"a" * 3_000_000, b"414"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: %b\r\n\r\n" % (b"a" * 2000), b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 3_000_000, b"431"),
        (b"GET / HTTP/1.1\r\n%b\r\n" % (b"a: b\r\n" * 11), b"431"),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 500_000, b"431"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: " + b"a" * 3_000_000, b"431"),
        (b"\r\n" * 500_000, b"431"),
        (b"GET\r\n\r\n", b"400"),
    ],
    ids=[
        "url",
        "endless url",
        "header",
        "endless header",
        "headers",
        "endless headers",
        "trailer",
        "breaks",
        "no HTTP",
    ],
)
async def test_a_head_beyond_the_limits_is_refused_with_a_problem_document(server, request_bytes, status):
    answer = await answer_to(server, request_bytes)

    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"content-type: application/problem+json" in answer
    assert b"connection: close" in answer


async def test_a_head_at_the_limits_is_taken(server):
    url = b"/" + b"a" * 999
    headers = b"Host: x\r\n" + b"A: b\r\n" * 8 + b"Connection: close\r\n"
    assert (await answer_to(server, b"GET %b HTTP/1.1\r\n%b\r\n" % (url, headers))).startswith(b"HTTP/1.1 200")


async def test_limits_are_those_of_one_request_and_not_of_a_connection(server):
    request = b"GET /%b HTTP/1.1\r\nHost: x\r\nA: %b\r\n\r\n" % (b"a" * 900, b"a" * 1500)
    last = request.replace(b"Host: x", b"Host: x\r\nConnection: close")
    answers = await answer_to(server, request, request, request, last)
    assert answers.count(b"HTTP/1.1 200") == 4


@pytest.mark.parametrize("beginning", [b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n", GET + b"GET / HT"])
async def test_half_a_head_is_cut_after_the_head_timeout(server, beginning):
    answer = await answer_to(server, beginning)
    assert answer.count(b"HTTP/1.1 408") == 1


async def test_a_request_knows_whether_its_client_has_left(server, app):
    async with connected(server) as (_, writer):
        writer.write(POST)
        async with asyncio.timeout(10):
            await app.begun.wait()
            writer.transport.abort()
            await app.left.wait()
    assert app.lost == [False, True]


async def test_a_connection_on_which_nothing_comes_is_closed_without_a_word(server):
    assert await answer_to(server) == b""


async def trickle(port, beginning, piece):
    """Send a piece again and again until the server has had enough; return what it says."""
    async with connected(port) as (reader, writer):
        writer.write(beginning)
        reading = asyncio.create_task(whatever_comes(reader))
        while not reading.done():
            writer.write(piece)
            await asyncio.wait([reading], timeout=0.01)
        return await reading


async def whatever_comes(reader):
    """Read until the connection is closed, or reset, as it is if a piece was on its way then."""
    pieces = []
    with suppress(ConnectionResetError):
        while piece := await reader.read(4096):
            pieces.append(piece)
    return b"".join(pieces)


async def test_a_head_that_trickles_is_cut(server):
    assert (await trickle(server, b"GET / HTTP/1.1\r\nA: ", b"a")).startswith(b"HTTP/1.1 408")


async def test_a_body_that_trickles_is_cut_and_its_request_ends(server, app, state):
    assert (await trickle(server, POST, b"")).startswith(b"HTTP/1.1 408")
    await asyncio.gather(*state.tasks)
    assert app.disconnects == 1


async def test_a_body_that_trickles_after_its_answer_is_cut(server):
    refused = POST.replace(b" / ", b" /?refuse ").replace(b"100", b"100000")
    answer = await trickle(server, refused, b"x")
    assert answer.count(b"HTTP/1.1") == 1
    assert answer.startswith(b"HTTP/1.1 200")


async def test_a_body_that_comes_steadily_is_read_to_its_end(server):
    async with connected(server) as (reader, writer):
        writer.write(POST.replace(b"100", b"100000"))
        for _ in range(20):  # four windows
            writer.write(b"x" * 5000)
            await asyncio.sleep(0.02)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")


async def test_a_slow_reader_of_a_long_answer_is_left_alone(server):
    async with connected(server) as (reader, writer):
        writer.write(GET.replace(b"/ ", b"/?long ", 1).replace(b"Host: x", b"Host: x\r\nConnection: close"))
        # Nobody reads for longer than any limit.
        await asyncio.sleep(0.5)
        assert (await reader.read()).count(b"x") >= 5_000_000


async def test_a_client_that_was_not_yet_asked_for_its_body_is_not_slow(server, app):
    may_read = asyncio.Event()

    class Busy(EchoApp):
        async def __call__(self, scope, receive, send):
            await may_read.wait()
            await EchoApp.__call__(self, scope, receive, send)

    app.__class__ = Busy
    async with connected(server) as (reader, writer):
        writer.write(POST.replace(b"Host: x", b"Host: x\r\nExpect: 100-continue"))
        await asyncio.sleep(0.3)
        may_read.set()
        assert (await reader.readline()).startswith(b"HTTP/1.1 100")
        writer.write(b"x" * 100)
        await reader.readline()
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")


async def test_half_a_request_does_not_hold_up_a_stop(server, app, state):
    async with connected(server) as (head, to_head), connected(server) as (body, to_body):
        to_head.write(b"GET / HT")
        to_body.write(POST + b"x")
        await app.begun.wait()
        for connection in list(state.connections):
            connection.shutdown()
        async with asyncio.timeout(10):
            assert await head.read() == b""
            assert (await body.read()).startswith(b"HTTP/1.1 408")
    assert app.disconnects == 1
