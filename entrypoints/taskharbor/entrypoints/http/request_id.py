"""A name for each request, the caller's own if it sends one, in the answer and in every event of the log."""

import re
from typing import Final

from asgi_correlation_id import CorrelationIdMiddleware
from starlette.middleware import Middleware

HEADER: Final = "X-Request-ID"

_VISIBLE: Final = re.compile(r"[\x21-\x7e]{1,128}")


def request_ids() -> Middleware:
    """Return the middleware. It keeps a name of 1 to 128 visible ASCII characters and makes one in place of others."""
    return Middleware(
        CorrelationIdMiddleware,
        header_name=HEADER,
        validator=_is_fit,
        transformer=None,
        update_request_header=False,
    )


def _is_fit(request_id: str) -> bool:
    return _VISIBLE.fullmatch(request_id) is not None
