"""Finds where the title ends: what comes behind it is nothing but phrases."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from lark import Token, Tree
from lark.exceptions import UnexpectedToken

from taskharbor.adapters.quick_add.grammar import LONGEST_PHRASE, parser
from taskharbor.adapters.quick_add.marked_words import Word

FIELDS: Final = {
    "due": "due",
    "begins": "start",
    "every": "recurrence",
    "shortcut": "recurrence",
    "in_list": "list",
    "priority": "priority",
    "estimate": "estimated_duration",
    "tag": "tags",
    "remind": "reminders",
    "remind_at": "reminders",
}
"""What each phrase is about."""

_SEVERAL: Final = frozenset({"tags", "reminders"})


class Phrase(NamedTuple):
    """Some words that say one thing.

    Attributes:
        first: the place of its first word.
        end: the place behind its last word.
        tree: how the parser understands it.
    """

    first: int
    end: int
    tree: Tree[Token]

    @property
    def field(self) -> str:
        """What it is about."""
        return FIELDS[self.tree.data]


def tail_of(words: Sequence[Word]) -> list[Phrase]:
    """Return the phrases at the end of a line, as many as there are: before them a word is no part of any.

    Of what a task has only one, the last that is said counts; an earlier one belongs to the title. Looks at no more
    than a few words before the phrases, however long the line is.
    """
    tails: dict[int, list[Phrase]] = {len(words): []}
    first = place = len(words)
    while place > 0 and first - place < LONGEST_PHRASE:
        place -= 1
        if not words[place].terminals:
            continue
        for phrase in sorted(_phrases_from(place, words), key=lambda phrase: -phrase.end):
            rest = tails.get(phrase.end)
            if rest is not None and (phrase.field in _SEVERAL or all(one.field != phrase.field for one in rest)):
                tails[place] = [phrase, *rest]
                first = place
                break
    return tails[first]


def _phrases_from(place: int, words: Sequence[Word]) -> Iterator[Phrase]:
    state = parser().parse_interactive()
    for end in range(place, min(len(words), place + LONGEST_PHRASE)):
        if not words[end].terminals:
            return
        try:
            for terminal, value in words[end].terminals:
                state.feed_token(_token(terminal, value, words[end].text))
        except UnexpectedToken:
            return
        try:
            ended = state.copy(deepcopy_values=False)  # type: ignore[no-untyped-call]  # lark leaves it untyped
            tree: Tree[Token] = ended.feed_eof()
        except UnexpectedToken:
            continue
        if not _is_too_short(tree, words[place : end + 1]):
            yield Phrase(place, end + 1, tree)


def _token(terminal: str, value: object, text: str) -> Token:
    token = Token(terminal, text)
    token.value = value
    return token


def _is_too_short(tree: Tree[Token], words: Sequence[Word]) -> bool:
    """Return whether this is only the short name of a day, which is a word like others: `sun`, `sat`."""
    return tree.data == "due" and [word.terminals[0][0] for word in words] == ["SHORT_WEEKDAY"]
