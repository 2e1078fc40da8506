"""What a page in the user's browser may not do here, although the user's machine can reach this server."""

from collections.abc import Iterable, Mapping
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.http.middleware.hosts import AllowedHosts, authority_from
from taskharbor.entrypoints.http.middleware.request_log import MORE_HEADERS
from taskharbor.entrypoints.http.requests.errors import CrossOriginRefused, HostNotServed, MalformedRequest
from taskharbor.entrypoints.http.requests.headers import headers_of
from taskharbor.entrypoints.http.responses.responses import Answer, Header, problem_answer

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_PORTS: Final = {"http": 80, "https": 443}
_VARY: Final[list[Header]] = [(b"vary", b"Origin")]
_EXPOSED: Final[Header] = (b"access-control-expose-headers", b"ETag, Link, Location, Retry-After")
_PREFLIGHT: Final[list[Header]] = [
    (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE"),
    (b"access-control-allow-headers", b"Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-ID"),
    (b"access-control-max-age", b"600"),
]


class BrowserGuardMiddleware:
    """Middleware that refuses what only a hostile page sends, and lets the pages of named origins in (CORS).

    A request must be for one of our `hosts`. One that may change something must not come from a page of another
    origin, unless that is among `origins`. Programs send no `Origin`, and pass. Not Starlette's `CORSMiddleware`: it
    leaves `Vary: Origin` off answers to origins that it does not know, and refuses in plain text.
    """

    def __init__(self, app: ASGIApp, *, hosts: AllowedHosts, origins: Iterable[str]) -> None:
        self._app = app
        self._hosts = hosts
        self._origins: dict[bytes, list[Header]] = {
            origin.encode(): [*_VARY, (b"access-control-allow-origin", origin.encode()), _EXPOSED] for origin in origins
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may be answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            answer = self._answer(scope)
        except TaskharborError as refusal:
            answer = problem_answer(refusal)
        await (answer or self._app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        """Return the answer to what goes no further, if that is no refusal."""
        headers = headers_of(scope)
        host = headers.get(b"host")
        if host is None:
            # HTTP/1.0 knows no Host; browsers do not speak it.
            if scope.get("http_version") != "1.0":
                raise MalformedRequest
        elif not self._hosts.allow(host, scope):
            raise HostNotServed
        if self._origins:
            origin = headers.get(b"origin", b"")
            named = self._origins.get(origin)
            scope[MORE_HEADERS] = named or _VARY
            is_preflight = scope["method"] == "OPTIONS" and origin and b"access-control-request-method" in headers
            if named:
                return Answer(204, b"", _PREFLIGHT) if is_preflight else None
            if is_preflight:
                raise CrossOriginRefused
        if scope["method"] not in _SAFE and not _is_from_here(headers, host):
            raise CrossOriginRefused
        return None


def _is_from_here(headers: Mapping[bytes, bytes], host: bytes | None) -> bool:
    """Tell whether no page, or a page of ours, has sent this.

    The scheme of the origin is not compared, a proxy may have taken TLS off; where it differs for the browser, that
    says so in `Sec-Fetch-Site`.
    """
    origin, site = headers.get(b"origin"), headers.get(b"sec-fetch-site")
    if origin is None:
        return site is None or site in (b"same-origin", b"none")
    if site == b"cross-site" or host is None:
        return False
    scheme, _, authority = origin.decode("latin-1").partition("://")
    try:
        name, port = authority_from(authority)
        own_name, own_port = authority_from(host.decode("latin-1"))
    except MalformedRequest:
        return False
    default = _PORTS.get(scheme)
    return default is not None and (name, port or default) == (own_name, own_port or default)
