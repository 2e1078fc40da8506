"""Which addresses requests may go to: those of the public internet, and networks that are allowed by name."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_NAT64: Final = IPv6Network("64:ff9b::/96")
_6TO4: Final = IPv6Network("2002::/16")
_SPECIAL: Final[tuple[Network, ...]] = (
    IPv4Network("168.63.129.16/32"),  # Azure's metadata service, the only one in a public range
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("100::/64"),
    IPv6Network("2001::/23"),
    IPv6Network("3fff::/20"),
    IPv6Network("5f00::/16"),
    IPv6Network("fec0::/10"),
)
"""What Python's releases do not all take for special (the IANA registries of special-purpose addresses)."""

_V4_COMPATIBLE: Final = IPv6Network("::/96")


def is_allowed(address: Address, networks: Sequence[Network]) -> bool:
    """Return whether a request may go to an address.

    An IPv6 address that stands for one of IPv4 (mapped, RFC 4291; 6to4, RFC 3056; NAT64, RFC 6052) is judged as that.
    """
    address = _meant(address)
    if any(address in network for network in networks):
        return True
    if address.is_multicast or address.is_reserved or any(address in network for network in _SPECIAL):
        return False
    return address.is_global


def _meant(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _6TO4 and address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64 or (address in _V4_COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
