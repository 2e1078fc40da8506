"""Deliveries to a real receiver that fails, hangs, answers slowly, and wants no more."""

import asyncio
from datetime import datetime, timedelta

import pytest

from integration.webhooks.deliveries import AT_ONCE, ME, MS, create, delivering, hook, others_told, until, use_cases_on
from integration.webhooks.receiver import answer, hang, hang_up, pour, receiving
from taskharbor.adapters.clock import SystemClock
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.history.purge import Purge
from taskharbor.application.lists.manage_lists import CreateList
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.use_cases.webhooks import MOST_LOOKING
from taskharbor.application.webhooks.manage_webhooks import (
    ChangeWebhook,
    DeleteWebhook,
    RenewWebhookSecret,
    ReplayWebhook,
)
from taskharbor.application.webhooks.schedule import Schedule
from taskharbor.application.webhooks.webhook import WebhookState
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.testing import FakeClock


async def test_commits_come_in_order_signed_and_with_the_revision_before(harbor, receiver):
    view = await hook(harbor, receiver.url)
    secret = view.webhook.secrets[0].text
    async with delivering(harbor):
        for number in range(1, 4):
            await create(harbor, f"task {number}")
            await receiver.count(number)
    assert [received.titles for received in receiver.received] == [["task 1"], ["task 2"], ["task 3"]]
    chain = [(received.data["previous"], received.data["revision"]) for received in receiver.received]
    assert chain == [(0, 1), (1, 2), (2, 3)]
    for received in receiver.received:
        received.verify(secret)
        assert received.head == "POST /hook HTTP/1.1"
        assert received.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert len({received.headers["webhook-id"] for received in receiver.received}) == 3


async def test_what_fails_is_tried_again_with_the_same_id_and_nothing_overtakes_it(harbor, receiver):
    view = await hook(harbor, receiver.url)
    receiver.handlers = [answer("500 Internal Server Error"), hang_up, hang, answer("302 Found", "location: /there")]
    async with delivering(harbor):
        await create(harbor, "one")
        await receiver.count(5)
        view = await until(harbor, view.webhook.id, lambda view: view.delivery.revision == 1)
    assert [received.titles for received in receiver.received] == [["one"]] * 5
    assert len({received.headers["webhook-id"] for received in receiver.received}) == 1
    assert [attempt.status for attempt in view.delivery.attempts] == [204, 302, None, None, 500]
    assert [attempt.error for attempt in view.delivery.attempts[2:4]] == [
        "no answer in time",
        "the request failed (RemoteProtocolError)",
    ]
    assert (view.delivery.failures, view.delivery.failing_since) == (0, None)


async def test_an_endpoint_that_hangs_holds_up_no_other(harbor, receiver):
    await hook(harbor, receiver.url)
    receiver.handlers = [hang] * 50
    async with receiving() as other, delivering(harbor):
        await hook(harbor, other.url)
        await create(harbor, "one")
        await other.count(1)
        await create(harbor, "two")
        await other.count(2)
    assert [received.titles for received in other.received] == [["one"], ["two"]]


async def test_many_that_hear_of_one_commit_leave_the_store_to_others(receiver):
    async with Crowded() as storage:
        harbor = use_cases_on(storage)
        views = [await hook(harbor, receiver.url) for _ in range(40)]
        async with delivering(harbor):
            await create(harbor, "one")
            for view in views:
                await until(harbor, view.webhook.id, lambda view: view.delivery.revision == 1)
    assert 1 < storage.most <= MOST_LOOKING


class Crowded(InMemoryStorage):
    """Counts how many read the feed at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = self.most = 0

    async def list_changes(self, workspace, *, after, limit):
        self.reading += 1
        self.most = max(self.most, self.reading)
        try:
            await asyncio.sleep(0)
            return await super().list_changes(workspace, after=after, limit=limit)
        finally:
            self.reading -= 1


async def test_an_answer_without_end_is_read_to_64_kib(harbor, receiver):
    view = await hook(harbor, receiver.url)
    receiver.handlers = [pour]
    async with delivering(harbor):
        await create(harbor, "one")
        view = await until(harbor, view.webhook.id, lambda view: view.delivery.revision == 1)
    assert view.delivery.attempts[0].status == 200


async def test_410_ends_it_and_it_can_be_resumed(harbor, receiver):
    view = await hook(harbor, receiver.url)
    receiver.handlers = [answer("410 Gone")]
    async with delivering(harbor, AT_ONCE):
        await create(harbor, "one")
        view = await until(harbor, view.webhook.id, lambda view: view.webhook.state is WebhookState.GONE)
        async with others_told(harbor, "two", "three", "four", "five"):
            assert len(receiver.received) == 1
        await harbor.webhooks.change(ChangeWebhook(id=view.webhook.id, active=True), ME)
        await receiver.count(2)
    assert receiver.received[1].titles == ["one", "two", "three", "four", "five"]


async def test_after_three_days_of_failures_it_is_given_up(harbor, receiver):
    schedule = Schedule(pauses=(MS,), give_up_after=30 * MS, lease=400 * MS, attempt=300 * MS)
    view = await hook(harbor, receiver.url)
    receiver.handlers = [answer("500 No")] * 1000
    async with delivering(harbor, schedule):
        await create(harbor, "one")
        view = await until(harbor, view.webhook.id, lambda view: view.webhook.state is WebhookState.FAILED)
        tried = len(receiver.received)
        async with others_told(harbor, "two", "three", "four", "five"):
            assert len(receiver.received) == tried
    assert view.delivery.attempts[0].at - view.delivery.failing_since >= 30 * MS
    assert Schedule().give_up_after == timedelta(days=3)


async def test_retry_after_is_respected(harbor, receiver):
    view = await hook(harbor, receiver.url)
    receiver.handlers = [answer("429 Too Many Requests", "retry-after: 3600")]
    async with delivering(harbor):
        await create(harbor, "one")
        view = await until(harbor, view.webhook.id, lambda view: view.delivery.failures == 1)
    pause = view.delivery.next_attempt - view.delivery.attempts[0].at
    assert pause == timedelta(hours=1)


async def test_filters_and_events_are_respected(harbor, receiver):
    await hook(harbor, receiver.url, filter="tags:urgent", events=["task.completed", "task.deleted", "list.changed"])
    async with delivering(harbor):
        await create(harbor, "no", "yes", tags=["urgent"])
        await harbor.execute(ChangeTask(id=1, title="still no"))
        await harbor.execute(CompleteTask(id=2))
        await receiver.count(1)
        await harbor.execute(DeleteTask(id=1))
        await receiver.count(2)
        await harbor.execute(CreateList(name="home"))
        await receiver.count(3)
    first, second, third = [received.data for received in receiver.received]
    (done,) = first["items"]
    assert (done["id"], done["events"][-1]) == (2, "task.completed")
    assert [(item["id"], item["events"]) for item in second["items"]] == [(1, ["task.deleted"])]
    assert [one["name"] for one in third["lists"]] == ["home"]
    assert third["previous"] == second["revision"]


async def test_it_goes_on_where_it_was_after_a_restart(storage, harbor, receiver):
    view = await hook(harbor, receiver.url)
    async with delivering(harbor):
        await create(harbor, "one")
        await until(harbor, view.webhook.id, lambda view: view.delivery.revision == 1)
    await create(harbor, "two")
    again = use_cases_on(storage, AnHourLater())  # whoever delivered before has had its time
    async with delivering(again):
        await receiver.count(2)
    assert receiver.received[1].titles == ["two"]
    assert receiver.received[1].data["previous"] == receiver.received[0].data["revision"]


class AnHourLater(SystemClock):
    def now(self) -> datetime:
        return super().now() + timedelta(hours=1)


async def test_a_pause_keeps_the_place(harbor, receiver):
    view = await hook(harbor, receiver.url)
    async with delivering(harbor):
        await create(harbor, "one")
        await until(harbor, view.webhook.id, lambda view: view.delivery.revision == 1)
        await harbor.webhooks.change(ChangeWebhook(id=view.webhook.id, active=False), ME)
        async with others_told(harbor, "two", "three", "four", "five"):
            assert len(receiver.received) == 1
        await harbor.webhooks.change(ChangeWebhook(id=view.webhook.id, active=True), ME)
        await receiver.count(2)
    assert receiver.received[1].titles == ["two", "three", "four", "five"]


async def test_a_replay_tells_again_under_other_ids(harbor, receiver):
    view = await hook(harbor, receiver.url)
    async with delivering(harbor):
        await create(harbor, "one")
        await receiver.count(1)
        await create(harbor, "two")
        await until(harbor, view.webhook.id, lambda view: view.delivery.revision == 2)
        await harbor.webhooks.replay(ReplayWebhook(id=view.webhook.id, since="1"), ME)
        await receiver.count(3)
    assert receiver.received[2].titles == ["two"]
    assert receiver.received[2].data["previous"] == 1
    assert len({received.headers["webhook-id"] for received in receiver.received}) == 3


async def test_two_secrets_sign_while_one_is_renewed(harbor, receiver):
    view = await hook(harbor, receiver.url)
    renewed = await harbor.webhooks.renew_secret(RenewWebhookSecret(id=view.webhook.id), ME)
    async with delivering(harbor):
        await create(harbor, "one")
        await receiver.count(1)
    old, new = view.webhook.secrets[0].text, renewed.webhook.secrets[0].text
    assert old != new
    for secret in (old, new):
        receiver.received[0].verify(secret)


async def test_the_old_secret_signs_for_a_day(storage, receiver):
    clock = FakeClock()
    harbor = use_cases_on(storage, clock)
    view = await hook(harbor, receiver.url)
    renewed = await harbor.webhooks.renew_secret(RenewWebhookSecret(id=view.webhook.id), ME)
    assert len(renewed.webhook.secrets_at(clock.advance(timedelta(hours=23)))) == 2
    assert len(renewed.webhook.secrets_at(clock.advance(timedelta(hours=2)))) == 1


async def test_a_test_is_sent_at_once_and_its_outcome_returned(harbor, receiver):
    view = await hook(harbor, receiver.url)
    receiver.handlers = [answer("418 I'm a teapot")]
    attempt = await harbor.webhooks.test(view.webhook.id, ME)
    assert (attempt.status, receiver.received[0].json["type"]) == (418, "test")
    receiver.received[0].verify(view.webhook.secrets[0].text)


async def test_nothing_is_sent_after_a_deletion(harbor, receiver):
    view = await hook(harbor, receiver.url)
    async with receiving() as other, delivering(harbor):
        await hook(harbor, other.url)
        await harbor.webhooks.delete(DeleteWebhook(id=view.webhook.id), ME)
        await create(harbor, "one")
        await other.count(1)
    assert receiver.received == []


async def test_what_can_no_longer_be_told_is_a_reset(storage, receiver):
    clock = FakeClock()
    harbor = use_cases_on(storage, clock)
    await create(harbor, "one")
    view = await hook(harbor, receiver.url)
    await harbor.execute(DeleteTask(id=1))
    clock.advance(timedelta(days=100))
    await harbor.history.purge(Purge(), workspace=DEFAULT_WORKSPACE)
    async with delivering(harbor):
        await receiver.count(1)
        await create(harbor, "two")
        await receiver.count(2)
    assert receiver.received[0].json["type"] == "reset"
    assert receiver.received[1].titles == ["two"]
    assert view.delivery.revision == 1


@pytest.fixture(params=[pytest.param("sqlite", marks=pytest.mark.long), "postgres"])
def shared_url(request, tmp_path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tasks.db"
    return request.getfixturevalue("postgres_url")


async def test_of_two_processes_one_delivers_and_the_other_takes_over(shared_url, receiver):
    async with storage_from_url(shared_url) as one, storage_from_url(shared_url) as other:
        here, there = use_cases_on(one), use_cases_on(other)
        view = await hook(here, receiver.url)
        async with delivering(there):
            async with delivering(here):
                for number in range(1, 11):
                    await create(here, f"task {number}")
                    await until(here, view.webhook.id, lambda view, upto=number: view.delivery.revision == upto)
            receiver.handlers = [hang]
            await create(here, "the last")
            await receiver.count(12)
    titles = [title for received in receiver.received for title in received.titles]
    assert titles == [*(f"task {number}" for number in range(1, 11)), "the last", "the last"]
