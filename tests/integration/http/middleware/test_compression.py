"""Answers are compressed for who asks, and ETags keep saying what one has."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from importlib import import_module

import httpx
import pytest
import pytest_asyncio
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from integration.http.problem import assert_problem
from taskharbor.entrypoints.http.middleware.compression import MOST_AT_ONCE, CompressionMiddleware
from taskharbor.entrypoints.http.responses.content_codings import COMPRESSORS, ZSTD

DECODED = {"gzip": gzip.decompress, "zstd": import_module(str(ZSTD)).decompress}
CODINGS = [coding.decode() for coding in COMPRESSORS]
LONG = "x" * 2000
assert CODINGS == ["zstd", "gzip"]


@pytest_asyncio.fixture
async def client(serve) -> AsyncIterator[httpx.AsyncClient]:
    async with serve() as client:
        del client.headers["accept-encoding"]
        await client.post("/tasks/", json={"title": "long", "description": LONG})
        await client.post("/tasks/", json={"title": "short"})
        yield client


async def raw(
    client: httpx.AsyncClient, path: str, method: str = "GET", **headers: str
) -> tuple[httpx.Response, bytes]:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.stream(method, path, headers=headers) as answer:
        return answer, b"".join([piece async for piece in answer.aiter_raw()])


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("path", ["/tasks/1", "/tasks/", "/changes", "/openapi.json", "/docs/assets/swagger-ui.css"])
async def test_what_is_long_is_compressed_as_it_is_asked_for(client, coding, path):
    plain, whole = await raw(client, path)
    coded, body = await raw(client, path, accept_encoding=coding)
    assert coded.headers["content-encoding"] == coding
    assert DECODED[coding](body) == whole
    assert len(body) == int(coded.headers.get("content-length", len(body))) < len(whole)
    assert "content-encoding" not in plain.headers
    for answer in (plain, coded):
        assert "accept-encoding" in answer.headers.get_list("vary", split_commas=True)
    if "etag" in plain.headers:
        assert coded.headers["etag"] == f'{plain.headers["etag"][:-1]}-{coding}"'


@pytest.mark.parametrize(
    ("asked", "coding"),
    [
        ("gzip, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("gzip ; Q=0.001", "gzip"),
        ("x-gzip", "gzip"),
        ("br, deflate", None),
        ("", None),
        ("gzip;q=0", None),
        ("gzip;q=2, zstd;q=x", None),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip", "gzip"),
        ("*", "zstd"),
        ("*, zstd;q=0", "gzip"),
        ("*;q=0, gzip", "gzip"),
        ("*;q=0, identity", None),
        ("identity;q=0, *;q=0.1", "zstd"),
    ],
)
async def test_the_coding_is_the_one_that_is_liked_best(client, asked, coding):
    answer, _ = await raw(client, "/tasks/1", accept_encoding=asked)
    assert answer.headers.get("content-encoding") == coding


@pytest.mark.parametrize("asked", ["identity;q=0", "*;q=0", "br, *;q=0", "gzip;q=0, zstd;q=0, identity;q=0"])
async def test_who_accepts_nothing_that_there_is_gets_nothing_and_changes_nothing(client, asked):
    answer = await client.post("/tasks/", json={"title": "third"}, headers={"accept-encoding": asked})
    assert_problem(answer, 406, "not_acceptable")
    assert len((await client.get("/tasks/")).json()) == 2


async def test_what_is_short_is_compressed_only_if_nothing_else_is_accepted(client):
    short, _ = await raw(client, "/tasks/2", accept_encoding="gzip")
    assert "content-encoding" not in short.headers
    assert short.headers["etag"] == '"2"'
    coded, body = await raw(client, "/tasks/2", accept_encoding="gzip, identity;q=0")
    assert gzip.decompress(body).startswith(b'{"id":2,')
    assert coded.headers["etag"] == '"2-gzip"'


@pytest.mark.parametrize("path", ["/tasks/1", "/tasks/"])
async def test_each_representation_that_one_has_is_still_current(client, path):
    plain, _ = await raw(client, path)
    tags = [(await raw(client, path, accept_encoding=coding))[0].headers["etag"] for coding in CODINGS]
    for tag in (plain.headers["etag"], *tags):
        for asked in ("", *CODINGS):
            for header in (tag, f"W/{tag}", f'"other", {tag}'):
                answer, body = await raw(client, path, if_none_match=header, accept_encoding=asked)
                assert (answer.status_code, body) == (304, b"")
                assert answer.headers["etag"] == tag
                assert answer.headers["vary"] == "accept-encoding"
    await client.patch("/tasks/1", json={"title": "changed"})
    for tag in (plain.headers["etag"], *tags):
        assert (await raw(client, path, if_none_match=tag, accept_encoding="gzip"))[0].status_code == 200


@pytest.mark.parametrize("suffix", ["", *(f"-{coding}" for coding in CODINGS)])
async def test_a_change_is_safe_with_the_etag_of_any_representation(client, suffix):
    changed = await client.patch("/tasks/1", json={"priority": 1}, headers={"if-match": f'"1{suffix}"'})
    assert changed.status_code == 200
    stale = await client.patch("/tasks/1", json={"priority": 2}, headers={"if-match": f'"1{suffix}"'})
    assert_problem(stale, 412, "precondition_failed")
    known = await client.patch("/tasks/1", json={"priority": 2}, headers={"if-none-match": f'"3{suffix}"'})
    assert_problem(known, 412, "precondition_failed")


async def test_the_etag_of_what_is_blocked_has_both_ends(client):
    await client.patch("/tasks/1", json={"depends_on": [2]})
    answer, _ = await raw(client, "/tasks/1", accept_encoding="gzip")
    assert answer.headers["etag"] == '"3-blocked-gzip"'
    assert (await raw(client, "/tasks/1", if_none_match='"3-blocked-gzip"'))[0].status_code == 304
    changed = await client.patch("/tasks/1", json={"priority": 1}, headers={"if-match": '"3-blocked-gzip"'})
    assert changed.status_code == 200


@pytest.mark.parametrize("path", ["/tasks/1", "/tasks/2", "/tasks/", "/export?format=icalendar", "/openapi.json"])
@pytest.mark.parametrize("asked", ["", "gzip"])
async def test_head_says_what_get_would(client, path, asked):
    told, body = await raw(client, path, "HEAD", accept_encoding=asked)
    got, _ = await raw(client, path, accept_encoding=asked)
    ours = {"content-encoding", "etag", "vary", "content-type"}
    assert body == b""
    assert {n: v for n, v in told.headers.items() if n in ours} == {n: v for n, v in got.headers.items() if n in ours}
    if "content-length" in told.headers:
        assert told.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize("coding", CODINGS)
async def test_an_export_is_compressed_piece_by_piece(client, coding):
    for number in range(300):
        await client.post("/tasks/", json={"title": f"{number}", "description": LONG})
    _, whole = await raw(client, "/export?format=jsonl")
    answer, body = await raw(client, "/export?format=jsonl", accept_encoding=coding)
    assert answer.headers["content-encoding"] == coding
    assert "content-length" not in answer.headers
    assert DECODED[coding](body) == whole


async def test_a_problem_is_not_compressed_unless_it_is_long(client):
    answer, body = await raw(client, "/tasks/9", accept_encoding="gzip")
    assert answer.status_code == 404
    assert b"Task not found" in body


async def answered(response: Response, sent: list[dict] | None = None) -> list[dict]:
    sent = [] if sent is None else sent

    async def send(message: dict) -> None:
        sent.append(message)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await response(scope, receive, send)

    async def receive() -> dict:
        await asyncio.Event().wait()
        raise AssertionError

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"accept-encoding", b"gzip")]}
    await CompressionMiddleware(app)(scope, receive, send)
    return sent


@pytest.mark.parametrize(
    ("media_type", "headers", "status"),
    [
        ("image/png", {}, 200),
        ("application/zip", {}, 200),
        ("text/plain", {"content-encoding": "br"}, 200),
        ("text/plain", {"content-range": "bytes 0-1999/9999"}, 206),
    ],
)
async def test_what_would_gain_nothing_or_be_broken_is_left_as_it_is(media_type, headers, status):
    response = Response(LONG, status, headers, media_type)
    head, body = await answered(response)
    assert head["headers"][: len(response.raw_headers)] == response.raw_headers
    assert body["body"] == LONG.encode()


async def test_an_event_stream_comes_as_it_is_sent_and_begins_before_its_first_event():
    async def events() -> AsyncIterator[str]:
        assert [message["type"] for message in sent] == ["http.response.start"]
        yield "data: 1\n\n"
        yield "data: 2\n\n"

    sent: list[dict] = []
    await answered(StreamingResponse(events(), media_type="text/event-stream"), sent=sent)
    head, *pieces = sent
    assert b"content-encoding" not in dict(head["headers"])
    assert [piece["body"] for piece in pieces] == [b"data: 1\n\n", b"data: 2\n\n", b""]


async def test_a_stream_that_breaks_off_is_not_ended_as_if_it_were_whole():
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a" * 5000
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await answered(StreamingResponse(pieces(), media_type="text/plain"))


async def test_a_long_body_is_compressed_beside_other_requests(monkeypatch):
    threads = []
    to_thread = asyncio.to_thread

    async def noted(*args, **named):
        threads.append(args)
        return await to_thread(*args, **named)

    monkeypatch.setattr(asyncio, "to_thread", noted)
    for length in (MOST_AT_ONCE, MOST_AT_ONCE + 1):
        _, message = await answered(Response("y" * length, media_type="text/plain"))
        assert zlib.decompress(message["body"], 31) == b"y" * length
    assert len(threads) == 1
