"""What callers ask of tasks, in their own words, and what it comes to."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from taskharbor.application.lists.list_names import ids_by_list_name
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.saved_filters.saved_filter import KIND, FilterNotFound, SavedFilter, filter_name_from
from taskharbor.application.turns import give_way
from taskharbor.application.unit_of_work.record_repository import RecordRepository
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import ListId
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.filter import And, Filter, checked
from taskharbor.domain.search.filter_ast import Syntax
from taskharbor.domain.search.filter_binding import filter_from, is_lasting
from taskharbor.domain.search.mentions import mentions_of
from taskharbor.domain.values.text import folded
from taskharbor.domain.values.time_zone import DEFAULT_TIME_ZONE, time_zone_from, zone

_NAMES_A_LIST: Final = re.compile(r"list\s*(?::|!?=)(?!\s*-?[0-9]+(?:[\s)]|$))")
"""Whether the names of lists may be needed, which takes a round trip."""

_REMEMBERED: Final = 1_024
_LONGEST_REMEMBERED: Final = 500
_LONG_REMEMBERED: Final = 8
_ANY_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)


@frozen(kw_only=True)
class TaskCriteria:
    """Which tasks are meant. All that is given must hold.

    Attributes:
        filter: in its text form, or put together by hand; None for all.
        q: words to look for; each must begin a word of the title, the description, a tag or a comment.
        saved: the name of a saved filter.
        time_zone: where days begin and end; None means that of the saved filter, else UTC.
    """

    filter: str | Filter | None = None
    q: str | None = None
    saved: str | None = None
    time_zone: str | None = None


@frozen(kw_only=True)
class ResolvedCriteria:
    """What is asked, with the saved filter taken in.

    Attributes:
        filters: filters that all must hold, in text form or put together by hand.
        searches: words that all must be found.
        list_ids: the ids of the lists by their names, folded; empty if none is meant by its name.
        sort: what a saved filter says of it, or None.
        time_zone: where days begin and end.
    """

    filters: Sequence[str | Filter]
    searches: Sequence[str]
    list_ids: Mapping[str, Sequence[ListId]]
    sort: str | None
    time_zone: str

    def here(self, now: datetime) -> Viewpoint:
        """Return the viewpoint of the caller."""
        return Viewpoint(now, zone(self.time_zone))

    def filter(self, reader: FilterParser, now: datetime) -> Filter | None:
        """Return what it comes to, as of `now`; None for all tasks.

        Raises:
            InvalidFilter: if a text is no filter.
            InvalidValue: for `filter` or `q`.
        """
        parts = [self._read(given, reader, now) if isinstance(given, str) else given for given in self.filters]
        parts += [mentions_of("q", search) for search in self.searches]
        if len(parts) > 1:
            return checked(And(tuple(parts)))
        return parts[0] if parts else None

    async def filter_in_turn(self, reader: FilterParser, now: datetime) -> Filter | None:
        """Return what `filter` does. After a long one others have their turn.

        It takes a millisecond, and another one to ask the store for it.

        Raises:
            InvalidFilter, InvalidValue: as `filter` does.
        """
        found = self.filter(reader, now)
        if any(isinstance(text, str) and len(text) > _LONGEST_REMEMBERED for text in self.filters):
            await give_way()
        return found

    def lists_meant(self, reader: FilterParser, now: datetime) -> Mapping[str, Sequence[ListId]]:
        """Return the lists that the filters mean by name, by that name.

        Raises:
            InvalidFilter: if a text is no filter.
        """
        meant: dict[str, Sequence[ListId]] = {}

        def look_up(name: str) -> Sequence[ListId]:
            return meant.setdefault(name, self._lists_named(name))

        if self.list_ids:
            for text in self.filters:
                if isinstance(text, str):
                    filter_from(reader.read(text), self.here(now), look_up)
        return meant

    def _read(self, text: str, reader: FilterParser, now: datetime) -> Filter:
        if not self.list_ids:
            is_long = len(text) > _LONGEST_REMEMBERED
            lasting = (_long_lasting_filter if is_long else _lasting_filter)(reader.read, text, self.time_zone)
            if lasting is not None:
                return lasting
        return checked(filter_from(reader.read(text), self.here(now), self._lists_named))

    def _lists_named(self, name: str) -> Sequence[ListId]:
        return self.list_ids.get(name, ())


def _lasting(read: Callable[[str], Syntax], text: str, time_zone: str) -> Filter | None:
    """Return what a filter that names no list means to all callers in the zone at any time, or None if that changes.

    It is looked up by its text: to hash what is read of that takes longer than all else here.
    """
    syntax = read(text)
    return checked(filter_from(syntax, Viewpoint(_ANY_TIME, zone(time_zone)))) if is_lasting(syntax) else None


_lasting_filter: Final = lru_cache(_REMEMBERED)(_lasting)
_long_lasting_filter: Final = lru_cache(_LONG_REMEMBERED)(_lasting)


async def resolve_criteria(question: TaskCriteria, records: RecordRepository, reader: FilterParser) -> ResolvedCriteria:
    """Return what `question` asks of a workspace with these records. The reader has loaded what its filters need.

    Raises:
        FilterNotFound: if there is no saved filter of this name.
        InvalidValue: for `time_zone` or `saved`.
    """
    saved = None if question.saved is None else await _load(question.saved, records)
    texts = (saved.filter if saved else None, question.filter)
    searches = (saved.q if saved else None, question.q)
    time_zone = question.time_zone or (saved.time_zone if saved else None) or DEFAULT_TIME_ZONE
    if question.time_zone == "":
        raise InvalidValue("time_zone", "must not be empty")
    filters = [text if isinstance(text, str) else checked(text) for text in texts if text is not None]
    if any(isinstance(text, str) for text in filters):
        await reader.load()
    by_name = any(isinstance(text, str) and _NAMES_A_LIST.search(text) for text in filters)
    return ResolvedCriteria(
        filters=filters,
        searches=[search for search in searches if search is not None],
        list_ids=await ids_by_list_name(records) if by_name else {},
        sort=saved.sort if saved else None,
        time_zone=time_zone_from("time_zone", time_zone),
    )


async def _load(name: str, records: RecordRepository) -> SavedFilter:
    name = filter_name_from(name, field="saved")
    record = await records.find(KIND, folded(name))
    if record is None or record.document is None:
        raise FilterNotFound(name)
    return SavedFilter.of(record.document, record.revision)
