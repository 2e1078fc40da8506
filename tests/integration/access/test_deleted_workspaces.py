"""What is left of the webhooks and reminders of a workspace that is deleted: nothing, on every store."""

from datetime import timedelta

import pytest

from taskharbor.application.access.manage_workspaces import CreateWorkspace, DeleteWorkspace
from taskharbor.application.history.purge import Purge
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.ports.webhook_sender import WebhookAnswer, WebhookSender
from taskharbor.application.principal import system_in
from taskharbor.application.reminders.schedule_stored import COUNTED
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.unit_of_work.reminder_records import REMINDER
from taskharbor.application.use_cases.application import UseCases
from taskharbor.application.webhooks import forget_webhooks as forgetting
from taskharbor.application.webhooks.delivery_state import STATE
from taskharbor.application.webhooks.manage_webhooks import COUNT, NEWS, CreateWebhook
from taskharbor.application.webhooks.webhook import KIND
from taskharbor.domain.identifiers import SERVICE_WORKSPACE
from taskharbor.testing import FakeClock, FakeUids

TEAM, OTHERS = system_in("team"), system_in("team2")


class Sender(WebhookSender):
    async def refusal_of(self, url):
        return None

    async def post(self, url, headers, body):
        return WebhookAnswer(status=204)

    async def aclose(self):
        pass


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def use_cases(storage: Storage, clock: FakeClock) -> UseCases:
    use_cases = UseCases(storage, clock=clock, uids=FakeUids(), webhook_sender=Sender())
    for workspace in ("team", "team2"):
        await use_cases.access.execute(CreateWorkspace(id=workspace, owner="ada"), system_in("default"))
    return use_cases


async def hook(use_cases: UseCases, principal=TEAM) -> str:
    return (await use_cases.webhooks.create(CreateWebhook(url="https://hooks.example/"), principal)).webhook.key


async def deleted(use_cases: UseCases, clock: FakeClock) -> None:
    await use_cases.access.execute(DeleteWorkspace(without_export="team"), TEAM)
    clock.advance(timedelta(seconds=10))


async def news(storage: Storage) -> str | None:
    key = RecordKey(*NEWS)
    return (await storage.load_records(SERVICE_WORKSPACE, [key]))[key].document


async def test_its_webhooks_go_with_their_secrets_and_those_of_others_stay(use_cases, storage, clock, monkeypatch):
    monkeypatch.setattr(forgetting, "_AT_ONCE", 2)
    for _ in range(3):
        await hook(use_cases)
    kept = await hook(use_cases, OTHERS)
    before = await news(storage)
    await deleted(use_cases, clock)
    await use_cases.history.purge(Purge())
    assert await news(storage) != before
    for kind, key in ((KIND, kept), (STATE, kept), (COUNT, "team2")):
        assert [found.key for found in await storage.list_records(SERVICE_WORKSPACE, kind, after="", limit=9)] == [key]


async def test_they_go_before_the_tasks_so_that_nobody_is_told_of_their_deletion(
    use_cases, storage, clock, monkeypatch
):
    await use_cases.execute(CreateTask(title="a task"), principal=TEAM)
    await hook(use_cases)
    await deleted(use_cases, clock)
    commit, seen = storage.commit, []

    async def noting(changes: Changeset):
        if changes.workspace == "team":
            seen.append(await storage.list_records(SERVICE_WORKSPACE, KIND, after="", limit=9))
        return await commit(changes)

    monkeypatch.setattr(storage, "commit", noting)
    await use_cases.history.purge(Purge())
    assert seen
    assert not any(seen)


async def test_they_go_though_a_delivery_is_noted_at_the_same_moment(use_cases, storage, clock, monkeypatch):
    key = RecordKey(STATE, await hook(use_cases))
    await deleted(use_cases, clock)
    load, races = storage.load_records, iter(range(2))

    async def outrun(workspace, keys):
        found = await load(workspace, keys)
        if key in found and found[key].document is not None and next(races, None) is not None:
            await storage.commit(Changeset(workspace=SERVICE_WORKSPACE, records=(found[key],)))
        return found

    monkeypatch.setattr(storage, "load_records", outrun)
    await use_cases.history.purge(Purge())
    for kind in (KIND, STATE, COUNT):
        assert await storage.list_records(SERVICE_WORKSPACE, kind, after="", limit=9) == []


async def test_reminders_of_any_year_go(use_cases, storage, clock):
    for year in (2100, 9990):
        reminder = {"when": f"{year}-01-01T00:00:00Z"}
        await use_cases.execute(CreateTask(title="a task", reminders=[reminder]), principal=TEAM)
    assert len(await storage.list_records("team", REMINDER, after="", limit=9)) == 2
    await use_cases.reminders.fire_due("team")
    await deleted(use_cases, clock)
    await use_cases.history.purge(Purge())
    assert await storage.list_records("team", REMINDER, after="", limit=9) == []
    assert await storage.list_records(SERVICE_WORKSPACE, COUNTED, after="", limit=9) == []


async def test_nobody_is_reminded_of_its_tasks_from_its_deletion_on(use_cases, storage, clock):
    at = (clock.now() + timedelta(seconds=5)).isoformat().replace("+00:00", "Z")
    await use_cases.execute(CreateTask(title="a task", reminders=[{"when": at}]), principal=TEAM)
    await deleted(use_cases, clock)
    assert await use_cases.reminders.fire_due("team") is None
    (task,) = await storage.scan_tasks("team", after=0, limit=9)
    assert task.alerts == ()
