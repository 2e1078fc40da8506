"""The header `Idempotency-Key`, wherever something can be changed."""

import asyncio

import pytest
from fastapi import FastAPI

from integration.http.problem import assert_problem, places
from integration.http.serving import Serve, client_of, container
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.domain.values.uid import uid_named
from taskharbor.entrypoints.http import create_app, taskharbor_router
from taskharbor.entrypoints.http.requests.callers import system_of
from taskharbor.entrypoints.http.routes import operations_on_tasks
from taskharbor.testing import FakeClock, ParkingStorage

KEY = '"8e03978e-40d5-43dd-bc93-6894a57f9324"'
BATCH = {"atomic": False, "commands": [{"command": "create", "title": "New"}, {"command": "delete", "id": 99}]}

# Every operation that can change something, as it is carried out in the workspace `furnished`.
FENCE = 7
UNSAFE = {
    "create_task": ("POST", "/tasks/", {"title": "Buy milk"}),
    "quick_add": ("POST", "/tasks/quick", {"text": "Call Ada 2026-12-24"}),
    "change_task": ("PATCH", "/tasks/1", {"title": "Water"}),
    "delete_task": ("DELETE", "/tasks/1", None),
    "complete_task": ("POST", "/tasks/1/complete", None),
    "reopen_task": ("POST", "/tasks/1/reopen", None),
    "start_task": ("POST", "/tasks/1/start", None),
    "cancel_task": ("POST", "/tasks/1/cancel", None),
    "restore_task": ("POST", "/tasks/1/restore", None),
    "skip_occurrence": ("POST", "/tasks/1/skip", None),
    "run_batch": ("POST", "/batch", BATCH),
    "change_matching": ("POST", "/tasks/bulk", {"filter": "id = 1", "changes": {"priority": 1}, "max_affected": 5}),
    "save_filter": ("POST", "/filters/", {"name": "Soon", "filter": "due < now+7d"}),
    "change_saved_filter": ("PATCH", "/filters/Garden", {"q": "roses"}),
    "delete_saved_filter": ("DELETE", "/filters/Garden", None),
    "undo_actor": ("POST", "/undo", {"actor": "nobody", "since": 0}),
    "undo_commit": ("POST", "/commits/2/undo", None),
    "move_task": ("POST", "/tasks/1/move", {"last": True}),
    "add_comment": ("POST", "/tasks/1/comments", {"text": "Why?"}),
    "edit_comment": ("PATCH", "/tasks/1/comments/1", {"text": "Why not?"}),
    "delete_comment": ("DELETE", "/tasks/1/comments/1", None),
    "create_list": ("POST", "/lists/", {"name": "Work"}),
    "change_list": ("PATCH", "/lists/2", {"name": "Play"}),
    "delete_list": ("DELETE", "/lists/2?tasks=delete", None),
    "import_tasks": ("POST", "/import?format=todotxt", b"Call the bank\n(A) Buy soil\n"),
    "claim_next_task": ("POST", "/tasks/claim", {"holder": "bot-1"}),
    "claim_task": ("POST", "/tasks/1/claim", {"holder": "bot-1", "lease": "PT1M"}),
    "renew_claim": ("POST", "/tasks/3/renew", {"lease": "PT1M"}),
    "release_claim": ("POST", "/tasks/3/release", None),
    "undo_import": ("POST", f"/imports/{uid_named('import default furnished')}/undo", None),
}
WITHOUT_A_KEY = {
    "create_webhook": ("POST", "/webhooks/", {"url": "https://example.org/hook"}),
    "change_webhook": ("PATCH", "/webhooks/w1", {"active": False}),
    "delete_webhook": ("DELETE", "/webhooks/w1", None),
    "renew_webhook_secret": ("POST", "/webhooks/w1/secret", {}),
    "replay_webhook": ("POST", "/webhooks/w1/replay", {"since": "*"}),
    "test_webhook": ("POST", "/webhooks/w1/test", None),
}
"""These refuse one."""
OF_FIRED_REMINDERS = {"snooze_reminder", "dismiss_reminder"}
"""No request makes a reminder fire."""
UNDER_A_CLAIM = {"renew_claim", "release_claim"}
each_operation = pytest.mark.parametrize("operation", UNSAFE)


@pytest.fixture
async def furnished(client):
    """A workspace with a task that comes each day, 1, which has a comment, a saved filter, and a list, 2."""
    body = {"title": "Water the plants", "due": {"date": "2026-12-01"}, "recurrence": {"rrule": "FREQ=DAILY"}}
    await client.post("/tasks/", json=body)
    await client.post("/tasks/1/comments", json={"text": "First"})
    await client.post("/filters/", json={"name": "Garden", "q": "plants"})
    assert (await client.post("/lists/", json={"name": "Home"})).json()["id"] == 2
    head = {"idempotency-key": "furnished"}
    assert (await client.post("/import?format=todotxt", content=b"Taken\n", headers=head)).json()["created"] == 1
    claimed = await client.post("/tasks/3/claim", json={"holder": "bot-2"})
    assert claimed.json()["claim"]["fence"] == FENCE


async def _disturb(client):
    """Change whatever the operations have to do with."""
    await client.patch("/tasks/1", json={"priority": 9})
    await client.post("/tasks/1/comments", json={"text": "Another"})
    await client.delete("/tasks/1")
    await client.delete("/filters/Garden")
    for number in (2, 3):
        await client.patch(f"/lists/{number}", json={"name": "Another"})
    await client.patch("/filters/Soon", json={"q": "bank"})
    await client.post("/batch", json={"commands": [{"command": "create", "title": "Other"}]})


async def _everything(client):
    return [(await client.get(path)).json() for path in ("/changes", "/filters", "/lists")]


async def _send(client, operation, key=KEY, **headers):
    method, path, body = UNSAFE[operation]
    content = {"content": body} if isinstance(body, bytes) else {"json": body}
    headers |= {"if-claim": str(FENCE)} if operation in UNDER_A_CLAIM else {}
    return await client.request(method, path, **content, headers={"idempotency-key": key, **headers})


def _seen(answer):
    """Return what a client gets, but for what belongs to the exchange: the date, and the id of the request."""
    headers = {name: value for name, value in answer.headers.items() if name not in {"date", "x-request-id"}}
    return answer.status_code, headers, answer.content


def test_every_operation_that_can_change_something_is_tried_here():
    operations = operations_on_tasks(container(), system_of("default", None))
    assert {operation.name for operation in operations if operation.is_unsafe} == {
        *UNSAFE,
        *WITHOUT_A_KEY,
        *OF_FIRED_REMINDERS,
    }


@pytest.mark.parametrize("operation", WITHOUT_A_KEY)
async def test_an_operation_that_takes_no_key_refuses_one(client, operation):
    method, path, body = WITHOUT_A_KEY[operation]
    answer = await client.request(method, path, json=body, headers={"Idempotency-Key": KEY})
    assert places(answer) == {"header.Idempotency-Key": "unknown"}


@each_operation
async def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(client, furnished, operation):
    first = await _send(client, operation)
    assert first.is_success
    after = await _everything(client)

    again = await _send(client, operation)

    assert _seen(again) == _seen(first)
    assert await _everything(client) == after


@each_operation
async def test_the_first_answer_is_given_whatever_has_happened_since(client, furnished, operation):
    first = await _send(client, operation)
    await _disturb(client)

    assert _seen(await _send(client, operation)) == _seen(first)


@each_operation
async def test_another_request_with_the_same_key_is_refused(client, furnished, operation):
    await client.patch("/tasks/1", json={"description": "Another request"}, headers={"idempotency-key": KEY})
    before = await _everything(client)

    answer = await _send(client, operation)

    assert_problem(answer, 422, "idempotency_key_reused")
    assert await _everything(client) == before


MALFORMED = ["", '""', '"a', 'a"', "a b", "a,b", '"a","b"', '"\\a"', '"a"x', '"a";b', "x" * 256, f'"{"x" * 256}"', "é"]


@each_operation
async def test_a_malformed_key_is_refused(client, furnished, operation):
    before = await _everything(client)

    for key in MALFORMED:
        assert_problem(await _send(client, operation, key.encode("latin-1")), 400, "malformed_header")

    assert await _everything(client) == before


@pytest.mark.parametrize(
    ("key", "same"),
    [
        ('"abc"', "abc"),
        ("abc", ' "abc"\t'),
        ('"a b\\\\c\\"d"', '"a b\\\\c\\"d"'),
        (f'"{"x" * 255}"', "x" * 255),
        ("c2FsdCBhbmQgcGVwcGVy+/==", '"c2FsdCBhbmQgcGVwcGVy+/=="'),
    ],
)
async def test_a_key_may_come_without_quotes(client, key, same):
    first = await client.post("/tasks/", json={"title": "Buy milk"}, headers={"idempotency-key": key})
    again = await client.post("/tasks/", json={"title": "Buy milk"}, headers={"idempotency-key": same})

    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()


async def test_two_lines_are_no_key(client):
    lines = [("idempotency-key", "a"), ("idempotency-key", "b")]

    assert_problem(await client.post("/tasks/", json={"title": "x"}, headers=lines), 400, "malformed_header")


async def test_how_the_json_is_written_makes_no_other_request(client):
    headers = {"idempotency-key": KEY, "content-type": "application/json"}
    due = '{"localDateTime": "2026-12-01T09:00:00", "timeZone": "Europe/Berlin"}'
    first = await client.post("/tasks/", content=f'{{"title": "Buy milk", "due": {due}}}', headers=headers)
    due = '{"timeZone":"Europe/Berlin","localDateTime":"2026-12-01T09:00:00"}'
    again = await client.post("/tasks/", content=f'{{"due":{due},"title":"Buy milk"}}', headers=headers)

    assert again.status_code == 201
    assert again.json() == first.json()


@pytest.mark.parametrize("body", [{"title": "Buy bread"}, {"title": "Buy milk", "priority": 1}])
async def test_another_body_makes_another_request(client, body):
    await _send(client, "create_task")

    answer = await client.post("/tasks/", json=body, headers={"idempotency-key": KEY})

    assert_problem(answer, 422, "idempotency_key_reused")


async def test_another_condition_makes_another_request(client, task):
    first = await _send(client, "change_task", **{"if-match": '"1"'})
    again = await _send(client, "change_task", **{"if-match": '"1"'})
    other = await _send(client, "change_task", **{"if-match": '"2"'})
    none = await _send(client, "change_task")

    assert _seen(again) == _seen(first)
    assert_problem(other, 422, "idempotency_key_reused")
    assert_problem(none, 422, "idempotency_key_reused")


@pytest.mark.parametrize("tags", ['"1", "7"', '"7", "1"', '"7", W/"2", "1", "9"'])
async def test_a_list_of_conditions_is_repeated_too(client, task, tags):
    first = await _send(client, "complete_task", **{"if-match": tags})
    await client.post("/tasks/1/reopen")

    assert first.status_code == 200
    assert _seen(await _send(client, "complete_task", **{"if-match": tags})) == _seen(first)


async def test_what_was_refused_may_be_sent_again(client, task):
    refused = await _send(client, "change_task", **{"if-match": '"7"'})
    assert_problem(refused, 412, "precondition_failed")

    assert (await _send(client, "change_task", **{"if-match": '"1"'})).status_code == 200


async def test_a_dry_run_is_not_kept(client, task):
    batch = {"commands": [{"command": "complete", "id": 1}]}
    headers = {"idempotency-key": KEY}
    await client.post("/batch", json=batch | {"dry_run": True}, headers=headers)
    done = await client.post("/batch", json=batch, headers=headers)

    assert done.json()["revision"] == 2


async def test_a_batch_of_a_thousand_is_answered_again_byte_for_byte(client, task):
    commands = [{"command": "create", "title": f"Task {n}", "tags": ["Home"]} for n in range(998)]
    batch = {"atomic": False, "commands": [*commands, {"command": "delete", "id": 1}, {"command": "delete", "id": 1}]}
    first = await client.post("/batch", json=batch, headers={"idempotency-key": KEY})
    again = await client.post("/batch", json=batch, headers={"idempotency-key": KEY})

    assert first.status_code == 200
    assert [result["status"] for result in first.json()["results"][-2:]] == [204, 404]
    assert _seen(again) == _seen(first)


@pytest.mark.parametrize("operation", ["create_task", "run_batch"])
async def test_while_the_first_is_in_flight_the_second_is_asked_to_wait(start: Serve, operation):
    parking = ParkingStorage(InMemoryStorage(), park="before")
    async with start(parking) as client:
        first = asyncio.create_task(_send(client, operation))
        await parking.parked.wait()
        early = await _send(client, operation)
        parking.release.set()
        done = await first
        late = await _send(client, operation)
        items = (await client.get("/changes")).json()["items"]

    assert_problem(early, 409, "idempotency_key_in_flight")
    assert int(early.headers["retry-after"]) >= 1
    assert done.is_success
    assert _seen(late) == _seen(done)
    assert len(items) == 1


async def test_two_servers_on_one_store_carry_it_out_once():
    shared = ParkingStorage(InMemoryStorage(), park="before")
    host = FastAPI()
    for name in ("one", "two"):
        host.include_router(taskharbor_router(container=container(shared)), prefix=f"/{name}")
    async with client_of(host) as client:
        requests = [
            asyncio.create_task(client.post(f"/{name}/batch", json=BATCH, headers={"idempotency-key": KEY}))
            for name in ("one", "two")
        ]
        await shared.parked.wait()
        shared.release.set()
        one, two = await asyncio.gather(*requests)
        tasks = (await client.get("/one/tasks/")).json()

    assert _seen(one) == _seen(two)
    assert [task["title"] for task in tasks] == ["New"]


async def test_one_actor_does_not_get_the_answer_of_another():
    async def actor_of(request):
        return request.headers.get("user")

    host = FastAPI()
    host.include_router(taskharbor_router(container=container(), actor=actor_of))
    async with client_of(host) as client:
        await _send(client, "create_task", user="ada")
        stranger = await _send(client, "create_task", user="bob")
        herself = await _send(client, "create_task", user="ada")

    assert_problem(stranger, 422, "idempotency_key_reused")
    assert herself.status_code == 201


async def test_an_answer_is_kept_for_as_long_as_the_settings_say():
    clock = FakeClock()
    parts = container(idempotency_retention=60)
    parts.clock.override(clock)
    async with client_of(create_app(container=parts)) as client:
        first = await _send(client, "create_task")
        clock.advance()
        again = await _send(client, "create_task")
        for _ in range(60):
            clock.advance()
        anew = await _send(client, "create_task")

    assert [answer.json()["id"] for answer in (first, again, anew)] == [1, 1, 2]


async def test_a_wrong_value_is_reported_even_with_a_key(client):
    deep = {"title": "x", "due": {"date": [[["x"] * 9] * 9]}}

    answer = await client.post("/tasks/", json=deep, headers={"idempotency-key": KEY})

    assert places(answer) == {"body.due.date": "invalid_value"}


async def test_reads_take_no_notice_of_a_key(client, task):
    for key in (KEY, KEY, '"'):
        assert (await client.get("/tasks/1", headers={"idempotency-key": key})).json() == task


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("PATCH", "/tasks/1", {"priority": 1}), ("POST", "/tasks/1/complete", None), ("DELETE", "/tasks/1", None)],
)
async def test_a_change_under_if_none_match_is_answered_again_when_it_is_repeated(client, task, method, path, body):
    asked = {"idempotency-key": KEY, "if-none-match": '"9", W/"8"'}
    first = await client.request(method, path, json=body, headers=asked)
    assert first.is_success
    again = await client.request(method, path, json=body, headers=asked)
    assert (again.status_code, again.content, again.headers["etag"]) == (
        first.status_code,
        first.content,
        first.headers["etag"],
    )
    for other in ({"if-none-match": '"9"'}, {}, {"if-match": '"1"', "if-none-match": '"9", W/"8"'}):
        refused = await client.request(method, path, json=body, headers={"idempotency-key": KEY, **other})
        assert_problem(refused, 422, "idempotency_key_reused")
