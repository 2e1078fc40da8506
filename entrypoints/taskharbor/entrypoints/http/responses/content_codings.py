"""Which content coding an answer has: RFC 9110 sections 8.4.1 and 12.5.3."""

import re
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, partial
from importlib import import_module
from importlib.util import find_spec
from typing import Final, NamedTuple, Protocol


def _first_there(*modules: str) -> str | None:
    for module in modules:
        with suppress(ModuleNotFoundError):  # nor the package that it is in
            if find_spec(module) is not None:
                return module
    return None


ZSTD: Final = _first_there("compression.zstd", "backports.zstd")
"""The module for zstd, which is loaded for the first answer: Python 3.14 has it, the extra `zstd` brings it before."""

IDENTITY: Final = b"identity"
"""No coding."""

_ANY: Final = b"*"
_ALIASES: Final = {b"x-gzip": b"gzip"}
_GZIP_LEVEL: Final = 5
_ZSTD_LEVEL: Final = 3
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
"""With a header and a checksum of gzip."""

_ITEM: Final = re.compile(
    rb"[ \t]*+([!#$%&'*+.^_`|~0-9a-z-]++)[ \t]*+(?:;[ \t]*+q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?[ \t]*+"
)


class Compressor(Protocol):
    """Compresses a body piece by piece."""

    def compress(self, data: bytes, /) -> bytes:
        """Return what there is to send by now."""
        ...

    def flush(self) -> bytes:
        """Return the rest."""
        ...


def _gzip() -> Compressor:
    return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)


def _zstd(module: str) -> Compressor:
    compressor: Compressor = import_module(module).ZstdCompressor(level=_ZSTD_LEVEL)
    return compressor


COMPRESSORS: Final[dict[bytes, Callable[[], Compressor]]] = {
    **({} if ZSTD is None else {b"zstd": partial(_zstd, ZSTD)}),
    b"gzip": _gzip,
}
"""The codings that there are; of those that a client likes as much as each other, the first is taken."""


class ChosenCoding(NamedTuple):
    """The coding that a client likes best.

    Attributes:
        name: of the coding, or `IDENTITY`.
        is_needed: whether no coding at all would be refused.
    """

    name: bytes
    is_needed: bool


@lru_cache(256)
def chosen_coding(accept_encoding: bytes | None) -> ChosenCoding | None:
    """Return the coding that a client likes best, or None if it accepts none that there is, nor no coding at all.

    Without the header it is `IDENTITY` (section 12.5.3 leaves the choice): who does not ask may not understand another.
    An item that is malformed does not count.
    """
    weights: dict[bytes, float] = {}
    for item in (accept_encoding or b"").lower().split(b","):
        if found := _ITEM.fullmatch(item):
            weights[_ALIASES.get(found[1], found[1])] = 1.0 if found[2] is None else float(found[2])
    others = weights.get(_ANY)
    # No coding is acceptable unless it is excluded, and then less wanted than what is named.
    plain = weights.get(IDENTITY, others)
    best = max(COMPRESSORS, key=lambda coding: weights.get(coding, others or 0.0))  # the first of equals
    weight = weights.get(best, others or 0.0)
    if weight and weight >= (plain or 0.0):
        return ChosenCoding(best, is_needed=plain == 0.0)
    return None if plain == 0.0 else ChosenCoding(IDENTITY, is_needed=False)
