"""Reminders of a real server: they fire by themselves, also after a restart, and people are told."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from integration.webhooks.receiver import receiving
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.reminders.deliver import DELIVERY
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.entrypoints.embedded import open_taskharbor
from taskharbor.testing import FakeClock

SECONDS = 15
"""Less than the half minute after which all workspaces are looked at, whatever has been scheduled."""


def soon(after: timedelta = timedelta(seconds=2)) -> str:
    """Return the whole second before an instant: by default from one to two seconds away."""
    return f"{datetime.now(UTC) + after:%Y-%m-%dT%H:%M:%SZ}"


def create(client: httpx.Client) -> str:
    """Create the task 1 with a reminder that is soon due; return when.

    What is over when it is said does not fire: a server that was slow to take it is asked again.
    """
    task = client.post("tasks/", json={"title": "Water"}).json()
    after = timedelta(seconds=2)
    while True:
        at = soon(after)
        answer = client.patch(f"tasks/{task['id']}", json={"reminders": [{"when": at}]})
        assert answer.status_code == 200, answer.text
        if datetime.fromisoformat(answer.json()["updated"]) < datetime.fromisoformat(at):
            assert "alerts" not in answer.json()
            return at
        after *= 2


def alerts_once(client: httpx.Client, holds: Callable[[list[dict]], object], within: float = SECONDS) -> list[dict]:
    """Wait until it holds for the alerts of the task."""
    end = time.monotonic() + within
    while not holds(alerts := client.get("tasks/1").json().get("alerts", [])):
        assert time.monotonic() < end, alerts
        time.sleep(0.05)
    return alerts


def test_a_reminder_fires_at_its_time_and_again_when_it_was_snoozed_until_it_is_dismissed(start_server):
    server = start_server()
    with server.client() as client:
        at = create(client)
        (alert,) = alerts_once(client, bool)
        assert alert == {"reminder": at, "at": at, "fired": alert["fired"], "late": False, "snoozed": None}
        assert datetime.fromisoformat(alert["fired"]) >= datetime.fromisoformat(at)
        assert client.get("reminders").json() == []
        snoozed = client.post(f"tasks/1/reminders/{at}/snooze", json={"length": "PT1S"})
        assert snoozed.status_code == 200, snoozed.text
        (again,) = alerts_once(client, lambda alerts: alerts[0]["snoozed"] is None)
        until = datetime.fromisoformat(snoozed.json()["alerts"][0]["snoozed"])
        assert datetime.fromisoformat(again["fired"]) >= until > datetime.fromisoformat(alert["fired"])
        assert "alerts" not in client.post(f"tasks/1/reminders/{at}/dismiss").json()
        assert "alerts" not in client.get("tasks/1").json()
    assert server.stop() == 0, server.output
    assert "Traceback" not in server.output


async def test_what_was_due_while_no_server_ran_fires_late_when_one_does(start_server, tmp_path):
    an_hour_ago = FakeClock(datetime.now(UTC) - timedelta(hours=1))
    at = soon(timedelta(minutes=-30))
    async with open_taskharbor(f"sqlite:///{tmp_path}/tasks.db", clock=an_hour_ago) as harbor:
        await harbor.create_task(title="Water", reminders=[{"when": at}])
    with (await asyncio.to_thread(start_server)).client() as client:
        (alert,) = alerts_once(client, bool)
    assert (alert["reminder"], alert["at"], alert["late"]) == (at, at, True)


@pytest.mark.long
async def test_what_a_process_has_set_that_has_ended_fires_within_30_seconds(start_server, tmp_path):
    server = await asyncio.to_thread(start_server)
    async with open_taskharbor(f"sqlite:///{tmp_path}/tasks.db") as harbor:
        at = soon(timedelta(seconds=5))
        await harbor.create_task(title="Water", reminders=[{"when": at}])
    with server.client() as client:
        (alert,) = alerts_once(client, bool, within=40)
    assert datetime.fromisoformat(alert["fired"]) - datetime.fromisoformat(at) < timedelta(seconds=31)


async def test_ntfy_is_told_once(start_server, tmp_path):
    async with receiving() as receiver:
        server = await asyncio.to_thread(start_server, TASKHARBOR_NTFY_URL=receiver.url)
        with server.client() as client:
            await asyncio.to_thread(create, client)
        async with asyncio.timeout(SECONDS):
            await receiver.count(1)
            async with storage_from_url(f"sqlite:///{tmp_path}/tasks.db") as storage:
                while await storage.list_records(DEFAULT_WORKSPACE, DELIVERY, after="", limit=1):  # noqa: ASYNC110  # another process
                    await asyncio.sleep(0.02)
        assert await asyncio.to_thread(server.stop) == 0, server.output
    (told,) = receiver.received
    assert told.head == "POST / HTTP/1.1"
    assert (told.json["topic"], told.json["title"]) == ("hook", "Water")
    assert "Traceback" not in server.output
