"""The words of a line: what each may be, and which are escaped."""

import re
from collections.abc import Sequence
from typing import Any, Final

from taskharbor.adapters.quick_add.language import Language, Terminal
from taskharbor.adapters.quick_add.values import SPAN, span
from taskharbor.domain.frozen import frozen

_WORD: Final = re.compile(r'@"[^"]*"|\S+')
_TAG: Final = re.compile(r"#([^\W\d_][^\s#]*)")
_COLOUR: Final = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_LIST: Final = re.compile(r'@"([^"]+)"|@([^\s@"][^\s"]*)')
_PRIORITY: Final = re.compile(r"!([1-9])")
_ESCAPED: Final = re.compile(r"(\\+)(.+)", re.DOTALL)

NOTE: Final = "//"
"""Before a description."""


@frozen
class Word:
    """A word of a line.

    Attributes:
        start: where it begins, in code points.
        end: where it ends.
        text: as it stands there.
        terminals: what it may be in the grammar, with values; empty if it is just a word.
    """

    start: int
    end: int
    text: str
    terminals: Sequence[tuple[Terminal, Any]]


def words_of(text: str, language: Language) -> list[Word]:
    """Return the words of a line in order."""
    return [
        Word(found.start(), found.end(), found[0], _terminals_of(found[0], language)) for found in _WORD.finditer(text)
    ]


def unescaped(word: str, language: Language) -> str:
    r"""Return a word without the backslash that says that it is just a word.

    A backslash says so only before what would be more than that: `\#home` is `#home`, and `C:\new` and `\d+` stay.
    """
    found = _ESCAPED.fullmatch(word)
    return word[1:] if found and is_special(found[2], language) else word


def escaped(word: str, language: Language) -> str:
    """Return a word so that it is read as just that."""
    found = _ESCAPED.fullmatch(word)
    return f"\\{word}" if is_special(found[2] if found else word, language) else word


def is_special(word: str, language: Language) -> bool:
    """Return whether a word is more than a word to the reader."""
    return bool(_terminals_of(word, language)) or is_note(word)


def is_note(word: str) -> bool:
    """Return whether a description begins here."""
    return word.startswith(NOTE) and len(word) > len(NOTE)


def _terminals_of(word: str, language: Language) -> Sequence[tuple[Terminal, Any]]:
    marked = _marked(word, language)
    if marked is not None:
        return (marked,)
    bare = word.removesuffix(",")
    found = language.terminal_of(bare) if bare else None
    if found is None:
        return ()
    return (found,) if bare == word else (found, ("COMMA", None))


def _marked(word: str, language: Language) -> tuple[Terminal, Any] | None:
    match word[0]:
        case "#":
            found = _TAG.fullmatch(word)
            return ("TAG", found[1]) if found and not _COLOUR.fullmatch(word) else None
        case "@":
            found = _LIST.fullmatch(word)
            return ("LIST", found[1] or found[2]) if found else None
        case "!":
            found = _PRIORITY.fullmatch(word)
            return ("PRIORITY", int(found[1])) if found else None
        case "~":
            found = SPAN.fullmatch(word[1:])
            estimate = span(found) if found else None
            return ("ESTIMATE", estimate) if estimate else None
        case "*":
            unit = language.shortcuts.get(word[1:].casefold())
            return ("SHORTCUT", unit) if unit else None
        case _:
            return None
