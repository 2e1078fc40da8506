"""Webhooks over HTTP: made, changed, paused, replayed, ended; and what is refused."""

import json
import logging

import pytest

from integration.http.problem import assert_problem, places
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.webhooks.webhook import MAX_WEBHOOKS
from taskharbor.domain.identifiers import SERVICE_WORKSPACE

URL = "https://8.8.8.8/hook"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


async def make(client, **values):
    answer = await client.post("/webhooks/", json={"url": URL, **values})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_webhook_is_made_and_its_secret_is_in_that_answer_only(client):
    answer = await client.post("/webhooks/", json={"url": URL, "filter": "is_open", "secret": SECRET})
    made = answer.json()
    assert made.pop("secret") == SECRET
    assert answer.headers["location"].endswith(f"/webhooks/{made['id']}")
    assert answer.headers["cache-control"] == "no-store"
    assert (made["state"], made["delivery"]["revision"]) == ("active", 0)
    assert (await client.get(f"/webhooks/{made['id']}")).json() == made
    assert (await client.get("/webhooks")).json() == [made]
    changed = await client.patch(f"/webhooks/{made['id']}", json={"events": ["task.deleted"], "active": False})
    assert (changed.json()["events"], changed.json()["state"]) == (["task.deleted"], "paused")
    for text in (changed.text, (await client.get(f"/webhooks/{made['id']}/attempts")).text):
        assert "whsec_" not in text


async def test_a_secret_is_made_and_renewed(client):
    made = await make(client)
    assert made["secret"].startswith("whsec_")
    renewed = (await client.post(f"/webhooks/{made['id']}/secret")).json()
    assert renewed["secret"] not in {made["secret"], SECRET}
    given = (await client.post(f"/webhooks/{made['id']}/secret", json={"secret": SECRET})).json()
    assert given["secret"] == SECRET


async def test_pages_of_webhooks_lead_to_all_of_them(client):
    ids = {(await make(client))["id"] for _ in range(5)}
    found, path = [], "/webhooks?limit=2"
    while path:
        answer = await client.get(path)
        found += [one["id"] for one in answer.json()]
        path = answer.links.get("next", {}).get("url", "").replace("/todo", "")
    assert found == sorted(ids)


async def test_one_that_was_deleted_is_gone(client):
    made = await make(client)
    assert (await client.delete(f"/webhooks/{made['id']}")).status_code == 204
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/attempts"), ("POST", "/test"), ("POST", "/secret")):
        answer = await client.request(method, f"/webhooks/{made['id']}{path}")
        assert_problem(answer, 404, "webhook_not_found")
    assert_problem(await client.get("/webhooks/nonsense"), 404, "webhook_not_found")


async def test_a_webhook_changes_no_revision_of_tasks_and_no_history_has_its_secret(client):
    made = await make(client, secret=SECRET)
    await client.patch(f"/webhooks/{made['id']}", json={"active": False})
    assert (await client.get("/changes")).json()["next"] == "0"


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({}, "body.url"),
        ({"url": "ftp://example.org/"}, "body.url"),
        ({"url": "https://user:pass@example.org/"}, "body.url"),
        ({"url": "https:///nowhere"}, "body.url"),
        ({"url": "https://example.org:port/"}, "body.url"),
        ({"url": "https://example.org/#part"}, "body.url"),
        ({"url": "https://example.org/" + "x" * 2048}, "body.url"),
        ({"url": "http://127.0.0.1/"}, "body.url"),
        ({"url": "http://169.254.169.254/latest/meta-data"}, "body.url"),
        ({"url": "http://[::ffff:10.0.0.1]/"}, "body.url"),
        ({"url": "http://localhost:8000/tasks/"}, "body.url"),
        ({"url": URL, "filter": "colour = red"}, "body.filter"),
        ({"url": URL, "filter": "blocked"}, "body.filter"),
        ({"url": URL, "time_zone": "Mars/Base"}, "body.time_zone"),
        ({"url": URL, "events": ["task.painted"]}, "body.events"),
        ({"url": URL, "events": []}, "body.events"),
        ({"url": URL, "secret": "short"}, "body.secret"),
        ({"url": URL, "since": "9"}, "body.since"),
        ({"url": URL, "since": "x"}, "body.since"),
        ({"url": URL, "state": "active"}, "body.state"),
        ({"url": URL, "colour": "red"}, "body.colour"),
    ],
)
async def test_what_is_wrong_is_refused_at_its_place_and_nothing_is_made(client, body, location):
    assert list(places(await client.post("/webhooks/", json=body))) == [location]
    assert (await client.get("/webhooks/")).json() == []


@pytest.mark.parametrize(
    ("path", "body", "location"),
    [
        ("", {"url": "http://10.0.0.1/"}, "body.url"),
        ("", {"filter": "x y z ="}, "body.filter"),
        ("", {"secret": SECRET}, "body.secret"),
        ("", {}, "body"),
    ],
)
async def test_a_wrong_change_is_refused(client, path, body, location):
    made = await make(client)
    assert list(places(await client.patch(f"/webhooks/{made['id']}{path}", json=body))) == [location]


async def test_a_replay_from_where_nothing_has_been_is_refused(client):
    made = await make(client)
    answer = await client.post(f"/webhooks/{made['id']}/replay", json={"since": "7"})
    assert list(places(answer)) == ["body.since"]


async def test_the_10_001st_is_refused(serve, caplog):
    async with serve() as client:
        await make(client)
        storage = client._transport.app.state.container.storage()
        key = RecordKey("webhook-count", "default")
        record = (await storage.load_records(SERVICE_WORKSPACE, [key]))[key]
        full = Record(kind=key.kind, key=key.key, document=json.dumps(MAX_WEBHOOKS), revision=record.revision)
        await storage.commit(Changeset(workspace=SERVICE_WORKSPACE, records=(full,)))
        assert_problem(await client.post("/webhooks/", json={"url": URL}), 409, "too_many_webhooks")
        assert len((await client.get("/webhooks/")).json()) == 1


async def test_no_log_has_a_secret_or_the_url(serve, caplog):
    caplog.set_level(logging.DEBUG)
    async with serve(webhook_networks="127.0.0.0/8") as client:
        made = await make(client, url="http://127.0.0.1:9/token-in-the-path", secret=SECRET)
        attempt = (await client.post(f"/webhooks/{made['id']}/test")).json()
        assert (attempt["status"], attempt["error"]) == (None, "cannot connect")
    assert SECRET not in caplog.text
