"""The port for expanding recurrence rules."""

from abc import abstractmethod
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from taskharbor.application.errors import MissingDependency
from taskharbor.domain.recurrence.rule import RecurrenceRule


class Occurrences(Protocol):
    """Expands recurrence rules to local times."""

    @abstractmethod
    def walls(self, rule: RecurrenceRule, first: datetime, since: datetime) -> Iterator[datetime]:
        """Yield the local times that the rule makes, in ascending order, none twice; lazily.

        They are naive, in whole seconds: clocks that change are no concern of this port. Neither are COUNT and UNTIL.
        What the rule does not say, such as the time of day, it takes from `first`; intervals count from there.

        The work until the next one is bounded by the implementation, whatever the rule: where nothing fits for a
        hundred years that can hold an occurrence, the iteration ends. It ends with the year 9999 too.

        Args:
            rule: the rule.
            first: where the series begins. It is yielded only if it fits the rule; nothing before it is.
            since: where to begin to look; the cost does not depend on how far from `first` that is.

        Raises:
            MissingDependency: if what expands rules is not installed.
        """
        ...


class NoOccurrences(Occurrences):
    """Expands nothing, and says so: for an application that was given nothing better."""

    def walls(self, rule: RecurrenceRule, first: datetime, since: datetime) -> Iterator[datetime]:  # noqa: ARG002
        """Raise `MissingDependency`."""
        raise MissingDependency("python-dateutil", purpose="for recurring tasks", extra="recurrence")
