"""Scripts that are written without spaces: where a word begins, only a dictionary knows.

So it is looked for wherever it may begin. Each character, with the marks that belong to it, begins a window of up to
`WINDOW` of them, and the windows are the words of such a text. What is looked for is cut into windows as well, and each
of them must begin one of the text's.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final
from unicodedata import category

from taskharbor.domain.search.letters import EMOJI

WINDOW: Final = 4
"""How many characters with their marks a window has at most: what is that long is found where it stands together."""

_WITH_MARKS: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u1aaf\u1b00-\u1b7f\ua980-\ua9ff\uaa60-\uaadf"
"""Thai, Lao, Burmese, Khmer, Tai Le, New Tai Lue, Tai Tham, Balinese, Javanese, Tai Viet."""

_WITHOUT_MARKS: Final = (
    "\u3005-\u3007\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u9fff\ua000-\ua4cf\uf900-\ufaff"
    "\U00016fe0-\U00018dff\U0001b000-\U0001b2ff\U00020000-\U0003ffff"
)
"""Han, Kana, Bopomofo, Yi, Tangut, Nushu."""

_HANGUL: Final = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
"""Korean has spaces, but not within compounds."""

UNSPACED: Final = f"{_WITH_MARKS}{_WITHOUT_MARKS}{_HANGUL}{EMOJI}"
"""Ranges of what is no word by itself, as a regular expression has them between brackets."""

_STACKING: Final = "\u1039\u17d2\u1a60\u1b44\ua9c0"
"""Marks that put the next letter below the one before."""


@cache  # all of this takes 6 ms to make, and most programs never meet such scripts
def _marks() -> str:
    """Return the marks, as a regular expression has them between brackets."""
    combining = (character for character in map(chr, range(0x0E00, 0xAAE0)) if category(character)[0] == "M")
    return "".join((*combining, "\u3099\u309a"))


@cache
def _mark() -> re.Pattern[str]:
    return re.compile(f"[{_marks()}]")


@cache
def _character() -> re.Pattern[str]:
    return re.compile(f".(?:[{_marks()}]|(?<=[{_STACKING}]).)*+", re.DOTALL)


def windows_in(run: str) -> Iterator[str]:
    """Return the windows of a run of such scripts, one for each character."""
    parts = _characters_of(run)
    for place in range(len(parts)):
        yield "".join(parts[place : place + WINDOW])


def windows_of_search(run: str) -> Iterator[str]:
    """Return windows that each begin one of `windows_in` wherever the run stands in a text: as few as cover it."""
    parts = _characters_of(run)
    for place in range(0, len(parts) - WINDOW, WINDOW):
        yield "".join(parts[place : place + WINDOW])
    yield "".join(parts[-WINDOW:])


def _characters_of(run: str) -> str | list[str]:
    return _character().findall(run) if _mark().search(run) else run
