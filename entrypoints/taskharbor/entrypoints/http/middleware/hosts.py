"""What the server is called: a page can lead any name of its own to our address (DNS rebinding), but none of these."""

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypeAlias

from taskharbor.entrypoints.http.requests.errors import MalformedRequest
from taskharbor.entrypoints.settings.loopback import is_ip_address, is_loopback

Authority: TypeAlias = tuple[str, int | None]
"""The name and the port, if there is one."""

_AUTHORITY: Final = re.compile(
    rb"([a-z0-9_.~%!$&'()*+,;=-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::([0-9]{0,5}))?", re.IGNORECASE
)
_ALL_ADDRESSES: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104  # what a server listens on, and not what it is called


class AllowedHosts:
    """The names of the server: `localhost`, every loopback address, the address of the connection, and `names`.

    Ports do not matter: a tunnel or a container may have changed them, and a page cannot choose another than its
    browser connects to.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset({"localhost", *(_plain(name.partition("%")[0]) for name in names)} - _ALL_ADDRESSES)

    def allow(self, name: str, address: str | None) -> bool:
        """Return whether `name`, as `authority_from` returns it, is one of the server's at this address."""
        return name in self._names or is_loopback(name) or (address is not None and name == _plain(address))


def is_elsewhere(address: str) -> bool:
    """Return whether others than this machine reach `address`, if it is an IP address."""
    return is_ip_address(address.partition("%")[0]) and not is_loopback(address)


@lru_cache(maxsize=256)
def authority_from(text: bytes) -> Authority:
    """Return name and port of a `Host`, as they compare: in lower case, without brackets and the dot of the root.

    Raises:
        MalformedRequest: if it is none; userinfo is not part of one (RFC 9110 section 7.2).
    """
    found = _AUTHORITY.fullmatch(text)
    if found is None:
        raise MalformedRequest
    return _plain(found[1].decode("ascii")), int(found[2]) if found[2] else None


def _plain(name: str) -> str:
    name = name.lower().removeprefix("[").removesuffix("]").removesuffix(".")
    if ":" not in name:
        return name
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name
