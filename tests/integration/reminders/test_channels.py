"""Reminders are told by real means: an SMTP server, a server that stands for ntfy, and Apprise."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP, Envelope

from taskharbor.adapters.reminders.apprise import AppriseChannel
from taskharbor.adapters.reminders.email import EmailChannel
from taskharbor.adapters.reminders.ntfy import NtfyChannel
from taskharbor.application.ports.reminder_channel import Told
from taskharbor.domain.errors import InvalidValue

TOLD = Told(
    workspace="default",
    task=7,
    title="Gieß die Pflanzen 🌵",
    reminder="due-PT15M",
    at=datetime(2026, 12, 1, 9, tzinfo=UTC),
    late=True,
)


class Sink:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.refused = ""

    async def handle_RCPT(  # noqa: N802  # its name
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: object
    ) -> str:
        if address == self.refused:
            return "550 no such address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802  # its name
        self.envelopes.append(envelope)
        return "250 OK"


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest_asyncio.fixture
async def smtp_url(sink: Sink) -> AsyncIterator[str]:
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(sink), "127.0.0.1", 0)
    async with server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Answer each request so, and keep what it was."""
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if b"content-length" in line)
        requests.append(head + await reader.readexactly(length))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", requests


OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"
FAILURE = b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
ELSEWHERE = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


async def test_an_e_mail_says_what_and_when(sink: Sink, smtp_url: str) -> None:
    channel = EmailChannel(smtp_url, sender="tasks@example.org", recipients=["ada@example.org", "bob@example.org"])
    await channel.tell(TOLD)
    (envelope,) = sink.envelopes
    assert envelope.rcpt_tos == ["ada@example.org", "bob@example.org"]
    assert isinstance(envelope.content, bytes)
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert (message["subject"], message["from"]) == (TOLD.title, "tasks@example.org")
    assert "due at 2026-12-01 09:00 UTC, late" in message.get_content()


async def test_an_address_that_is_refused_is_logged_and_the_others_are_told(sink: Sink, smtp_url: str, caplog) -> None:
    sink.refused = "bob@example.org"
    channel = EmailChannel(smtp_url, sender="tasks@example.org", recipients=["ada@example.org", "bob@example.org"])
    await channel.tell(TOLD)
    assert [envelope.rcpt_tos for envelope in sink.envelopes] == [["ada@example.org"]]
    assert "1 of 2 recipients of a reminder were refused" in caplog.text
    sink.refused = "ada@example.org"
    with pytest.raises(Exception, match="no such address"):
        await EmailChannel(smtp_url, sender="tasks@example.org", recipients=["ada@example.org"]).tell(TOLD)


async def test_a_server_that_is_not_there_is_a_failure() -> None:
    with pytest.raises(Exception, match=r"127\.0\.0\.1"):
        await EmailChannel("smtp://127.0.0.1:1", sender="a@example.org", recipients=["b@example.org"]).tell(TOLD)


async def test_ntfy_gets_a_notification_for_the_topic() -> None:
    async with answering(OK) as (url, requests):
        await NtfyChannel(f"{url}/my-tasks", token="tk_1").tell(TOLD)  # none
    (request,) = requests
    assert request.startswith(b"POST / HTTP/1.1")
    assert b"authorization: bearer tk_1" in request.lower()
    assert b'"topic":"my-tasks"' in request
    assert TOLD.title.encode() in request


@pytest.mark.parametrize("answer", [FAILURE, ELSEWHERE], ids=["a failure", "a redirection"])
async def test_whatever_else_ntfy_answers_is_a_failure(answer: bytes) -> None:
    async with answering(answer) as (url, _):
        with pytest.raises(OSError, match="ntfy answered with status"):
            await NtfyChannel(f"{url}/my-tasks").tell(TOLD)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # what Apprise imports
async def test_apprise_notifies_what_its_urls_name() -> None:
    async with answering(OK) as (url, requests):
        await AppriseChannel([url.replace("http://", "json://")]).tell(TOLD)
    assert len(requests) == 1
    async with answering(FAILURE) as (url, _):
        with pytest.raises(OSError, match="Apprise"):
            await AppriseChannel([url.replace("http://", "json://")]).tell(TOLD)


@pytest.mark.parametrize("url", ["https://ntfy.sh", "https://ntfy.sh/", "ftp://ntfy.sh/x", "my-tasks"])
def test_a_url_that_is_no_topic_is_refused(url: str) -> None:
    with pytest.raises(InvalidValue, match="ntfy_url"):
        NtfyChannel(url)
