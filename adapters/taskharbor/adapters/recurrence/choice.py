"""Whether rules can be expanded here."""

from collections.abc import Iterator
from datetime import datetime
from importlib.util import find_spec

from taskharbor.application.errors import MissingDependency
from taskharbor.application.ports.occurrences import Occurrences
from taskharbor.domain.recurrence_rule import RecurrenceRule


def installed_occurrences() -> Occurrences:
    """Return what expands rules, or what says that the extra `recurrence` is not installed."""
    if find_spec("dateutil") is None:
        return MissingOccurrences()
    from taskharbor.adapters.recurrence.dateutil_occurrences import DateutilOccurrences

    return DateutilOccurrences()


class MissingOccurrences(Occurrences):
    """What a core install has: whoever asks is told what to install. All that needs no rule expanded works."""

    def walls(self, rule: RecurrenceRule, first: datetime, since: datetime) -> Iterator[datetime]:  # noqa: ARG002
        """See the port."""
        raise MissingDependency("python-dateutil", purpose="to work out when a task comes again", extra="recurrence")
