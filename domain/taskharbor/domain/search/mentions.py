"""What a search for a text comes to as a filter."""

from typing import Final

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.filter import And, Filter, Mentions, Or
from taskharbor.domain.search.words import MAX_SEARCHED_WORDS, ways_to_find
from taskharbor.domain.values.text import UNREADABLE

MAX_SEARCH_LENGTH: Final = 1000
"""In code points."""


def mentions_of(field: str, text: str) -> Filter:
    """Return the filter that finds what has each word of a text, or something that begins with it.

    Raises:
        InvalidValue: for `field`, if there is no word, or far too many.
    """
    if len(text) > MAX_SEARCH_LENGTH:
        raise InvalidValue(field, f"must have at most {MAX_SEARCH_LENGTH} characters, has {len(text)}")
    if found := UNREADABLE.search(text):
        raise InvalidValue(field, f"must not contain U+{ord(found[0]):04X}")
    ways = dict.fromkeys(ways_to_find(text))
    if not ways:
        raise InvalidValue(field, "must contain a word: letters, digits or emoji")
    certain = tuple(dict.fromkeys(word for way in ways if len(way) == 1 for word in way[0]))
    either = [Or(tuple(map(Mentions, way))) for way in ways if len(way) > 1]
    count = len(certain) + sum(max(map(len, way)) for way in ways if len(way) > 1)
    if count > MAX_SEARCHED_WORDS:
        raise InvalidValue(field, f"must have at most {MAX_SEARCHED_WORDS} different words, has {count}")
    parts: tuple[Filter, ...] = (*([Mentions(certain)] if certain else ()), *either)
    return parts[0] if len(parts) == 1 else And(parts)
