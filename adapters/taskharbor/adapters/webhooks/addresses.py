"""Which addresses requests may go to: those of the public internet, and networks that are allowed by name."""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_6TO4: Final = IPv6Network("2002::/16")
_V4_COMPATIBLE: Final = IPv6Network("::/96")


def is_allowed(address: Address, networks: Sequence[Network]) -> bool:
    """Return whether a request may go to an address.

    An IPv6 address that stands for one of IPv4 (mapped, RFC 4291; 6to4, RFC 3056; NAT64, RFC 6052) is judged as that.
    """
    address = _meant(address)
    if any(address in network for network in networks):
        return True
    return address.is_global and not (address.is_multicast or address.is_reserved or _is_site_local(address))


async def resolve(host: str, port: int) -> list[Address]:
    """Return the addresses of a host.

    Raises:
        OSError: if it has none.
    """
    try:
        return [ip_address(host.partition("%")[0])]
    except ValueError:
        pass
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found))


def _meant(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _6TO4 and address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64[0] or (address in _V4_COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_site_local(address: Address) -> bool:
    return isinstance(address, IPv6Address) and (address.is_site_local or any(address in net for net in _NAT64))
