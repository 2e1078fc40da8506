"""Text of others on a terminal, made harmless."""

import unicodedata
from typing import Final

_REPLACEMENT: Final = "\ufffd"
_COMMANDING: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control characters and ANSI escapes, overrides of the direction (UAX #9), lone surrogates, line separators."""
_JOINING: Final = frozenset("\u200c\u200d\ufe0f")
"""What joins letters and emoji, and does nothing else."""


def harmless(text: str) -> str:
    """Return a text of one line without what would command a terminal, or make it show another text."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter if _is_harmless(letter) else _REPLACEMENT for letter in text)


def harmless_lines(text: str) -> str:
    """Return a text of several lines without what would command a terminal. Tabs become spaces."""
    return "\n".join(harmless(line.expandtabs(4)) for line in text.splitlines())


def _is_harmless(letter: str) -> bool:
    return letter in _JOINING or unicodedata.category(letter) not in _COMMANDING
