"""Reminders fire from the store: each in one commit, whoever tries, and at the time that its task says by then."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from taskharbor.application.access.directory_queries import GetWorkspace
from taskharbor.application.access.manage_workspaces import ChangeWorkspace
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.reminder_channel import ReminderChannel, Told
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.principal import system_in
from taskharbor.application.reminder_settings import ReminderSettings
from taskharbor.application.reminders.list_reminders import ListReminders
from taskharbor.application.reminders.manage_alerts import DismissReminder, SnoozeReminder
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.application.unit_of_work.reminder_records import REMINDER
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import AlertNotFound
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.alert import ReminderRules
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.occurrences import FakeOccurrences
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.desk import Desk
from taskharbor.testing.scenes.races import at_once

HOUR = timedelta(hours=1)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
AT_TWO = "2026-01-01T14:00:00Z"
EARLY = {"offset": "-PT1H", "relativeTo": "due"}
AT_THREE = {"localDateTime": "2026-01-01T15:00:00", "timeZone": "Etc/UTC"}


class ReminderContract(Contract):
    """The clock stands at noon; tasks are due at three, with a reminder at two."""

    @pytest.fixture
    def wall(self, storage: Storage, here: Bench) -> "Wall":
        """One workspace, with a clock of its own."""
        return Wall(storage, here)

    async def test_a_reminder_that_is_due_fires_in_one_commit_however_many_try(self, wall: "Wall") -> None:
        task = await wall.create(due=AT_THREE, reminders=[EARLY])
        assert await wall.fire() == NOON + 2 * HOUR
        assert (await wall.get(task.id)).alerts == ()
        wall.clock.advance(2 * HOUR)
        before = await wall.last()
        assert await at_once(*(wall.fire() for _ in range(5))) == [None] * 5
        assert await wall.last() == before + 1
        (alert,) = (await wall.get(task.id)).alerts
        assert (alert.reminder, alert.at, alert.fired, alert.late) == ("due-PT1H", wall.clock.now(), alert.at, False)
        await wall.fire()
        assert await wall.last() == before + 1

    async def test_one_that_was_missed_fires_late_and_says_so(self, wall: "Wall") -> None:
        task = await wall.create(due=AT_THREE, reminders=[EARLY, {"when": "2026-01-01T13:00:00Z"}])
        wall.clock.advance(26 * HOUR)
        await wall.fire()
        alerts = (await wall.get(task.id)).alerts
        assert [(alert.reminder, alert.late) for alert in alerts] == [
            ("2026-01-01T13:00:00Z", True),
            ("due-PT1H", True),
        ]

    async def test_those_to_come_are_listed_the_next_first(self, wall: "Wall") -> None:
        late = await wall.create(reminders=[{"when": "2026-01-01T16:00:00Z"}])
        early = await wall.create(due=AT_THREE, reminders=[EARLY, {"when": "2026-01-01T11:00:00Z"}])
        assert await wall.coming() == [(early.id, "due-PT1H"), (late.id, "2026-01-01T16:00:00Z")]
        assert await wall.coming(before=NOON + 3 * HOUR) == [(early.id, "due-PT1H")]
        page = await wall.use_cases.reminders.list_reminders(ListReminders(limit=1), workspace=wall.workspace)
        assert await wall.coming(after=page.next_after) == [(late.id, "2026-01-01T16:00:00Z")]

    async def test_it_moves_with_its_task_and_goes_with_it(self, wall: "Wall") -> None:
        task = await wall.create(due=AT_THREE, reminders=[EARLY])
        await wall.change(task.id, due=AT_THREE | {"localDateTime": "2026-01-01T18:00:00"})
        assert await wall.fire() == NOON + 5 * HOUR
        await wall.complete(task.id)
        assert await wall.fire() is None
        await wall.reopen(task.id)
        assert await wall.fire() == NOON + 5 * HOUR
        await wall.delete(task.id)
        assert await wall.fire() is None
        await wall.restore(task.id)
        assert await wall.fire() == NOON + 5 * HOUR
        await wall.change(task.id, reminders=[])
        assert await wall.fire() is None
        wall.clock.advance(24 * HOUR)
        await wall.fire()
        assert (await wall.get(task.id)).alerts == ()

    async def test_what_was_over_when_it_was_said_does_not_fire(self, wall: "Wall") -> None:
        task = await wall.create(due=AT_THREE, reminders=[EARLY])
        await wall.delete(task.id)
        wall.clock.advance(3 * HOUR)
        await wall.restore(task.id)
        await wall.create(reminders=[{"when": "2026-01-01T12:00:00Z"}])
        assert await wall.coming() == []

    async def test_the_next_occurrence_has_its_own(self, wall: "Wall") -> None:
        task = await wall.create(due=AT_THREE, reminders=[EARLY], recurrence={"rrule": "FREQ=DAILY"})
        wall.clock.advance(2 * HOUR)
        assert await wall.fire() is None
        assert len((await wall.get(task.id)).alerts) == 1
        moved = await wall.complete(task.id)
        assert moved.alerts == ()
        assert await wall.fire() == NOON + 26 * HOUR
        assert await wall.coming() == [(task.id, "due-PT1H")]

    async def test_an_alert_stays_until_it_is_dismissed_or_its_time_is_changed(self, wall: "Wall") -> None:
        task = await wall.create(due=AT_THREE, reminders=[EARLY, {"when": AT_TWO}])
        wall.clock.advance(2 * HOUR)
        await wall.fire()
        renamed = await wall.change(task.id, title="renamed")
        assert len(renamed.alerts) == 2
        moved = await wall.change(task.id, due=AT_THREE | {"localDateTime": "2026-01-01T18:00:00"})
        assert [alert.reminder for alert in moved.alerts] == [AT_TWO]
        assert await wall.coming() == [(task.id, "due-PT1H")]
        assert (await wall.dismiss(task.id)).alerts == ()
        with pytest.raises(AlertNotFound):
            await wall.dismiss(task.id)

    async def test_one_that_is_snoozed_fires_again(self, wall: "Wall") -> None:
        task = await wall.create(reminders=[{"when": AT_TWO}])
        with pytest.raises(AlertNotFound):
            await wall.snooze(task.id)
        wall.clock.advance(2 * HOUR)
        await wall.fire()
        await wall.snooze(task.id)
        assert await wall.fire() == NOON + 3 * HOUR
        wall.clock.advance(HOUR)
        await wall.fire()
        (alert,) = (await wall.get(task.id)).alerts
        assert (alert.at, alert.fired, alert.snoozed) == (NOON + 2 * HOUR, NOON + 3 * HOUR, None)
        await wall.snooze(task.id)
        await wall.complete(task.id)
        assert await wall.coming() == []

    async def test_a_commit_that_is_undone_takes_its_reminders_along_and_no_alert_comes_back(
        self, wall: "Wall"
    ) -> None:
        task = await wall.create(due=AT_THREE)
        changed = await wall.change(task.id, reminders=[EARLY])
        await wall.undo(changed.revision)
        assert await wall.coming() == []
        again = await wall.change(task.id, reminders=[EARLY])
        wall.clock.advance(2 * HOUR)
        await wall.fire()
        fired = await wall.last()
        await wall.dismiss(task.id, "due-PT1H")
        await wall.undo(fired)
        assert (await wall.get(task.id)).alerts == ()
        await wall.undo(again.revision)
        assert (await wall.get(task.id)).reminders == ()

    async def test_each_channel_is_told_once_and_one_that_fails_is_tried_again(self, wall: "Wall") -> None:
        await wall.create("Water the plants", reminders=[{"when": AT_TWO}])
        wall.clock.advance(2 * HOUR)
        await wall.fire()
        good, bad = Listener("email"), Listener("ntfy", failures=2)
        await at_once(*(wall.deliver(good) for _ in range(3)), wall.deliver(bad))
        assert [told.title for told in good.heard] == ["Water the plants"]
        assert bad.heard == []
        for _ in range(3):
            wall.clock.advance(HOUR)
            await wall.deliver(bad)
            await wall.deliver(good)
        assert (len(good.heard), len(bad.heard)) == (1, 1)
        assert bad.heard[0].at == NOON + 2 * HOUR

    async def test_one_that_was_being_told_when_its_process_died_is_told_by_another(self, wall: "Wall") -> None:
        await wall.create(reminders=[{"when": AT_TWO}])
        wall.clock.advance(2 * HOUR)
        await wall.fire()
        dying, living = Listener("email", dies=True), Listener("email")
        with pytest.raises(Died):
            await wall.deliver(dying)
        await wall.deliver(living)
        assert living.heard == []
        wall.clock.advance(HOUR)
        await wall.deliver(living)
        assert len(living.heard) == 1

    async def test_those_of_tasks_that_were_stored_before_there_was_this_are_scheduled_once(self, wall: "Wall") -> None:
        task = await wall.create(due=AT_THREE, reminders=[EARLY, {"when": "2026-01-01T11:00:00Z"}])
        await wall.create(reminders=[])
        await wall.unschedule()
        assert await wall.coming() == []
        assert await wall.anew().fire() == NOON + 2 * HOUR
        assert await wall.coming() == [(task.id, "due-PT1H")]
        last = await wall.last()
        assert await wall.anew().fire() == NOON + 2 * HOUR
        assert await wall.last() == last

    async def test_by_other_rules_they_are_counted_anew_when_a_process_begins(self, wall: "Wall") -> None:
        task = await wall.create(due={"date": "2026-01-02"}, reminders=[EARLY])
        assert await wall.fire() == NOON + 20 * HOUR
        assert await wall.anew(ReminderRules(all_day_at=time(11))).fire() == NOON + 22 * HOUR
        assert await wall.coming() == [(task.id, "due-PT1H")]

    async def test_they_are_counted_in_the_time_zone_that_the_workspace_has(self, wall: "Wall") -> None:
        task = await wall.create(due={"date": "2026-01-02"}, reminders=[EARLY])
        assert await wall.fire() == NOON + 20 * HOUR
        await wall.set_time_zone("America/New_York")
        later = await wall.create(due={"localDateTime": "2026-01-02T10:00:00"}, reminders=[EARLY])
        assert await wall.coming() == [(task.id, "due-PT1H"), (later.id, "due-PT1H")]
        assert await wall.fire() == NOON + 25 * HOUR
        assert await wall.coming(before=NOON + 25 * HOUR) == []
        await wall.set_time_zone(None)
        assert await wall.anew().fire() == NOON + 20 * HOUR
        assert await wall.coming() == [(task.id, "due-PT1H"), (later.id, "due-PT1H")]
        last = await wall.last()
        assert await wall.anew().fire() == await wall.fire() == NOON + 20 * HOUR
        assert await wall.last() == last

    async def test_none_is_counted_in_a_zone_that_was_changed_meanwhile(self, wall: "Wall") -> None:
        tasks = [await wall.create(due={"date": "2026-01-03"}, reminders=[EARLY]) for _ in range(3)]
        await wall.set_time_zone("Europe/Berlin")
        outcomes = await at_once(
            *(wall.change(task.id, due={"date": "2026-01-02"}) for task in tasks),
            wall.set_time_zone("America/New_York"),
            *(wall.create(due={"date": "2026-01-02"}, reminders=[EARLY]) for _ in range(3)),
            wall.anew().fire(),
            wall.set_time_zone("Europe/Berlin"),
            wall.anew().fire(),
        )
        assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
        is_in_berlin = await wall.time_zone() == "Europe/Berlin"
        assert await wall.anew().fire() == NOON + (19 if is_in_berlin else 25) * HOUR
        page = await wall.use_cases.reminders.list_reminders(ListReminders(), workspace=wall.workspace)
        assert len({one.at for one in page.items}) == 1
        assert len(page.items) == 6


class Died(BaseException):
    """Stands for the end of a process."""


class Listener(ReminderChannel):
    """A channel that keeps what it was told, after it has failed some times."""

    def __init__(self, name: str, *, failures: int = 0, dies: bool = False) -> None:
        self._name = name
        self._failures = failures
        self._dies = dies
        self.heard: list[Told] = []

    @property
    def name(self) -> str:
        """What it is called."""
        return self._name

    async def tell(self, told: Told) -> None:
        """Fail, or keep it."""
        if self._dies:
            raise Died
        if self._failures:
            self._failures -= 1
            raise OSError("it does not answer")
        self.heard.append(told)


class Wall(Desk):
    """A workspace in which reminders fire."""

    def __init__(
        self, storage: Storage, here: Bench, *, clock: FakeClock | None = None, rules: ReminderRules | None = None
    ) -> None:
        self.clock = clock or FakeClock(NOON)
        settings = ReminderSettings(rules=rules or ReminderRules(), channels=("email", "ntfy"))
        use_cases = UseCases(
            storage, clock=self.clock, uids=FakeUids(), occurrences=FakeOccurrences(), reminders=settings
        )
        super().__init__(use_cases, here)
        self._bench = here

    def anew(self, rules: ReminderRules | None = None) -> "Wall":
        """Return the same as another process has it that begins now."""
        return Wall(self._bench.storage, self._bench, clock=self.clock, rules=rules)

    async def set_time_zone(self, time_zone: str | None) -> None:
        """Have the workspace in another time zone."""
        await self.use_cases.access.execute(ChangeWorkspace(time_zone=time_zone), system_in(self.workspace))

    async def time_zone(self) -> str | None:
        """Return in which one it is."""
        return (await self.use_cases.access.ask(GetWorkspace(), system_in(self.workspace))).time_zone

    async def unschedule(self) -> None:
        """Take the records of reminders away, as if the tasks had been stored before there were any."""
        records = await self._bench.storage.list_records(self.workspace, REMINDER, after="", limit=100)
        gone = tuple(replace(record, document=None, expires=self.clock.now()) for record in records)
        await self._bench.storage.commit(Changeset(workspace=self.workspace, records=gone))

    async def fire(self) -> datetime | None:
        """Fire what is due."""
        return await self.use_cases.reminders.fire_due(self.workspace)

    async def deliver(self, channel: ReminderChannel) -> datetime | None:
        """Tell what is due."""
        return await self.use_cases.reminders.deliver_due(self.workspace, channel)

    async def coming(self, *, before: datetime | None = None, after: str | None = None) -> list[tuple[TaskId, str]]:
        """Return the reminders to come."""
        query = ListReminders(before=before, after=after)
        page = await self.use_cases.reminders.list_reminders(query, workspace=self.workspace)
        return [(one.task, one.reminder) for one in page.items]

    async def snooze(self, task_id: TaskId) -> None:
        """Snooze the reminder at two for an hour."""
        command = SnoozeReminder(id=task_id, reminder=AT_TWO, length=HOUR)
        await self.use_cases.execute(command, workspace=self.workspace)

    async def dismiss(self, task_id: TaskId, reminder: str = AT_TWO) -> TaskView:
        """Be done with a reminder."""
        return await self.use_cases.execute(DismissReminder(id=task_id, reminder=reminder), workspace=self.workspace)

    async def undo(self, revision: Revision) -> None:
        """Undo a commit."""
        await self.use_cases.execute(UndoCommit(revision=revision), workspace=self.workspace)

    async def last(self) -> Revision:
        """Return the last revision."""
        return (await self._bench.storage.read_history_bounds(self.workspace)).revision
