"""What a client does when a server, or what lies between, does not answer."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from integration.client.conftest import server_of
from taskharbor.client import RequestRefused, ServerUnreachable, connect
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.client import connection
from taskharbor.entrypoints.embedded import QueryTooExpensive, StoreUnavailable


def problem(status: int, code: str, retry_after: str | None = None, detail: str = "No.") -> httpx.Response:
    headers = {"Content-Type": "application/problem+json"} | (
        {} if retry_after is None else {"Retry-After": retry_after}
    )
    return httpx.Response(
        status, headers=headers, content=json.dumps({"code": code, "status": status, "detail": detail})
    )


class Flaky(httpx.AsyncBaseTransport):
    """Fails some times before, or after, it has passed a request on."""

    def __init__(
        self, inner: httpx.AsyncBaseTransport, *failures: httpx.Response | Exception, after: bool = False
    ) -> None:
        self._inner = inner
        self._failures = list(failures)
        self._after = after
        self.keys: list[str | None] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.keys.append(request.headers.get("idempotency-key"))
        failure = self._failures.pop(0) if self._failures else None
        if failure is None or self._after:
            response = await self._inner.handle_async_request(request)
        if failure is None:
            return response
        if isinstance(failure, Exception):
            raise failure
        return failure


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(connection, "FIRST_PAUSE", 0)


@asynccontextmanager
async def flaky(*failures: httpx.Response | Exception, after: bool = False) -> AsyncIterator[tuple]:
    async with server_of() as app:
        transport = Flaky(httpx.ASGITransport(app), *failures, after=after)
        async with connect("http://test", transport=transport) as harbor:
            yield harbor, transport


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_change_whose_answer_is_lost_is_made_once(after):
    lost = [httpx.ReadError("gone"), httpx.ConnectError("refused"), httpx.ReadTimeout("slow")]
    async with flaky(*lost, after=after) as (harbor, transport):
        task = await harbor.create_task(title="once")
        assert [each.id for each in (await harbor.list_tasks()).items] == [task.id]
        assert len(set(transport.keys[:4])) == 1
        assert transport.keys[0] is not None


async def test_each_change_has_a_key_of_its_own_unless_it_is_given_one():
    async with flaky() as (harbor, transport):
        await harbor.create_task(title="one")
        await harbor.create_task(title="two")
        await harbor.create_task(title="three", idempotency_key='"mine"')
        assert len(set(transport.keys)) == 3
        assert transport.keys[2] == '"\\"mine\\""'


@pytest.mark.parametrize("code", ["overloaded", "store_unavailable", "server_stopping"])
async def test_a_server_that_says_when_to_come_back_is_asked_again(code):
    async with flaky(*[problem(503, code, "0")] * 3) as (harbor, transport):
        assert (await harbor.list_tasks()).items == []
        assert len(transport.keys) == 4


async def test_it_is_asked_again_a_bounded_number_of_times():
    async with flaky(*[problem(503, "store_unavailable", "0", "Away")] * 9) as (harbor, transport):
        with pytest.raises(StoreUnavailable, match="Away"):
            await harbor.create_task(title="never")
        assert len(transport.keys) == 5


async def test_who_would_have_to_wait_for_long_is_told_at_once():
    async with flaky(problem(429, "too_many_requests", "3600", "Slower")) as (harbor, transport):
        with pytest.raises(RequestRefused, match="Slower") as refused:
            await harbor.list_tasks()
        assert (refused.value.status, refused.value.code) == (429, "too_many_requests")
        assert len(transport.keys) == 1


async def test_what_would_fail_again_is_not_repeated():
    async with flaky(problem(503, "query_too_expensive", "0")) as (harbor, transport):
        with pytest.raises(QueryTooExpensive):
            await harbor.list_tasks()
        assert len(transport.keys) == 1


async def test_a_file_is_sent_once():
    async with flaky(httpx.ReadError("gone"), after=True) as (harbor, _):
        with pytest.raises(ServerUnreachable):
            await harbor.import_tasks(b"Call Ada\n", format="todotxt", idempotency_key="a")
        report = await harbor.import_tasks(b"Call Ada\n", format="todotxt", idempotency_key="a")
        assert report.created == 1
        assert len((await harbor.list_tasks()).items) == 1


async def test_what_takes_no_key_is_sent_again_only_if_it_was_not_begun():
    refused = [httpx.ConnectError("refused"), problem(503, "overloaded", "0")]
    async with flaky(*refused) as (harbor, transport):
        await harbor.create_webhook(url="https://example.org/hook")
        assert transport.keys == [None] * 3
        assert len((await harbor.list_webhooks()).items) == 1
    async with flaky(httpx.ReadError("gone"), after=True) as (harbor, transport):
        with pytest.raises(ServerUnreachable):
            await harbor.create_webhook(url="https://example.org/hook")
        assert len((await harbor.list_webhooks()).items) == 1
    async with flaky(problem(503, "store_unavailable", "0")) as (harbor, transport):
        with pytest.raises(StoreUnavailable):
            await harbor.create_webhook(url="https://example.org/hook")
        assert len(transport.keys) == 1


async def test_an_expired_token_is_one_sentence_with_its_status():
    async with flaky(problem(401, "token_is_past", None, "The token has expired")) as (harbor, _):
        with pytest.raises(RequestRefused, match=r"^The token has expired$") as refused:
            await harbor.create_task(title="x")
        assert refused.value.status == 401


@pytest.mark.parametrize("status", [200, 302, 404, 502])
async def test_what_is_no_taskharbor_is_named(status):
    page = httpx.Response(status, html="<h1>Welcome to nginx</h1>")
    async with flaky(page) as (harbor, _):
        with pytest.raises(ServerUnreachable, match=r"^The server at http://test cannot be used: it "):
            await harbor.list_tasks()


async def test_where_nothing_listens_it_says_so():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with connect(f"http://127.0.0.1:{port}", retries=0) as harbor:
        with pytest.raises(ServerUnreachable) as failed:
            await harbor.list_tasks()
    assert str(failed.value) == f"The server at http://127.0.0.1:{port} cannot be used: connection refused"


async def test_a_server_that_says_nothing_is_given_up():
    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        done.set()

    done = asyncio.Event()
    async with asyncio.timeout(5):
        silent = await asyncio.start_server(listen, "127.0.0.1", 0)
        port = silent.sockets[0].getsockname()[1]
        async with connect(f"http://127.0.0.1:{port}", retries=0, timeout=0.05) as harbor:
            with pytest.raises(ServerUnreachable, match="does not answer in time"):
                await harbor.list_tasks()
        await done.wait()
        silent.close()
        await silent.wait_closed()


@pytest.mark.parametrize("url", ["", "tasks.db", "sqlite:///tasks.db", "http://", "http://[", "http://x:99999"])
async def test_what_is_no_url_of_a_server_is_refused(url):
    with pytest.raises(InvalidValue, match="url: must be that of a server"):
        async with connect(url):
            pass


@pytest.mark.parametrize("token", ["", "a b", "a\r\nX: y", "\u00e4"])
async def test_what_is_no_token_is_refused_and_not_shown(token):
    with pytest.raises(InvalidValue, match=r"^token: must be printable ASCII without spaces$"):
        async with connect("http://test", token=token):
            pass


async def test_the_token_and_the_path_of_the_server_are_in_each_request():
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=[])

    async with connect("https://x/api/", token="secret", transport=httpx.MockTransport(answer)) as harbor:
        await harbor.list_tasks()
        await harbor.in_workspace("team").list_tasks()
    assert [str(each.url) for each in seen] == ["https://x/api/tasks/", "https://x/api/workspaces/team/tasks/"]
    assert {each.headers["authorization"] for each in seen} == {"Bearer secret"}
