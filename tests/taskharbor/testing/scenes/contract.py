"""What all contracts have in common: the store under test."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from taskharbor.application.ports.storage import Storage
from taskharbor.application.use_cases.application import UseCases
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.occurrences import FakeOccurrences
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.broken_promises import NamesItsPromises


# Explicit, so that the kit works in pytest-asyncio's strict mode, which is the default, as in auto mode.
@pytest.mark.asyncio
class Contract(NamesItsPromises):
    """Override `storage`; the rest follows from it. Every test works in new workspaces only."""

    if not TYPE_CHECKING:  # an override may ask for fixtures of its own, which a type checker would take for a mistake

        @pytest_asyncio.fixture
        async def storage(self) -> AsyncIterator[Storage]:
            """The store under test: opened for this test, and closed after it."""
            raise NotImplementedError(f"{type(self).__name__} must override the fixture `storage`")
            yield

    @pytest.fixture
    def here(self, storage: Storage) -> Bench:
        """A new workspace."""
        return Bench(storage)

    @pytest.fixture
    def elsewhere(self, storage: Storage) -> Bench:
        """Another new workspace of the same store."""
        return Bench(storage)

    @pytest.fixture
    def use_cases(self, storage: Storage) -> UseCases:
        """The application on the store under test, with a clock and uids that are the same in every run."""
        return UseCases(storage, clock=FakeClock(), uids=FakeUids(), occurrences=FakeOccurrences())
