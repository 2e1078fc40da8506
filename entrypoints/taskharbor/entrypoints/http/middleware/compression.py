"""Answers compressed as their callers ask for it, with an ETag of their own."""

import asyncio
import re
from collections.abc import Awaitable, Iterable, Mapping
from functools import partial
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from taskharbor.entrypoints.http.requests.errors import NotAcceptable
from taskharbor.entrypoints.http.requests.headers import headers_of, with_headers
from taskharbor.entrypoints.http.responses.content_codings import (
    COMPRESSORS,
    IDENTITY,
    ChosenCoding,
    Compressor,
    chosen_coding,
)
from taskharbor.entrypoints.http.responses.responses import problem_answer

LEAST_BYTES: Final = 1024
"""How long an answer is at least that is compressed: a shorter one fits in the first packet anyway."""

MOST_AT_ONCE: Final = 65_536
"""Bytes that are compressed beside other requests; that takes a millisecond. More is left to a thread."""

_SUFFIXED: Final = re.compile(rb'-(?:gzip|zstd)(?=")')
"""What sets the ETag of a compressed answer apart (RFC 9110 section 8.8.3.3)."""

_CONDITIONS: Final = (b"if-match", b"if-none-match")
_COMPRESSIBLE: Final = re.compile(rb"text/|application/(?:[a-z0-9.+-]*json|jsonl|javascript|xml)|image/svg")
_EVENTS: Final = b"text/event-stream"
_VARY: Final = (b"vary", b"accept-encoding")
_NOT_MODIFIED: Final = 304
_WITHOUT_BODY: Final = frozenset({204, 205, 206, _NOT_MODIFIED})
"""A part (206) has one, but of what is not compressed."""
_OF_PLAIN_BYTES: Final = frozenset({b"content-length", b"accept-ranges"})


class CompressionMiddleware:
    """Middleware that compresses what is `LEAST_BYTES` or longer, with the coding that the caller likes best.

    The ETag of what is compressed ends with the name of the coding, as its bytes are others. A caller may send it in
    `If-Match` and `If-None-Match` like that of the plain answer: both are of the same state. What this app makes
    itself piece by piece, such as exports, is compressed piece by piece; an event stream is not compressed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass the request on with the ETags that the app knows, and compress what comes back."""
        if scope["type"] != "http":
            return self._app(scope, receive, send)
        headers = headers_of(scope)
        chosen = chosen_coding(headers.get(b"accept-encoding"))
        if chosen is None:
            return problem_answer(NotAcceptable(COMPRESSORS))(scope, receive, send)
        known = headers.get(b"if-none-match", b"")
        if known or b"if-match" in headers:
            scope = _with_known_tags(scope, headers)
        if chosen.name == IDENTITY and not known:  # nothing is compressed, and there can be no 304
            return self._app(scope, receive, partial(_send_plain, send))
        answer = _Answer(send, chosen, known=known, is_head=scope["method"] == "HEAD")
        return self._app(scope, receive, answer.send)


def _with_known_tags(scope: Scope, headers: Mapping[bytes, bytes]) -> Scope:
    changed = {
        name: _SUFFIXED.sub(b"", headers[name])
        for name in _CONDITIONS
        if name in headers and _SUFFIXED.search(headers[name])
    }
    return with_headers(scope, changed) if changed else scope


def _send_plain(send: Send, message: Message) -> Awaitable[None]:
    """Send a message of an answer that is not compressed, with a `Vary` if it would be for another caller."""
    if message["type"] == "http.response.start" and message["status"] not in _WITHOUT_BODY:
        headers = message["headers"]
        if _is_long(headers) and not dict(headers).get(b"content-type", b"").startswith(_EVENTS):
            message = {**message, "headers": [*headers, _VARY]}
    return send(message)


def _is_long(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Return whether an answer with these headers is not known to be short."""
    for name, value in headers:
        if name == b"content-length":
            return int(value) >= LEAST_BYTES
    return True


class _Answer:
    """One answer on its way out. Its head waits for the first piece of its body, which says how long it is."""

    def __init__(self, send: Send, chosen: ChosenCoding, *, known: bytes, is_head: bool) -> None:
        self._send = send
        self._chosen = chosen
        self._known = known
        self._is_head = is_head
        self._head: Message | None = None
        self._compressor: Compressor | None = None

    async def send(self, message: Message) -> None:
        """Send a message of the app, or hold it back."""
        if message["type"] == "http.response.start":
            if message["status"] in _WITHOUT_BODY:
                await self._send(self._as_known(message))
            elif dict(message["headers"]).get(b"content-type", b"").startswith(_EVENTS):
                await self._send(message)  # the caller waits for it, and the first event may be long in coming
            else:
                self._head = message
        elif self._head is not None:
            head, self._head = self._head, None
            await self._begin(head, message)
        elif self._compressor is not None:
            body = await _compressed(self._compressor, message)
            await self._send({**message, "body": body})
        else:
            await self._send(message)

    async def _begin(self, head: Message, message: Message) -> None:
        more = message.get("more_body", False)
        is_long = more or _is_long(head["headers"])
        if not self._is_coded(head, is_long=is_long):
            await self._send({**head, "headers": [*head["headers"], _VARY]} if is_long else head)
            await self._send(message)
            return
        self._compressor = COMPRESSORS[self._chosen.name]()
        body = b"" if self._is_head else await _compressed(self._compressor, message)
        headers = [self._coded(*each) for each in head["headers"] if each[0] not in _OF_PLAIN_BYTES]
        headers += [(b"content-encoding", self._chosen.name), _VARY]
        if not more and not self._is_head:
            headers.append((b"content-length", b"%d" % len(body)))
        await self._send({**head, "headers": headers})
        await self._send({**message, "body": body})

    def _is_coded(self, head: Message, *, is_long: bool) -> bool:
        headers = dict(head["headers"])
        if self._chosen.name == IDENTITY or b"content-encoding" in headers:
            return False
        return self._chosen.is_needed or (
            is_long and _COMPRESSIBLE.match(headers.get(b"content-type", b"")) is not None
        )

    def _coded(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        return (name, b'%b-%b"' % (value[:-1], self._chosen.name)) if name == b"etag" else (name, value)

    def _as_known(self, head: Message) -> Message:
        """Give a 304 the ETag of the answer that the caller has, by which it finds that in its cache."""
        if head["status"] != _NOT_MODIFIED:
            return head
        headers = []
        for name, value in head["headers"]:
            coded = (b'%b-%b"' % (value[:-1], coding) for coding in (self._chosen.name, *COMPRESSORS))
            held = (
                value
                if name != b"etag" or value in self._known
                else next((e for e in coded if e in self._known), value)
            )
            headers.append((name, held))
        return {**head, "headers": [*headers, _VARY]}


async def _compressed(compressor: Compressor, message: Message) -> bytes:
    body: bytes = message.get("body", b"")
    if len(body) > MOST_AT_ONCE:
        return await asyncio.to_thread(_compress, compressor, body, is_last=not message.get("more_body", False))
    return _compress(compressor, body, is_last=not message.get("more_body", False))


def _compress(compressor: Compressor, body: bytes, *, is_last: bool) -> bytes:
    compressed = compressor.compress(body)
    return compressed + compressor.flush() if is_last else compressed
