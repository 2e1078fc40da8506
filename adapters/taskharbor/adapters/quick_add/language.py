"""What a language is to the reader: words, and forms of words, each with what it is in the grammar."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from taskharbor.adapters.quick_add.values import Unit
from taskharbor.domain.frozen import frozen

Terminal: TypeAlias = str
"""A terminal of the grammar, such as `WEEKDAY`."""


@frozen
class Pattern:
    """Words of one form.

    Attributes:
        terminal: what they are.
        form: the casefolded word.
        value: makes their value of a match; None if it is no such word after all.
    """

    terminal: Terminal
    form: re.Pattern[str]
    value: Callable[[re.Match[str]], Any]


IN_EVERY_LANGUAGE: Final = (
    Pattern("DATE", re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII), lambda found: tuple(map(int, found.groups()))),
    Pattern("YEAR", re.compile(r"(?:19|20|21)\d\d", re.ASCII), lambda found: int(found[0])),
    Pattern("NUMBER", re.compile(r"\d{1,3}", re.ASCII), lambda found: int(found[0])),
)


@frozen(kw_only=True)
class Language:
    """A language.

    Attributes:
        words: casefolded words, with what they are and their value.
        patterns: forms of other words. The first that fits counts, after those of every language.
        shortcuts: words that stand behind a `*`.
        said: how a canonical line says things; see `canonical.py`.
        said_ordinal: a number as one of a row: `1st`.
        said_weekdays: the days from Monday on.
        said_months: the months.
        said_each: of one unit.
        said_units: the units, of several.
    """

    words: Mapping[str, tuple[Terminal, Any]]
    patterns: Sequence[Pattern]
    shortcuts: Mapping[str, Unit]
    said: Mapping[str, str]
    said_ordinal: Callable[[int], str]
    said_weekdays: Sequence[str]
    said_months: Sequence[str]
    said_each: Mapping[Unit, str]
    said_units: Mapping[Unit, str]

    def terminal_of(self, word: str) -> tuple[Terminal, Any] | None:
        """Return what a word is, and its value; None if it is just a word."""
        folded = word.casefold()
        found = self.words.get(folded)
        if found is not None:
            return found
        for pattern in (*IN_EVERY_LANGUAGE, *self.patterns):
            match = pattern.form.fullmatch(folded)
            value = None if match is None else pattern.value(match)
            if value is not None:
                return pattern.terminal, value
        return None


def words(terminal: Terminal, values: Mapping[str, Any]) -> dict[str, tuple[Terminal, Any]]:
    """Return a table of words; those that have one value are separated by spaces."""
    return {word: (terminal, value) for names, value in values.items() for word in names.split()}
