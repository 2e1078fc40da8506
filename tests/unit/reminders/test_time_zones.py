"""The time zone of a workspace is followed also if the process ends that has changed it."""

from datetime import UTC, datetime

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.access.manage_workspaces import ChangeWorkspace
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.principal import system_in
from taskharbor.application.reminders.list_reminders import ListReminders
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases import access
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.testing import FakeClock, FakeUids

REMINDED = CreateTask(title="Water", due={"date": "2026-01-02"}, reminders=[{"offset": "PT0S", "relativeTo": "due"}])


async def test_what_the_directory_says_is_followed_by_whoever_fires_reminders(monkeypatch):
    async def away(*_: object) -> None:
        raise StoreUnavailable("on purpose")

    monkeypatch.setattr(access, "follow_time_zone", away)
    harbor = UseCases(InMemoryStorage(), clock=FakeClock(datetime(2026, 1, 1, tzinfo=UTC)), uids=FakeUids())
    await harbor.execute(REMINDED)
    assert await harbor.reminders.fire_due(DEFAULT_WORKSPACE) == datetime(2026, 1, 2, 9, tzinfo=UTC)
    command = ChangeWorkspace(time_zone="Europe/Berlin")
    assert (await harbor.access.execute(command, system_in(DEFAULT_WORKSPACE))).time_zone == "Europe/Berlin"
    assert await harbor.reminders.fire_due(DEFAULT_WORKSPACE) == datetime(2026, 1, 2, 8, tzinfo=UTC)
    await harbor.execute(REMINDED)
    assert await harbor.reminders.fire_due(DEFAULT_WORKSPACE) == datetime(2026, 1, 2, 8, tzinfo=UTC)


async def test_a_zone_that_another_process_has_changed_counts_though_one_remembers_the_former():
    storage = InMemoryStorage()
    one, other = (UseCases(storage, clock=FakeClock(datetime(2026, 1, 1, tzinfo=UTC)), uids=FakeUids()) for _ in "ab")
    await one.execute(REMINDED)
    await one.execute(REMINDED)
    await other.access.execute(ChangeWorkspace(time_zone="Europe/Berlin"), system_in(DEFAULT_WORKSPACE))
    task = await one.execute(REMINDED)
    found = (await one.reminders.list_reminders(ListReminders())).items
    assert [each.at for each in found if each.task == task.id] == [datetime(2026, 1, 2, 8, tzinfo=UTC)]
