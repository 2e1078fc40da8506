"""The default for expanding recurrence rules."""

from collections.abc import Iterator
from datetime import datetime

from taskharbor.application.errors import MissingDependency
from taskharbor.application.ports.occurrences import Occurrences
from taskharbor.domain.recurrence.rule import RecurrenceRule


class LazyOccurrences(Occurrences):
    """Expands with python-dateutil, which is imported for the first rule, so only users of rules need it."""

    def __init__(self) -> None:
        self._occurrences: Occurrences | None = None

    def walls(self, rule: RecurrenceRule, first: datetime, since: datetime) -> Iterator[datetime]:
        """See the port.

        Raises:
            MissingDependency: if dateutil is not installed; the message says which extra to install.
        """
        if self._occurrences is None:
            try:
                from taskharbor.adapters.recurrence.dateutil_occurrences import DateutilOccurrences
            except ImportError:
                raise MissingDependency("python-dateutil", purpose="for recurring tasks", extra="recurrence") from None
            self._occurrences = DateutilOccurrences()
        return self._occurrences.walls(rule, first, since)
