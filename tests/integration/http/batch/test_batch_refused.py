"""What is wrong with a batch is said with its place, and nothing is changed."""

import json

import pytest

from integration.http.problem import assert_problem, places

UID = "0190b1f4-1234-7abc-8def-0123456789ab"
CREATE = {"command": "create", "title": "Buy milk"}


async def _post(client, *commands, **options):
    return await client.post("/batch", json={"commands": commands, **options})


@pytest.mark.parametrize(
    ("bad", "status", "code", "place"),
    [
        ({"command": "complete", "id": 1_000_000}, 404, "task_not_found", ""),
        ({"command": "complete", "id": 1, "if_match": 9}, 412, "precondition_failed", ""),
        ({"command": "create", "title": " "}, 422, "invalid_value", ".title"),
        ({"command": "change", "id": 1, "tags": ["a", "b", "c", 4]}, 422, "invalid_value", ".tags[3]"),
        (
            {"command": "change", "id": 1, "due": {"localDateTime": "2026-12-01T09:00:00", "timeZone": "Mars"}},
            422,
            "invalid_value",
            ".due.timeZone",
        ),
        ({"command": "complete", "uid": UID}, 422, "invalid_value", ".uid"),
        ({"command": "complete", "uid": "milk"}, 422, "invalid_value", ".uid"),
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
async def test_one_refused_command_among_a_thousand_changes_nothing(client, task, bad, status, code, place, dry_run):
    answer = await _post(client, *[CREATE] * 617, bad, *[CREATE] * 382, dry_run=dry_run)

    (error,) = assert_problem(answer, status, code)["errors"]
    assert (error["location"], error["code"]) == (f"body.commands[617]{place}", code)
    assert answer.json()["detail"].startswith("Command 617 was refused: ")
    assert "etag" not in answer.headers
    assert (await client.get("/tasks/")).json() == [task]


@pytest.mark.parametrize(
    ("bad", "wrong"),
    [
        ({"command": "create"}, {".title": "missing"}),
        ({"command": "create", "title": 5, "x": 0}, {".title": "wrong_type", ".x": "unknown"}),
        ({"command": "create", "title": "x", "id": 3}, {".id": "read_only"}),
        ({"command": "create", "title": "x", "if_match": 3}, {".if_match": "unknown"}),
        ({"command": "change", "id": 1, "revision": 3}, {".revision": "read_only"}),
        ({"command": "change", "id": 1, "if_match": 1}, {"": "missing"}),
        ({"command": "change", "title": "x"}, {"": "missing"}),
        ({"command": "complete"}, {"": "missing"}),
        ({"command": "complete", "id": 1, "uid": UID}, {".uid": "invalid_value"}),
        ({"command": "complete", "id": 1, "title": "x"}, {".title": "unknown"}),
        ({"command": "complete", "id": "1"}, {".id": "wrong_type"}),
        ({"command": "complete", "id": 0}, {".id": "invalid_value"}),
        ({"command": "complete", "id": 10**400}, {".id": "invalid_value"}),
        ({"command": "complete", "id": True}, {".id": "wrong_type"}),
        ({"command": "complete", "id": 1, "if_match": '"1"'}, {".if_match": "wrong_type"}),
        ({"command": "complete", "uid": None}, {".uid": "wrong_type"}),
        ({"command": "explode", "id": 1}, {".command": "invalid_value"}),
        ({"command": ["create"], "title": "x"}, {".command": "invalid_value"}),
        ({"title": "x"}, {".command": "invalid_value"}),
        ({}, {".command": "invalid_value"}),
        (None, {"": "wrong_type"}),
        (["create"], {"": "wrong_type"}),
    ],
)
@pytest.mark.parametrize("atomic", [True, False])
async def test_a_malformed_command_is_refused_with_its_place_whether_atomic_or_not(client, task, bad, wrong, atomic):
    answer = await _post(client, CREATE, bad, CREATE, atomic=atomic)

    assert places(answer) == {f"body.commands[1]{place}": code for place, code in wrong.items()}
    assert (await client.get("/tasks/")).json() == [task]


async def test_everything_that_is_malformed_is_listed(client):
    answer = await _post(client, {"command": "create"}, CREATE, {"command": "start", "id": "x"})

    assert places(answer) == {"body.commands[0].title": "missing", "body.commands[2].id": "wrong_type"}


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ([CREATE], {"body": "wrong_type"}),
        ({}, {"body.commands": "missing"}),
        ({"commands": None}, {"body.commands": "wrong_type"}),
        ({"commands": {"0": CREATE}}, {"body.commands": "wrong_type"}),
        ({"commands": []}, {"body.commands": "invalid_value"}),
        ({"commands": [CREATE] * 1001}, {"body.commands": "invalid_value"}),
        ({"commands": [CREATE], "atomic": "yes"}, {"body.atomic": "wrong_type"}),
        ({"commands": [CREATE], "dry_run": None}, {"body.dry_run": "wrong_type"}),
        ({"commands": [CREATE], "workspace": "other"}, {"body.workspace": "unknown"}),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_a_batch_has_1_to_1000_commands_and_two_options(client, body, wrong):
    assert places(await client.post("/batch", json=body)) == wrong
    assert (await client.get("/tasks/")).json() == []


@pytest.mark.parametrize(
    ("contradiction", "status", "code"),
    [
        ([CREATE | {"uid": UID}, CREATE | {"uid": UID, "title": "Other"}], 409, "uid_taken"),
        ([{"command": "delete", "id": 1}, {"command": "complete", "id": 1}], 404, "task_not_found"),
        ([{"command": "delete", "id": 1}, {"command": "delete", "id": 1}], 404, "task_not_found"),
        ([{"command": "start", "uid": UID}, CREATE | {"uid": UID}], 422, "invalid_value"),
        (
            [
                {"command": "change", "id": 1, "start": {"date": "2026-12-02"}},
                {"command": "change", "id": 1, "due": {"date": "2026-12-01"}},
            ],
            422,
            "invalid_value",
        ),
    ],
)
async def test_commands_that_contradict_each_other_change_nothing(client, task, contradiction, status, code):
    assert_problem(await _post(client, *contradiction), status, code)
    assert (await client.get("/tasks/")).json() == [task]


async def test_a_uid_that_is_taken_refuses_the_batch(client, task):
    answer = await _post(client, CREATE, CREATE | {"uid": task["uid"].upper()}, CREATE)

    (error,) = assert_problem(answer, 409, "uid_taken")["errors"]
    assert (error["location"], error["code"]) == ("body.commands[1]", "uid_taken")
    assert (await client.get("/tasks/")).json() == [task]


async def test_a_batch_is_json_and_no_patch(client):
    answer = await client.post(
        "/batch", content=json.dumps({"commands": [CREATE]}), headers={"content-type": "application/merge-patch+json"}
    )

    assert_problem(answer, 415, "unsupported_media_type")


async def test_millions_of_commands_are_refused_without_a_look_at_each(client):
    body = b'{"commands": [' + b"{}," * 300_000 + b"{}]}"

    answer = await client.post("/batch", content=body, headers={"content-type": "application/json"})

    assert places(answer) == {"body.commands": "invalid_value"}


async def test_an_answer_lists_a_bounded_number_of_places(client):
    answer = await _post(client, *({str(number): number for number in range(900)} for _ in range(1000)))

    assert len(places(answer)) == 20
