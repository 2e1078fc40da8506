"""A reminder that a call has scheduled is fired in time, also if nobody waits for the answer any more."""

import asyncio

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.reminder_settings import ReminderSettings
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.testing import FakeClock, FakeUids
from taskharbor.testing.doubles.parking_storage import ParkingStorage

SOON = 10


async def test_what_a_cancelled_call_has_scheduled_is_looked_at() -> None:
    scheduled: list[str] = []
    parking = ParkingStorage(InMemoryStorage(), park="after")
    settings = ReminderSettings(on_scheduled=[scheduled.append])
    use_cases = UseCases(parking, clock=FakeClock(), uids=FakeUids(), reminders=settings)
    command = CreateTask(title="a task", reminders=[{"when": "2099-01-01T00:00:00Z"}])
    creating = asyncio.create_task(use_cases.execute(command))
    async with asyncio.timeout(SOON):
        await parking.parked.wait()
        creating.cancel()
        parking.release.set()
        with pytest.raises(asyncio.CancelledError):
            await creating
    assert scheduled == ["default"]
