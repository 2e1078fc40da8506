"""Calls with an idempotency key, when the service is embedded."""

import asyncio
import inspect
from datetime import timedelta

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import IdempotencyKeyInFlight, IdempotencyKeyReused
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.domain.errors import AlertNotFound, InvalidValue
from taskharbor.domain.values.uid import uid_named
from taskharbor.entrypoints.embedded.opening import Harbor, open_taskharbor
from taskharbor.testing import FakeClock, ParkingStorage

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
FENCE = 7
BATCH = [CreateTask(title="New"), ChangeTask(id=99, title="x"), ChangeTask(id=1, tags=["home"])]

# Everything that changes something, as it is done in the workspace `furnished`.
COMMANDS = {
    "create_task": {"title": "Buy milk", "due": {"date": "2026-12-01"}},
    "change_task": {"id": 1, "title": "Water", "if_match": 2},
    "complete_task": {"id": 1},
    "skip_occurrence": {"id": 1},
    "reopen_task": {"id": 1},
    "start_task": {"id": 1},
    "cancel_task": {"id": 1},
    "delete_task": {"id": 1},
    "restore_task": {"id": 1},
    "run_batch": {"commands": BATCH, "atomic": False},
    "change_matching": {"filter": "id = 1", "priority": 1, "max_affected": 5},
    "save_filter": {"name": "Soon", "filter": "due < now+7d"},
    "change_saved_filter": {"name": "Garden", "q": "roses"},
    "delete_saved_filter": {"name": "Garden"},
    "undo_commit": {"revision": 2},
    "undo_actor": {"actor": "nobody", "since": 0},
    "move_task": {"id": 1, "last": True},
    "add_comment": {"id": 1, "text": "Why?"},
    "edit_comment": {"id": 1, "comment_id": 1, "text": "Why not?"},
    "delete_comment": {"id": 1, "comment_id": 1},
    "create_list": {"name": "Work"},
    "change_list": {"id": 2, "name": "Play"},
    "delete_list": {"id": 2, "delete_tasks": True},
    "import_tasks": {"data": b"Call the bank\n(A) Buy soil\n", "format": "todotxt"},
    "undo_import": {"id": uid_named("import default furnished")},
    "quick_add": {"text": "Call Ada #phone"},
    "claim_task": {"id": 1, "holder": "bot-1"},
    "claim_next_task": {"holder": "bot-1"},
    "renew_claim": {"id": 3, "fence": FENCE, "lease": "PT1M"},
    "release_claim": {"id": 3, "fence": FENCE},
}
OF_FIRED_REMINDERS = {
    "snooze_reminder": {"id": 1, "reminder": "2026-01-01T13:00:00Z", "length": "PT1H"},
    "dismiss_reminder": {"id": 1, "reminder": "2026-01-01T13:00:00Z"},
}
"""They need a clock that can be put forward."""
# A purge takes away what is old, and what is due is fired and delivered once, so doing it twice does no harm. The
# answers about webhooks have secrets, which are not kept.
WITHOUT_A_KEY = ("get_", "list_", "find_", "count_", "task_history", "purge", "fire_reminders", "deliver_webhooks")
WEBHOOKS = {"create_webhook", "change_webhook", "delete_webhook", "test_webhook", "replay_webhook"}
WEBHOOKS |= {"renew_webhook_secret"}
each_command = pytest.mark.parametrize("command", COMMANDS)


@pytest.fixture
async def furnished(harbor):
    """A workspace with a daily task, 1, which has a comment, a saved filter, a list, 2, and a claimed task, 3."""
    daily = {"rrule": "FREQ=DAILY"}
    await harbor.create_task(title="Water the plants", due={"date": "2026-12-01"}, recurrence=daily)
    await harbor.add_comment(1, "First")
    await harbor.save_filter("Garden", q="plants")
    assert (await harbor.create_list(name="Home")).id == 2
    await harbor.import_tasks(b"Taken\n", format="todotxt", idempotency_key="furnished")
    claimed = await harbor.claim_task(3, holder="bot-2")
    assert claimed.claim.fence == FENCE


async def _call(harbor, command, key=KEY, **arguments):
    return await getattr(harbor, command)(**COMMANDS[command] | arguments, idempotency_key=key)


async def _everything(harbor):
    page = await harbor.list_changes()
    return page.items, page.next, await harbor.list_saved_filters(), await harbor.list_lists()


async def _disturb(harbor):
    """Change whatever the commands have to do with."""
    await harbor.restore_task(1)
    await harbor.change_task(1, priority=9)
    await harbor.add_comment(1, "Another")
    for task_list in (await harbor.list_lists()).items[1:]:
        await harbor.delete_list(task_list.id, delete_tasks=True)
    for saved in await harbor.list_saved_filters():
        await harbor.delete_saved_filter(saved.name)


def _parts_of(answer):
    """Return an answer as it can be compared: errors are equal to themselves only."""
    return [str(result) for result in answer.results] if hasattr(answer, "results") else answer


def test_every_call_that_takes_a_key_is_tried_here():
    calls = dict(inspect.getmembers(Harbor, inspect.iscoroutinefunction))
    with_key = {name for name, call in calls.items() if "idempotency_key" in inspect.signature(call).parameters}

    assert with_key == {*COMMANDS, *OF_FIRED_REMINDERS}
    assert [name for name in calls.keys() - with_key - WEBHOOKS if not name.startswith(WITHOUT_A_KEY)] == []


@each_command
async def test_a_repeated_call_gets_the_first_answer_whatever_has_happened_since(harbor, furnished, command):
    first = await _call(harbor, command)
    await _disturb(harbor)
    after = await _everything(harbor)

    again = await _call(harbor, command)

    assert type(again) is type(first)
    assert _parts_of(again) == _parts_of(first)
    assert await _everything(harbor) == after


@each_command
async def test_another_call_with_the_same_key_is_refused(harbor, furnished, command):
    await harbor.change_task(1, description="Another call", idempotency_key=KEY)
    before = await _everything(harbor)

    with pytest.raises(IdempotencyKeyReused):
        await _call(harbor, command)

    assert await _everything(harbor) == before


@each_command
async def test_what_cannot_be_a_key_is_refused(harbor, furnished, command):
    before = await _everything(harbor)

    for key in ("", "x" * 256, "a\n", "\u00e9", "\ud800", 7):
        with pytest.raises(InvalidValue) as caught:
            await _call(harbor, command, key)
        assert caught.value.field == "idempotency_key", key

    assert await _everything(harbor) == before


@pytest.mark.parametrize("command", OF_FIRED_REMINDERS)
async def test_a_fired_reminder_is_dealt_with_once_by_its_key(command):
    clock = FakeClock()
    async with open_taskharbor("memory://", clock=clock) as harbor:
        await harbor.create_task(title="Call the bank", reminders=[{"when": "2026-01-01T13:00:00Z"}])
        clock.advance(timedelta(hours=1))
        await harbor.fire_reminders()
        first = await getattr(harbor, command)(**OF_FIRED_REMINDERS[command], idempotency_key=KEY)
        await harbor.change_task(1, reminders=[])
        after = await _everything(harbor)

        assert await getattr(harbor, command)(**OF_FIRED_REMINDERS[command], idempotency_key=KEY) == first
        with pytest.raises(IdempotencyKeyReused):
            await getattr(harbor, command)(**OF_FIRED_REMINDERS[command] | {"id": 2}, idempotency_key=KEY)
        with pytest.raises(AlertNotFound):
            await getattr(harbor, command)(**OF_FIRED_REMINDERS[command])
        assert await _everything(harbor) == after


async def test_a_call_without_a_key_is_made_as_often_as_it_is_made(harbor):
    for _ in range(2):
        await _call(harbor, "create_task", None)

    assert len((await harbor.list_tasks()).items) == 2


async def test_the_answer_is_there_after_a_restart_and_in_another_process(tmp_path):
    url = f"sqlite:///{tmp_path}/tasks.db"
    async with open_taskharbor(url) as harbor:
        first = await _call(harbor, "create_task")
    async with open_taskharbor(url) as one, open_taskharbor(url) as other:
        assert await _call(one, "create_task") == await _call(other, "create_task") == first
        pairs = [(process, f"key {n}") for n in range(20) for process in (one, other)]
        answers = await asyncio.gather(*(_call(process, "create_task", key) for process, key in pairs))
        assert answers[::2] == answers[1::2]
        assert len((await one.list_tasks(limit=100)).items) == 21


async def test_in_one_process_the_second_of_two_at_once_is_refused():
    parking = ParkingStorage(InMemoryStorage(), park="before")
    async with open_taskharbor(storage=parking) as harbor:
        first = asyncio.create_task(_call(harbor, "create_task"))
        await parking.parked.wait()
        with pytest.raises(IdempotencyKeyInFlight):
            await _call(harbor, "create_task")
        elsewhere = asyncio.create_task(_call(harbor.in_workspace("team"), "create_task"))
        parking.release.set()
        assert (await first, (await elsewhere).id) == (await _call(harbor, "create_task"), 1)


async def test_a_call_that_was_cancelled_before_its_commit_leaves_nothing_and_can_be_made_again():
    class Slow(InMemoryStorage):
        asked = asyncio.Event()
        is_slow = True

        async def load_records(self, workspace, keys):
            self.asked.set()
            if self.is_slow:
                await asyncio.Event().wait()
            return await super().load_records(workspace, keys)

    async with open_taskharbor(storage=(storage := Slow())) as harbor:
        call = asyncio.create_task(_call(harbor, "create_task"))
        await storage.asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        storage.is_slow = False
        assert (await _everything(harbor))[:2] == ([], "0")
        assert (await _call(harbor, "create_task")).revision == 1


async def test_an_answer_is_kept_for_as_long_as_the_embedder_says():
    clock = FakeClock()
    async with open_taskharbor("memory://", clock=clock, idempotency_retention=timedelta(minutes=1)) as harbor:
        first = await _call(harbor, "create_task")
        clock.advance(timedelta(seconds=59))
        assert await _call(harbor, "create_task") == first
        clock.advance()
        assert (await _call(harbor, "create_task")).id == 2


async def test_what_each_actor_does_has_a_name_of_its_own(own_harbor):
    await _call(own_harbor.acting_as("ada"), "create_task")

    with pytest.raises(IdempotencyKeyReused):
        await _call(own_harbor.acting_as("bob"), "create_task")


@pytest.mark.parametrize("atomic", [True, False])
async def test_a_file_in_pieces_is_taken_once_and_another_one_is_refused(harbor, atomic):
    async def pieces(*texts):
        for text in texts:
            yield text

    async def take(*texts):
        file = pieces(*texts)
        return await harbor.import_tasks(file, format="todotxt", atomic=atomic, idempotency_key=KEY)

    first = await take(b"Call the", b" bank\n", b"Buy soil\n")
    assert first.created == 2
    after = await _everything(harbor)
    assert await take(b"Call the bank\nBuy soil\n") == first
    for other in (b"Call the bank\nBuy soil\nx\n", b"Call the bank\n", b""):
        with pytest.raises(IdempotencyKeyReused):
            await take(other)
    assert await _everything(harbor) == after


async def test_an_import_of_all_or_nothing_is_one_commit_with_its_answer(harbor):
    report = await harbor.import_tasks(b"Call the bank\n", format="todotxt", atomic=True, idempotency_key=KEY)

    assert report.created == 1
    assert (await harbor.list_changes()).revision == 1
