"""Secrets as text: a prefix by which scanners know them, 160 random bits, and a checksum."""

import re
from hashlib import sha256
from typing import Final
from zlib import crc32

RANDOM_BITS: Final = 160

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_LENGTH: Final = 27
_CHECKSUM_LENGTH: Final = 6
_BODY: Final = re.compile(rf"[0-9A-Za-z]{{{_RANDOM_LENGTH + _CHECKSUM_LENGTH}}}", re.ASCII)

_ANYWHERE: Final = re.compile(rf"(th[a-z]?_)[0-9A-Za-z]{{{_RANDOM_LENGTH + _CHECKSUM_LENGTH}}}", re.ASCII)


def secret_text(prefix: str, random: int) -> str:
    """Return a secret of 160 bits, which the caller draws: `th_`, 27 digits in base 62, 6 of their CRC-32."""
    text = prefix + _in_base_62(random, _RANDOM_LENGTH)
    return text + _in_base_62(crc32(text.encode("ascii")), _CHECKSUM_LENGTH)


def is_secret(prefix: str, text: str) -> bool:
    """Return whether `text` could be such a secret, without a look at any that there are."""
    if not text.startswith(prefix) or not _BODY.fullmatch(text, len(prefix)):
        return False
    return text[-_CHECKSUM_LENGTH:] == _in_base_62(crc32(text[:-_CHECKSUM_LENGTH].encode("ascii")), _CHECKSUM_LENGTH)


def without_secrets(text: str) -> str:
    """Return a text with `***` for what is secret of such secrets, wherever they stand in it."""
    # To look first costs a tenth of what it costs to replace nothing.
    return _ANYWHERE.sub(r"\1***", text) if _ANYWHERE.search(text) else text


def digest_of(text: str) -> str:
    """Return what is kept of a secret: its SHA-256. With 160 random bits it needs neither salt nor stretching."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _in_base_62(number: int, length: int) -> str:
    digits: list[str] = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
