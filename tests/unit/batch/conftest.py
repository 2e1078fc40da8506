"""What runs batches."""

from datetime import timedelta

import pytest

from batches import RecordingStorage
from taskharbor.application.use_cases.application import UseCases
from taskharbor.testing import FakeClock, FakeUids


@pytest.fixture
def storage() -> RecordingStorage:
    return RecordingStorage()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(step=timedelta(seconds=1))


@pytest.fixture
def harbor(storage: RecordingStorage, clock: FakeClock) -> UseCases:
    return UseCases(storage, clock=clock, uids=FakeUids())
