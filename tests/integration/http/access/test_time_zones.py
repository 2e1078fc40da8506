"""The time zone of a workspace, in which reminders are counted that name none."""

from collections.abc import AsyncIterator

import httpx
import pytest

from integration.http.problem import places
from integration.http.serving import served


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with served() as client:
        yield client


async def in_zone(client: httpx.AsyncClient, time_zone: object) -> httpx.Response:
    headers = {"Content-Type": "application/merge-patch+json"}
    return await client.patch("/workspaces/default", json={"time_zone": time_zone}, headers=headers)


async def test_all_day_reminders_are_due_in_the_time_zone_of_the_workspace(client):
    at_nine = {"offset": "PT0S", "relativeTo": "due"}
    body = {"title": "Water", "due": {"date": "2099-01-02"}, "reminders": [at_nine]}
    await client.post("/tasks/", json=body)
    assert [one["at"] for one in (await client.get("/reminders")).json()] == ["2099-01-02T09:00:00Z"]
    changed = await in_zone(client, "Europe/Berlin")
    assert (changed.status_code, changed.json()["time_zone"]) == (200, "Europe/Berlin")
    assert (await client.get("/workspaces/default")).json() == changed.json()
    await client.post("/tasks/", json=body)
    first, *_ = (await client.get("/reminders")).json()
    assert first["at"] == "2099-01-02T08:00:00Z"
    assert (await in_zone(client, None)).json()["time_zone"] is None


@pytest.mark.parametrize("wrong", ["Mars/Olympus", "europe/berlin", "", 1, "../etc/passwd", "localtime"])
async def test_a_time_zone_that_is_none_is_refused(client, wrong):
    refused = await in_zone(client, wrong)
    assert list(places(refused)) == ["body.time_zone"]
    assert (await client.get("/workspaces/default")).json()["time_zone"] is None
