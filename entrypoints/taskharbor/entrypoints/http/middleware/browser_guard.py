"""What a page in the user's browser may not do here, although the user's machine can reach this server."""

from collections.abc import Awaitable, Iterable
from functools import lru_cache
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.http.middleware.hosts import AllowedHosts, Authority, authority_from, is_elsewhere
from taskharbor.entrypoints.http.requests.errors import CrossOriginRefused, HostNotServed, MalformedRequest, NoWayIn
from taskharbor.entrypoints.http.requests.headers import headers_of
from taskharbor.entrypoints.http.responses.more_headers import add_headers
from taskharbor.entrypoints.http.responses.responses import Answer, Header, problem_answer

MOST_HOSTS: Final = 256
"""Values of `Host` whose check is remembered. One that is refused is checked each time."""

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES: Final = frozenset({b"same-origin", b"none"})
_PORTS: Final = {b"http": 80, b"https": 443}
_VARY: Final[list[Header]] = [(b"vary", b"Origin")]
# Without cookies, which no page of another origin may use here, * stands for all but Authorization (Fetch standard).
_EXPOSED: Final[Header] = (b"access-control-expose-headers", b"*")
_PREFLIGHT: Final[list[Header]] = [
    (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE"),
    (b"access-control-allow-headers", b"*, Authorization"),
    (b"access-control-max-age", b"600"),
]


class BrowserGuardMiddleware:
    """Middleware that refuses what only a hostile page sends, and lets the pages of named origins in (CORS).

    A request must be for one of our `hosts`. One that may change something must not come from a page of another
    origin, unless that is among `origins`. Programs say nothing of pages, and pass. With `loopback_only` nothing is
    answered that has come to another address, whatever server the app is run by. Not Starlette's `CORSMiddleware`:
    it leaves `Vary: Origin` off answers to origins that it does not know, and refuses in plain text.
    """

    def __init__(
        self, app: ASGIApp, *, hosts: AllowedHosts, origins: Iterable[str], loopback_only: bool = False
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._loopback_only = loopback_only
        self._host_served = lru_cache(MOST_HOSTS)(self._checked_host)
        self._origins: dict[bytes, list[Header]] = {
            origin.encode(): [*_VARY, (b"access-control-allow-origin", origin.encode()), _EXPOSED] for origin in origins
        }

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass on what may be answered. It awaits nothing itself, which spares each request a coroutine."""
        if scope["type"] != "http":
            return self._app(scope, receive, send)
        try:
            answer = self._answer(scope)
        except TaskharborError as refusal:
            answer = problem_answer(refusal)
        return (answer or self._app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        """Return the answer to a preflight; None for what may go on."""
        headers, server = headers_of(scope), scope.get("server")
        host = self._host_served(headers.get(b"host"), server and server[0], scope.get("http_version"))
        origin = headers.get(b"origin")
        if self._origins:
            named = None if origin is None else self._origins.get(origin)
            add_headers(scope, named or _VARY)
            is_preflight = scope["method"] == "OPTIONS" and b"access-control-request-method" in headers
            if named:
                return Answer(204, b"", _PREFLIGHT) if is_preflight else None
            if is_preflight:
                raise CrossOriginRefused
        if scope["method"] not in _SAFE and not _is_from_here(origin, headers.get(b"sec-fetch-site"), host):
            raise CrossOriginRefused
        return None

    def _checked_host(self, host: bytes | None, address: str | None, http_version: str | None) -> Authority | None:
        """Return the server's name as the client calls it; HTTP/1.0 has none, but no browser speaks that.

        Raises:
            NoWayIn: if the address is not this machine's alone, although it must be.
            MalformedRequest: if it is missing, or is nobody's name (RFC 9112 section 3.2).
            HostNotServed: if it is somebody else's.
        """
        if self._loopback_only and address is not None and is_elsewhere(address):
            raise NoWayIn
        if host is None:
            if http_version != "1.0":
                raise MalformedRequest
            return None
        authority = authority_from(host)
        if not self._hosts.allow(authority[0], address):
            raise HostNotServed
        return authority


def _is_from_here(origin: bytes | None, site: bytes | None, host: Authority | None) -> bool:
    """Return whether no page, or a page of ours, has sent this.

    `Sec-Fetch-Site` decides where the browser sends it, which is also right behind a proxy that changes `Host`. Older
    ones, and all on plain HTTP to another machine, send `Origin` only. Its scheme is not compared: a proxy may have
    taken TLS off.
    """
    if site is not None:
        return site in _OWN_SITES
    if origin is None:
        return True
    scheme, _, authority = origin.partition(b"://")
    default = _PORTS.get(scheme)
    if default is None or host is None:
        return False
    try:
        name, port = authority_from(authority)
    except MalformedRequest:
        return False
    return (name, port or default) == (host[0], host[1] or default)
