"""Where a webhook is: it is kept up in the store, and each delivery is made under one id, as the webhook is then."""

from datetime import timedelta

from integration.webhooks.deliveries import AT_ONCE, ME, create, delivering, hook, others_told, until, use_cases_on
from integration.webhooks.receiver import answer, receiving
from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.history.purge import Purge
from taskharbor.application.lists.manage_lists import ChangeList, CreateList
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.sync.list_changes import position_of
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.use_cases.webhooks import WebhookUseCases
from taskharbor.application.webhooks import next_message
from taskharbor.application.webhooks.manage_webhooks import ChangeWebhook, DeleteWebhook
from taskharbor.application.webhooks.webhook import KEPT, KIND, WebhookState
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, SERVICE_WORKSPACE
from taskharbor.testing import FakeClock

URGENT = "tags:urgent"


async def test_a_webhook_that_is_told_nothing_for_months_has_missed_nothing_after_a_restart(storage, receiver):
    clock = FakeClock()
    harbor = use_cases_on(storage, clock)
    view = await hook(harbor, receiver.url, filter=URGENT)
    async with delivering(harbor):
        await create(harbor, "of no interest", "nor this")
        await harbor.execute(DeleteTask(id=1))
        clock.advance(timedelta(days=100))
        await harbor.execute(DeleteTask(id=2))
        await until(harbor, view.webhook.id, lambda view: position_of(view.delivery.token).revision == 4)
    await harbor.history.purge(Purge(trash_retention=timedelta(days=30)), workspace=DEFAULT_WORKSPACE)
    again = use_cases_on(storage, clock)
    await create(again, "at last", tags=["urgent"])
    async with delivering(again):
        await receiver.count(1)
    assert receiver.received[0].json["type"] == "commits"
    assert (receiver.received[0].titles, receiver.received[0].data["previous"]) == (["at last"], 0)


async def test_what_is_told_nothing_writes_seldom(storage, receiver):
    clock = FakeClock()
    harbor = use_cases_on(storage, clock)
    view = await hook(harbor, receiver.url, filter=URGENT)
    async with delivering(harbor):
        await create(harbor, "one")
        await until(harbor, view.webhook.id, lambda view: position_of(view.delivery.token).revision == 1)
        clock.advance(timedelta(hours=5))
        async with others_told(harbor, "two", "three"):
            view = await harbor.webhooks.get(view.webhook.id, ME)
    assert position_of(view.delivery.token).revision == 1


async def test_an_attempt_after_a_restart_has_the_id_of_the_one_before(storage, receiver):
    clock = FakeClock()
    harbor = use_cases_on(storage, clock)
    view = await hook(harbor, receiver.url, filter=URGENT)
    receiver.handlers = [answer("500 No")]
    async with delivering(harbor):
        await create(harbor, "no", "nor this")
        async with others_told(harbor, "still no"):
            pass
        await create(harbor, "yes", tags=["urgent"])
        await until(harbor, view.webhook.id, lambda view: view.delivery.failures == 1)
    clock.advance(timedelta(minutes=1))
    async with delivering(use_cases_on(storage, clock)):
        await receiver.count(2)
    assert [received.titles for received in receiver.received] == [["yes"]] * 2
    assert len({received.headers["webhook-id"] for received in receiver.received}) == 1


async def test_the_parts_of_a_great_commit_keep_their_ids_though_more_is_committed(storage, receiver):
    clock = FakeClock()
    harbor = use_cases_on(storage, clock)
    view = await hook(harbor, receiver.url)
    await create_many(harbor, 150)
    receiver.handlers = [answer("500 No")]
    async with delivering(harbor):
        await until(harbor, view.webhook.id, lambda view: view.delivery.failures == 1)
    await create(harbor, "more")
    clock.advance(timedelta(minutes=1))
    async with delivering(use_cases_on(storage, clock)):
        await receiver.count(3)
    first, again, rest = receiver.received
    assert first.headers["webhook-id"] == again.headers["webhook-id"] != rest.headers["webhook-id"]
    assert first.titles == again.titles == [f"task {number}" for number in range(100)]
    assert rest.titles == [*(f"task {number}" for number in range(100, 150)), "more"]


async def test_a_completion_is_told_though_its_task_changed_again_before_it_was_reached(harbor, receiver, monkeypatch):
    monkeypatch.setattr(next_message, "MOST_TASKS", 1)
    await create(harbor, "one", "two")
    await hook(harbor, receiver.url, events=["task.completed"])
    await harbor.execute(CompleteTask(id=1))
    await harbor.execute(ChangeTask(id=2, title="deux"))
    await harbor.execute(ChangeTask(id=1, title="uno"))
    async with delivering(harbor):
        (received,) = await receiver.count(1)
    (item,) = received.data["items"]
    assert (item["title"], item["events"]) == ("uno", ["task.changed", "task.completed"])


async def create_many(harbor, count: int) -> None:
    await harbor.execute(RunBatch(commands=[CreateTask(title=f"task {number}") for number in range(count)]))


async def test_nothing_is_sent_after_a_deletion_by_another_process_that_has_not_been_heard_of(
    storage, harbor, receiver
):
    view = await hook(harbor, receiver.url)
    async with delivering(harbor):
        await create(harbor, "one")
        await until(harbor, view.webhook.id, lambda view: view.delivery.revision == 1)
        await use_cases_on(storage).webhooks.delete(DeleteWebhook(id=view.webhook.id), ME)
        await create(harbor, "two")
        async with others_told(harbor, "three", "four"):
            pass
    assert len(receiver.received) == 1


async def test_a_410_of_an_endpoint_that_was_changed_meanwhile_ends_nothing(harbor, receiver):
    view = await hook(harbor, receiver.url)
    async with receiving() as other, delivering(harbor, AT_ONCE):

        async def move_and_go(received, writer):
            await harbor.webhooks.change(ChangeWebhook(id=view.webhook.id, url=other.url), ME)
            await answer("410 Gone")(received, writer)

        receiver.handlers = [move_and_go]
        await create(harbor, "one")
        await other.count(1)
        await create(harbor, "two")
        await other.count(2)
        now = await harbor.webhooks.get(view.webhook.id, ME)
    assert now.webhook.state is WebhookState.ACTIVE


async def test_a_410_ends_it_though_the_store_is_away_at_that_moment(harbor, receiver, monkeypatch):
    view = await hook(harbor, receiver.url)
    end, outages = WebhookUseCases._end, iter([StoreUnavailable("away")])

    async def failing(self, *said):
        for outage in outages:
            raise outage
        await end(self, *said)

    monkeypatch.setattr(WebhookUseCases, "_end", failing)
    receiver.handlers = [answer("410 Gone")]
    async with delivering(harbor):
        await create(harbor, "one")
        await until(harbor, view.webhook.id, lambda view: view.webhook.state is WebhookState.GONE)
    assert len(receiver.received) == 1


async def test_a_filter_that_can_no_longer_be_answered_is_a_failure_that_its_owner_sees(harbor, receiver):
    await harbor.execute(CreateList(name="Home"))
    view = await hook(harbor, receiver.url, filter="list:Home")
    async with delivering(harbor):
        await harbor.execute(ChangeList(id=2, name="House"))
        await create(harbor, "one", list=2)
        view = await until(harbor, view.webhook.id, lambda view: view.delivery.failures > 0)
        assert (view.delivery.attempts[0].status, view.delivery.attempts[0].revision) == (None, None)
        assert "the filter cannot be answered" in view.delivery.attempts[0].error
        await harbor.execute(ChangeList(id=2, name="Home"))
        await receiver.count(1)
    assert receiver.received[0].titles == ["one"]


async def test_the_three_days_begin_anew_once_what_failed_need_not_be_told(storage, receiver):
    clock = FakeClock()
    harbor = use_cases_on(storage, clock)
    view = await hook(harbor, receiver.url, filter=URGENT)
    receiver.handlers = [answer("500 No"), answer("500 No")]
    async with delivering(harbor):
        await create(harbor, "one", tags=["urgent"])
        await until(harbor, view.webhook.id, lambda view: view.delivery.failures == 1)
    await harbor.execute(ChangeTask(id=1, tags=[]))
    clock.advance(timedelta(days=4))
    async with delivering(use_cases_on(storage, clock)):
        await until(harbor, view.webhook.id, lambda view: not view.delivery.failures)
        await create(harbor, "two", tags=["urgent"])
        view = await until(harbor, view.webhook.id, lambda view: view.delivery.failures == 1)
    assert view.webhook.state is WebhookState.ACTIVE


async def test_a_record_that_cannot_be_read_holds_up_no_other(storage, harbor, receiver):
    strange = Record(kind=KIND, key="a 0123456789abcdef", document='{"of": "a later release"}', expires=KEPT)
    await storage.commit(Changeset(workspace=SERVICE_WORKSPACE, records=(strange,)))
    await hook(harbor, receiver.url)
    async with delivering(harbor):
        await create(harbor, "one")
        await receiver.count(1)
    assert receiver.received[0].titles == ["one"]
