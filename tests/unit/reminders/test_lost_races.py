"""A reminder that lost all its races is due still, and looked at again at once."""

from datetime import UTC, datetime, timedelta

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.application.use_cases.transactions import Transactions
from taskharbor.testing import FakeClock, FakeUids

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


async def test_one_that_others_kept_from_firing_is_due_still(monkeypatch) -> None:
    clock = FakeClock(NOON)
    use_cases = UseCases(InMemoryStorage(), clock=clock, uids=FakeUids())
    await use_cases.execute(CreateTask(title="a task", reminders=[{"when": "2026-01-01T12:00:05Z"}]))
    clock.advance(timedelta(seconds=5))

    async def lose(*_asked, **_also):
        raise ConcurrentUpdate

    with monkeypatch.context() as busy:
        busy.setattr(Transactions, "run", lose)
        assert await use_cases.reminders.fire_due("default") == NOON + timedelta(seconds=5)
    assert await use_cases.reminders.fire_due("default") is None
    assert len((await use_cases.get_task(1)).alerts) == 1
