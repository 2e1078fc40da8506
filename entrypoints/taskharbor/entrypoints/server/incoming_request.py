"""How much of a request has come, and how fast."""

from enum import Enum, auto

from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.http.requests.errors import HeadersTooLarge, RequestLineTooLong
from taskharbor.entrypoints.server.connection_limits import ConnectionLimits


class Phase(Enum):
    """What a connection waits for."""

    IDLE = auto()
    HEAD = auto()
    BODY = auto()


class IncomingRequest:
    """Counts what the parser reports of one request after the other on a connection.

    Attributes:
        phase: what is awaited.
        since: when that began, or its present window, in the loop's seconds.
        received: bytes that have come since.
        is_window_fair: whether the client could send all the while.
        is_silent: whether nothing at all has come since the last request was complete.
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        self._limits = limits
        self._url_left = limits.max_request_line_bytes
        self._headers_left = limits.max_header_bytes
        self._header_count_left = limits.max_headers
        self._unreported = 0
        self.phase = Phase.IDLE
        self.since = 0.0
        self.received = 0
        self.is_window_fair = True
        self.is_silent = True

    def begin(self) -> None:
        """Note that a head begins."""
        self.is_silent = False
        self._url_left = self._limits.max_request_line_bytes
        self._headers_left = self._limits.max_header_bytes
        self._header_count_left = self._limits.max_headers

    def enter(self, phase: Phase, now: float, *, is_fair: bool = True) -> None:
        """Wait for something else from now on, or go on waiting in a new window."""
        self.phase, self.since, self.received, self.is_window_fair = phase, now, 0, is_fair

    def take(self, size: int) -> None:
        """Note that so many bytes have come, before the parser sees them."""
        self.is_silent = False
        self.received += size
        self._unreported += size

    def report(self) -> None:
        """Note that the parser has made something of what came."""
        self._unreported = 0

    def complete(self) -> None:
        """Note that all has come. There may be no other request."""
        self._unreported = 0
        self.is_silent = True
        self.phase = Phase.IDLE

    def take_url(self, size: int) -> None:
        """Note a part of the URL.

        Raises:
            RequestLineTooLong: if there have been too many.
        """
        self._unreported = 0
        self._url_left -= size
        if self._url_left < 0:
            raise RequestLineTooLong(self._limits.max_request_line_bytes)

    def take_header(self, size: int) -> None:
        """Note a header.

        Raises:
            HeadersTooLarge: if there have been too many.
        """
        self._unreported = 0
        self._headers_left -= size
        self._header_count_left -= 1
        if self._headers_left < 0 or self._header_count_left < 0:
            raise self._headers_too_large()

    def unreported_refusal(self) -> TaskharborError | None:
        """Return why no more is taken of what the parser only keeps: a header that never ends."""
        return self._headers_too_large() if self._unreported > self._limits.max_header_bytes else None

    def is_too_slow(self, seconds: float) -> bool:
        """Return whether a body has brought too little in the window that ends now, after so many seconds."""
        return self.is_window_fair and self.received < max(1, self._limits.min_body_rate * seconds)

    def _headers_too_large(self) -> HeadersTooLarge:
        return HeadersTooLarge(self._limits.max_header_bytes, self._limits.max_headers)
