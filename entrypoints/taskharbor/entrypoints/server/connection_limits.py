"""What one connection may ask of the server."""

from typing import Final

from taskharbor.domain.frozen import frozen
from taskharbor.entrypoints.settings.limits import LimitSettings

BODY_WINDOW_SECONDS: Final = 5.0
"""Over how long the rate of a body is measured."""

STOP_WINDOW_SECONDS: Final = 1.0
"""The same while the server stops: half a request must not hold it up."""


@frozen(kw_only=True)
class ConnectionLimits:
    """Bounds on a request as it comes in; the settings of the same names say what they mean."""

    max_request_line_bytes: int
    max_header_bytes: int
    max_headers: int
    head_timeout: float
    min_body_rate: int
    body_window: float = BODY_WINDOW_SECONDS
    stop_window: float = STOP_WINDOW_SECONDS

    @classmethod
    def of(cls, settings: LimitSettings) -> "ConnectionLimits":
        """Return what the settings say."""
        return cls(
            max_request_line_bytes=settings.max_request_line_bytes,
            max_header_bytes=settings.max_header_bytes,
            max_headers=settings.max_headers,
            head_timeout=settings.head_timeout,
            min_body_rate=settings.min_body_rate,
        )
