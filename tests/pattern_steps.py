"""How many steps a backtracking matcher takes: counted, not timed, so that growth shows on any machine.

It follows the parse tree that `re` itself makes, tries what `re` would try, in the same order, and remembers nothing.
"""

import re
from collections.abc import Callable, Iterator
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Go = Callable[[int], bool]


class TooManySteps(Exception):
    """More steps than were allowed."""


class Steps:
    """Counts the steps of one pattern on one text."""

    def __init__(self, pattern: re.Pattern[Any], *, most: int) -> None:
        self.tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
        self.pattern = pattern
        self.most = most
        self.taken = 0

    def search(self, text: Any) -> int:
        """Return how many steps it takes to find that the pattern ends nowhere, or everywhere it does."""
        place = 0
        while place <= len(text):
            end = self._first(text, place)
            place = max(place + 1, -1 if end is None else end)
        return self.taken

    def match(self, text: Any) -> int:
        """Return how many steps a match of all of the text takes, from its beginning."""
        self._run(list(self.tree), text, 0, lambda place: place == len(text))
        return self.taken

    def _first(self, text: Any, place: int) -> int | None:
        ends: list[int] = []
        found = self._run(list(self.tree), text, place, lambda end: not ends.append(end))
        return ends[0] if found else None

    def _run(self, nodes: list[Any], text: Any, place: int, go: Go) -> bool:
        if not nodes:
            return go(place)
        self.taken += 1
        if self.taken > self.most:
            raise TooManySteps
        (kind, value), rest = nodes[0], nodes[1:]

        def onward(end: int) -> bool:
            return self._run(rest, text, end, go)

        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            return self._repeat(kind, value, text, place, onward)
        if kind is op.SUBPATTERN:
            return self._run(list(value[3]), text, place, onward)
        if kind is op.ATOMIC_GROUP:
            return (end := self._end(list(value), text, place)) is not None and onward(end)
        if kind is op.BRANCH:
            return any(self._run(list(branch), text, place, onward) for branch in value[1])
        if kind in (op.ASSERT, op.ASSERT_NOT):
            direction, inner = value
            width = inner.getwidth()[0]
            start = place if direction > 0 else place - width
            found = start >= 0 and self._end(list(inner), text, start) is not None
            return found is (kind is op.ASSERT) and onward(place)
        if kind is op.AT:
            return self._is_at(value, text, place) and onward(place)
        if kind is op.GROUPREF:
            return onward(place)  # the groups here are a quote at most
        return place < len(text) and self._fits(kind, value, text[place]) and onward(place + 1)

    def _end(self, nodes: list[Any], text: Any, place: int) -> int | None:
        ends: list[int] = []
        return ends[0] if self._run(nodes, text, place, lambda end: not ends.append(end)) else None

    def _repeat(self, kind: Any, value: Any, text: Any, place: int, onward: Go) -> bool:
        least, most, inner = value
        most = len(text) + 1 if most is op.MAXREPEAT else most
        body = list(inner)
        if len(body) == 1 and body[0][0] in (op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY):
            end = place
            while end < len(text) and end - place < most and self._fits(*body[0], text[end]):
                self.taken += 1
                end += 1
            if kind is op.POSSESSIVE_REPEAT:
                return end - place >= least and onward(end)
            return any(onward(stop) for stop in self._stops(kind, place + least, end))

        def again(count: int, start: int) -> Go:
            def go(end: int) -> bool:
                if end == start and count > least:
                    return False
                return (count < most and self._run(body, text, end, again(count + 1, end))) or (
                    count >= least and onward(end)
                )

            return go

        return again(0, -1)(place)

    def _stops(self, kind: Any, low: int, high: int) -> Iterator[int]:
        for stop in range(low, high + 1) if kind is op.MIN_REPEAT else range(high, low - 1, -1):
            self.taken += 1
            if self.taken > self.most:
                raise TooManySteps
            yield stop

    def _fits(self, kind: Any, value: Any, character: Any) -> bool:
        return (
            one_character(kind, value, self.pattern).match(
                character if isinstance(character, str) else bytes([character])
            )
            is not None
        )

    def _is_at(self, value: Any, text: Any, place: int) -> bool:
        if value in (op.AT_BEGINNING, op.AT_BEGINNING_STRING):
            return place == 0
        if value in (op.AT_END, op.AT_END_STRING):
            return place == len(text)
        return True


_ONE: dict[Any, re.Pattern[Any]] = {}


def one_character(kind: Any, value: Any, pattern: re.Pattern[Any]) -> re.Pattern[Any]:
    """Return a pattern for what one node of another one takes."""
    key = (str(kind), repr(value), pattern.flags, isinstance(pattern.pattern, bytes))
    if key not in _ONE:
        _ONE[key] = re.compile(_source(kind, value, is_text=isinstance(pattern.pattern, str)), pattern.flags)
    return _ONE[key]


def _source(kind: Any, value: Any, *, is_text: bool) -> Any:
    escape = (lambda code: f"\\U{code:08x}") if is_text else (lambda code: f"\\x{code:02x}")
    classes = {
        op.CATEGORY_DIGIT: "\\d",
        op.CATEGORY_SPACE: "\\s",
        op.CATEGORY_WORD: "\\w",
        op.CATEGORY_NOT_DIGIT: "\\D",
        op.CATEGORY_NOT_SPACE: "\\S",
        op.CATEGORY_NOT_WORD: "\\W",
    }

    def member(kind: Any, value: Any) -> str:
        if kind is op.RANGE:
            return f"{escape(value[0])}-{escape(value[1])}"
        return classes[value] if kind is op.CATEGORY else "^" if kind is op.NEGATE else escape(value)

    if kind is op.ANY:
        text = "."
    elif kind is op.IN:
        text = f"[{''.join(member(*each) for each in value)}]"
    else:
        text = f"[{'^' if kind is op.NOT_LITERAL else ''}{escape(value)}]"
    return text if is_text else text.encode()


def characters_of(pattern: re.Pattern[Any]) -> list[str]:
    """Return a few characters that each node of a pattern takes, and some that none may."""
    found: dict[str, None] = {}

    def visit(nodes: Any) -> None:
        for kind, value in nodes:
            if kind in (op.LITERAL, op.NOT_LITERAL):
                found[chr(value)] = None
            elif kind is op.IN:
                for member, of in value:
                    if member is op.LITERAL:
                        found[chr(of)] = None
                    elif member is op.RANGE:
                        found[chr(of[0])] = None
            elif kind is op.SUBPATTERN:
                visit(value[3])
            elif kind is op.BRANCH:
                for branch in value[1]:
                    visit(branch)
            elif kind in (op.ASSERT, op.ASSERT_NOT):
                visit(value[1])
            elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
                visit(value[2])
            elif kind is op.ATOMIC_GROUP:
                visit(value)

    visit(parser.parse(pattern.pattern, pattern.flags))
    return [*[each for each in found if not each >= "\ud800"][:10], " ", "a", "!"]
