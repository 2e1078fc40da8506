"""What use cases need beside the store and the clock."""

from dataclasses import dataclass, field

from taskharbor.application.ports.filter_parser import FilterParser, NoFilterParser
from taskharbor.application.ports.occurrences import NoOccurrences, Occurrences
from taskharbor.application.ports.uids import NoUids, Uids


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The ports that a unit of work hands to whatever is carried out in it. What is left out refuses to work.

    Attributes:
        uids: makes uids for tasks that come without one.
        occurrences: expands recurrence rules.
        filters: reads filters.
    """

    uids: Uids = field(default_factory=NoUids)
    occurrences: Occurrences = field(default_factory=NoOccurrences)
    filters: FilterParser = field(default_factory=NoFilterParser)
