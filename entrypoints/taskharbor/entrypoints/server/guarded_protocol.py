"""A connection that is not held by who sends too much, too slowly, or only half of a request."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final, cast

from starlette.types import Scope
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.http.requests.connection import note_connection
from taskharbor.entrypoints.http.requests.errors import MalformedRequest, RequestTooSlow
from taskharbor.entrypoints.http.responses.responses import PROTECTION, problem_answer
from taskharbor.entrypoints.server.coalesced_writes import OneWriteProtocol
from taskharbor.entrypoints.server.connection_limits import ConnectionLimits
from taskharbor.entrypoints.server.incoming_request import IncomingRequest, Phase

_LINGER_SECONDS: Final = 2.0
_LOG: Final = logging.getLogger("taskharbor.http")


class GuardedProtocol(OneWriteProtocol):  # it is a `Connection`
    """uvicorn's protocol with limits. Readers may be as slow as they like; only what they send is timed.

    One timer for each connection looks now and then, so that requests need not set and clear one. uvicorn's methods
    for each part of a head are called by name, not through `super()`, and a request that comes in one piece waits for
    nothing after its head: limits cost a request with five headers 3.3 microseconds of CPU, where they took 5.7.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        limits: ConnectionLimits,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = limits
        self._incoming = IncomingRequest(limits)
        self._timer: asyncio.TimerHandle | None = None
        self._is_cut = False
        self._begins_body = False
        self._is_stopping = False
        self._refusal: TaskharborError | None = None
        self._stop: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn says so too
        """Take over a connection, and wait for the first head."""
        super().connection_made(transport)
        self._wait_for(Phase.HEAD)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of it."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come; of a connection that was cut, nothing."""
        if self._is_cut:
            return
        self._incoming.take(len(data))
        HttpToolsProtocol.data_received(self, data)
        self._look_after(self._incoming)

    def _look_after(self, incoming: IncomingRequest) -> None:
        """Wait for what must still come of a request of which a part has come, unless it was cut."""
        if self._is_cut:
            return
        if incoming.phase is Phase.IDLE:
            if not incoming.is_silent:  # an empty line, say, which begins nothing yet
                self._wait_for(Phase.HEAD)
        elif incoming.phase is Phase.BODY and self._begins_body:
            self._begins_body = False
            self._wait_for(Phase.BODY)
        refusal = incoming.unreported_refusal()
        if refusal is not None:
            self._cut(refusal)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # the problem document says it
        """Answer what the parser does not take, or one of its callbacks here."""
        self._cut(self._refusal or MalformedRequest())

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._incoming.begin()
        self._wait_for(Phase.HEAD)
        HttpToolsProtocol.on_message_begin(self)
        note_connection(cast("Scope", self.scope), self)

    def on_url(self, url: bytes) -> None:
        """Take a part of the URL."""
        try:
            self._incoming.take_url(len(url))
        except TaskharborError as refusal:
            self._refusal = refusal  # the parser passes on that something was raised, not what
            raise
        HttpToolsProtocol.on_url(self, url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; the colon, the blank and the line break count too."""
        try:
            self._incoming.take_header(len(name) + len(value) + 4)
        except TaskharborError as refusal:
            self._refusal = refusal
            raise
        HttpToolsProtocol.on_header(self, name, value)

    def on_headers_complete(self) -> None:
        """Wait for the body, unless it has come along."""
        HttpToolsProtocol.on_headers_complete(self)
        self._incoming.phase = Phase.BODY
        self._begins_body = True

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._incoming.report()
        HttpToolsProtocol.on_body(self, body)

    def on_message_complete(self) -> None:
        """Wait for nothing."""
        self._incoming.complete()
        HttpToolsProtocol.on_message_complete(self)

    def shutdown(self) -> None:
        """Stop, and give what has come by half less time than before."""
        super().shutdown()
        self._is_stopping = True
        if self._stop is not None:
            self._stop()
        if self._is_cut:
            self.transport.close()
        elif self._incoming.phase is Phase.BODY and not self.transport.is_closing():
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._wait_for(Phase.BODY)

    def when_stopping(self, stop: Callable[[], None] | None) -> None:
        """Have `stop` called when the server stops, as the answer would go on for ever; None ends that."""
        self._stop = stop
        if stop is not None and self._is_stopping:
            stop()

    def is_lost(self) -> bool:
        """Return whether the client has gone, or was cut."""
        return self.transport.is_closing()

    def abort(self) -> None:
        """Give up the answer, and the connection with it."""
        self._is_cut = True
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        self.transport.abort()

    def _wait_for(self, phase: Phase) -> None:
        self._incoming.enter(phase, self.loop.time(), is_fair=phase is Phase.HEAD or self._can_send())
        if self._timer is None:
            self._timer = self.loop.call_later(self._patience(), self._look)

    def _patience(self) -> float:
        if self._incoming.phase is Phase.HEAD:
            return self._limits.head_timeout
        return self._limits.stop_window if self._is_stopping else self._limits.body_window

    def _can_send(self) -> bool:
        """Return whether nothing on our side keeps the client from sending its body."""
        return not self.flow.read_paused and not self.cycle.waiting_for_100_continue

    def _look(self) -> None:
        self._timer = None
        incoming = self._incoming
        if incoming.phase is Phase.IDLE or self._is_cut or self.transport.is_closing():
            return
        patience, waited = self._patience(), self.loop.time() - incoming.since
        if waited < patience:
            self._timer = self.loop.call_later(patience - waited, self._look)
        elif incoming.phase is Phase.HEAD and self._is_answering():
            # What comes after a request that is being answered is not read before that is done.
            self._wait_for(Phase.HEAD)
        elif incoming.phase is Phase.BODY and not (self._can_send() and incoming.is_too_slow(waited)):
            self._wait_for(Phase.BODY)
        else:
            self._cut(RequestTooSlow())

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # None at first, whatever uvicorn says
        return cycle is not None and not cycle.response_complete

    def _is_next_answer(self) -> bool:
        """Return whether the client takes what is written now for the answer to what it has sent by half."""
        if self._incoming.phase is Phase.BODY:
            return not self.cycle.response_started
        return not self._is_answering()

    def _cut(self, error: TaskharborError) -> None:
        """Answer, if nothing else has been, and read no more.

        What is on its way is thrown away for a moment: a connection that is closed before all was read is reset, and
        the client never sees the answer.
        """
        self._is_cut = True
        self._unset_keepalive_if_required()
        may_answer = not self._incoming.is_silent and self._is_next_answer()
        if self._is_answering():
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.flow.resume_reading()
        if not may_answer:
            self.transport.close()
            return
        _LOG.info("refused a request: %s", error)
        answer = problem_answer(error)
        headers = [*self.server_state.default_headers, *answer.raw_headers, *PROTECTION, (b"connection", b"close")]
        head = b"".join([STATUS_LINE[answer.status_code], *(b"%s: %s\r\n" % header for header in headers), b"\r\n"])
        self.transport.write(head + bytes(answer.body))
        self.transport.write_eof()
        self.loop.call_later(0 if self._is_stopping else _LINGER_SECONDS, self.transport.close)
