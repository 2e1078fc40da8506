"""Which names in `Host` are this server's: a page can bend no name to our address but its own (DNS rebinding)."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from starlette.types import Scope

from taskharbor.entrypoints.http.requests.errors import MalformedRequest
from taskharbor.entrypoints.settings.access import is_loopback

Authority = tuple[str, int | None]

_HOST: Final = re.compile(r"([a-z0-9_.~%!$&'()*+,;=-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::([0-9]{0,5}))?", re.IGNORECASE)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_MOST_REMEMBERED: Final = 256


class AllowedHosts:
    """Knows what the server is called.

    With the port that is served: `localhost`, any loopback address, and the address to which the connection was made.
    Besides, what the operator names, for the port that is given there or for all.
    """

    def __init__(self, named: Iterable[str]) -> None:
        authorities = {authority_from(_bracketed(host)) for host in named}
        # A server that listens on all addresses is called none of them.
        self._named = authorities - {("0.0.0.0", None), ("::", None)}  # noqa: S104
        self._remembered: set[tuple[bytes, object, str]] = set()

    def allow(self, host: bytes, scope: Scope) -> bool:
        """Tell whether `host` is this server's name, in a request with this scope.

        Raises:
            MalformedRequest: if it is nobody's (RFC 9112 section 3.2).
        """
        address, port = scope.get("server") or ("", None)
        known = (host, (address, port), scope.get("scheme", "http"))
        if known in self._remembered:
            return True
        name, said = authority_from(host.decode("latin-1"))
        is_allowed = (name, None) in self._named or (name, said) in self._named
        if not is_allowed and (name == "localhost" or is_loopback(name) or name == _plain(address)):
            default = _DEFAULT_PORTS.get(scope.get("scheme", "http"))
            is_allowed = port is None or (said or default) == port
        if is_allowed and len(self._remembered) < _MOST_REMEMBERED:
            self._remembered.add(known)
        return is_allowed


def authority_from(text: str) -> Authority:
    """Return name and port of a `Host`, as they compare: in lower case, without brackets and the dot of the root.

    Raises:
        MalformedRequest: if it is none; userinfo is not part of one (RFC 9110 section 7.2).
    """
    found = _HOST.fullmatch(text)
    if found is None:
        raise MalformedRequest
    return _plain(found[1]), int(found[2]) if found[2] else None


def _plain(name: str) -> str:
    name = name.lower().strip("[]").removesuffix(".")
    if ":" not in name:
        return name
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name


def _bracketed(host: str) -> str:
    return f"[{host.partition('%')[0]}]" if host.count(":") > 1 and not host.startswith("[") else host
