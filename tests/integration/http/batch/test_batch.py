"""Many commands in one commit, over HTTP."""

import pytest

UID = "0190b1f4-1234-7abc-8def-0123456789ab"
OTHER = "0190b1f4-1234-7abc-8def-0123456789ad"


async def _batch(client, *commands, **options):
    answer = await client.post("/batch", json={"commands": commands, **options})
    assert answer.status_code == 200, answer.text[:1000]
    return answer.json()


async def _all(client):
    return (await client.get("/tasks/?limit=1000")).json()


async def test_every_use_case_that_changes_something_can_be_in_a_batch(client, task):
    done = await _batch(
        client,
        {"command": "create", "title": "Buy milk", "tags": ["shop"], "due": {"date": "2026-12-01"}},
        {"command": "change", "id": 1, "title": "Water the garden", "priority": 1},
        {"command": "start", "id": 1},
        {"command": "complete", "id": 1},
        {"command": "reopen", "id": 1},
        {"command": "cancel", "id": 1},
        {"command": "delete", "id": 1},
        {"command": "restore", "id": 1},
    )

    assert [result["status"] for result in done["results"]] == [201, 200, 200, 200, 200, 200, 204, 200]
    assert done["revision"] == 2
    changed, created = await _all(client)
    assert (changed["title"], changed["priority"], changed["progress"]) == ("Water the garden", 1, "cancelled")
    assert (created["tags"], created["due"]) == (["shop"], {"date": "2026-12-01"})
    assert done["results"][0]["task"] == created
    assert done["results"][7]["task"] == changed


async def test_all_of_a_batch_takes_one_revision(client):
    done = await _batch(client, *({"command": "create", "title": f"Task {number}"} for number in range(1000)))

    assert done["revision"] == 1
    assert {task["revision"] for task in await _all(client)} == {1}
    assert [result["task"] for result in done["results"]] == await _all(client)


async def test_a_command_names_a_task_of_the_same_batch_by_its_uid(client):
    done = await _batch(
        client,
        {"command": "create", "title": "Buy milk", "uid": UID},
        {"command": "change", "uid": UID, "title": "Buy oat milk"},
        {"command": "complete", "uid": UID},
    )

    (task,) = await _all(client)
    assert [result["task"] for result in done["results"]] == [task] * 3
    assert (task["title"], task["is_completed"], task["uid"]) == ("Buy oat milk", True, UID)


async def test_a_result_of_a_delete_is_what_a_copy_needs_to_know(client, task):
    done = await _batch(client, {"command": "delete", "id": 1})

    assert done == {"revision": 2, "results": [{"status": 204, "id": 1, "revision": 2}]}
    assert await _all(client) == []


async def test_a_batch_that_changes_nothing_takes_no_revision(client, task):
    done = await _batch(client, {"command": "reopen", "id": 1}, {"command": "change", "id": 1, "title": task["title"]})

    assert done == {"revision": None, "results": [{"status": 200, "task": task}] * 2}


async def test_if_match_is_the_revision_before_the_batch_for_every_command_of_it(client, task):
    done = await _batch(
        client,
        {"command": "start", "id": 1, "if_match": 1},
        {"command": "change", "id": 1, "if_match": 1, "priority": 9},
    )

    assert done["revision"] == 2


async def test_what_is_refused_is_left_out_of_a_batch_that_is_not_atomic(client, task):
    done = await _batch(
        client,
        {"command": "complete", "id": 7},
        {"command": "start", "id": 1},
        {"command": "change", "id": 1, "title": "Half done", "due": {"date": "2026-02-30"}},
        {"command": "complete", "id": 1, "if_match": 9},
        atomic=False,
    )

    assert [result["status"] for result in done["results"]] == [404, 200, 422, 412]
    assert [result["problem"]["code"] for result in done["results"] if "problem" in result] == [
        "task_not_found",
        "invalid_value",
        "precondition_failed",
    ]
    assert [result["problem"]["errors"][0]["location"] for result in done["results"] if "problem" in result] == [
        "body.commands[0]",
        "body.commands[2].due.date",
        "body.commands[3]",
    ]
    (kept,) = await _all(client)
    assert (kept["title"], kept["progress"], kept["revision"]) == (task["title"], "in-process", done["revision"])


@pytest.mark.parametrize("atomic", [True, False])
async def test_a_dry_run_says_what_would_happen_and_changes_nothing(client, task, atomic):
    commands = [
        {"command": "create", "title": "Buy milk", "uid": UID},
        {"command": "complete", "uid": UID},
        {"command": "cancel", "id": 1},
    ]

    tried = await _batch(client, *commands, atomic=atomic, dry_run=True)

    assert tried["revision"] is None
    assert [result["status"] for result in tried["results"]] == [201, 200, 200]
    assert [result["task"]["progress"] for result in tried["results"]] == ["completed", "completed", "cancelled"]
    assert [result["task"]["revision"] for result in tried["results"]] == [0, 0, 1]
    assert await _all(client) == [task]
    assert (await client.get("/changes")).json()["items"] == [
        {name: value for name, value in task.items() if name != "blocked"}
    ]


async def test_a_batch_may_be_larger_than_other_bodies(start):
    description = "x" * 60_000
    async with start() as client:
        done = await _batch(
            client, *({"command": "create", "title": "Long", "description": description} for _ in range(100))
        )

    assert done["revision"] == 1


async def test_a_batch_keeps_to_a_limit_of_its_own(start):
    body = b'{"commands": [{"command": "create", "title": "x"}]}'
    headers = {"content-type": "application/json"}
    async with start(max_body_bytes=1024, max_batch_bytes=2048) as client:
        for size, status in ((2048, 200), (2049, 413)):
            assert (await client.post("/batch", content=body.ljust(size), headers=headers)).status_code == status


async def test_a_uid_stands_wherever_a_command_names_another_task(client, task):
    done = await _batch(
        client,
        {"command": "create", "title": "Buy milk", "uid": UID},
        {"command": "create", "title": "Find a shop", "parent": UID, "depends_on": [1, UID[:-1] + "c"], "uid": OTHER},
        atomic=False,
    )
    assert [result["status"] for result in done["results"]] == [201, 422]
    assert done["results"][1]["problem"]["errors"][0]["location"] == "body.commands[1].depends_on[1]"

    done = await _batch(
        client,
        {"command": "create", "title": "Find a shop", "parent": UID, "depends_on": [1], "uid": OTHER},
        {"command": "change", "uid": task["uid"], "parent": UID},
        {"command": "move", "uid": OTHER, "after": task["uid"]},
        {"command": "comment", "uid": OTHER, "text": "Where?"},
    )
    part, moved = (done["results"][place]["task"] for place in (2, 1))
    assert (part["depends_on"], part["comment_count"]) == ([1], 1)
    assert part["parent"] == moved["parent"] == 2
    assert part["rank"] > moved["rank"]


async def test_lists_and_saved_filters_are_changed_in_a_batch(client):
    done = await _batch(
        client,
        {"command": "create-list", "name": "Garden", "colour": "#00ff00"},
        {"command": "save-filter", "name": "Wet", "q": "rain"},
        {"command": "change-filter", "name": "wet", "new_name": "Dry", "sort": "due"},
        {"command": "change-list", "id": 1, "name": "In"},
    )
    made, saved, changed, inbox = done["results"]
    assert [result["status"] for result in done["results"]] == [201, 201, 200, 200]
    assert made["list"] == (await client.get(f"/lists/{made['list']['id']}")).json()
    assert changed["filter"] == (await client.get("/filters/Dry")).json()
    assert saved["filter"]["name"] == "Wet"
    assert inbox["list"]["name"] == "In"
    assert {made["list"]["revision"], changed["filter"]["revision"], done["revision"]} == {1}

    list_id = made["list"]["id"]
    refused = await client.post(
        "/batch", json={"commands": [{"command": "delete-list", "id": list_id, "tasks": "delete"}]}
    )
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["location"] == "body.commands[0].id"
    await _batch(client, {"command": "change-list", "id": list_id, "archived": True})
    done = await _batch(
        client,
        {"command": "delete-list", "id": list_id, "tasks": "delete"},
        {"command": "delete-filter", "name": "dry"},
    )
    assert done["results"] == [
        {"status": 204, "id": list_id, "revision": 3},
        {"status": 204, "name": "Dry", "revision": 3},
    ]
    assert (await client.get(f"/lists/{list_id}")).status_code == 404
    assert (await client.get("/filters/Dry")).status_code == 404


async def test_the_name_of_a_list_stands_wherever_a_command_names_one(client, task):
    done = await _batch(
        client,
        {"command": "create-list", "name": "Errands"},
        {"command": "create", "title": "Buy milk", "list": "errands"},
        {"command": "change", "id": 1, "list": "Errands"},
        {"command": "move", "id": 1, "list": "INBOX", "first": True},
        {"command": "change-list", "id": "Errands", "name": "Shop", "archived": True},
        {"command": "delete-list", "id": "shop", "move_to": "inbox"},
        {"command": "create-list", "name": "Errands"},
        {
            "command": "change-matching",
            "filter": "list = inbox",
            "max_affected": 2,
            "changes": {"list": "Errands"},
        },
    )

    assert [result["status"] for result in done["results"]] == [201, 201, 200, 200, 200, 204, 201, 200]
    number = done["results"][6]["list"]["id"]
    assert [found["id"] for found in (await client.get("/lists")).json()] == [1, number]
    assert [task["list"] for task in await _all(client)] == [number, number]


@pytest.mark.parametrize(
    ("command", "location"),
    [
        ({"command": "create", "title": "x", "list": "Nowhere"}, "list"),
        ({"command": "create", "title": "x", "list": "twice"}, "list"),
        ({"command": "create", "title": "x", "list": ""}, "list"),
        ({"command": "create", "title": "x", "list": "put away"}, "list"),
        ({"command": "change", "id": 1, "list": "7"}, "list"),
        ({"command": "move", "id": 1, "list": "Nowhere"}, "list"),
        ({"command": "change-list", "id": "Nowhere", "name": "x"}, "id"),
        ({"command": "change-list", "id": True, "name": "x"}, "id"),
        ({"command": "delete-list", "id": "put away", "move_to": "Nowhere"}, "move_to"),
        (
            {"command": "change-matching", "q": "plants", "max_affected": 1, "changes": {"list": "Nowhere"}},
            "changes.list",
        ),
    ],
)
async def test_a_list_name_that_is_not_just_one_lists_is_refused_at_its_place(client, task, command, location):
    for name in ("Twice", "twice", "Put away"):
        await client.post("/lists", json={"name": name, "archived": name == "Put away"})

    answer = await client.post("/batch", json={"commands": [command]})

    assert answer.status_code == 422
    assert [error["location"] for error in answer.json()["errors"]] == [f"body.commands[0].{location}"]


async def test_a_bulk_change_in_a_batch_sees_what_the_commands_before_it_did(client, task):
    done = await _batch(
        client,
        {"command": "create", "title": "Buy milk", "uid": UID, "depends_on": [1]},
        {"command": "change-matching", "filter": "NOT blocked", "max_affected": 1, "changes": {"priority": 1}},
        {"command": "complete", "id": 1},
        {"command": "change-matching", "filter": "NOT blocked", "max_affected": 2, "changes": {"tags": ["free"]}},
        {"command": "change-matching", "q": "water", "max_affected": 1, "changes": {"parent": UID}},
        {
            "command": "change-matching",
            "filter": "title = nothing",
            "max_affected": 1,
            "changes": {"depends_on": [UID]},
        },
    )

    old, new = await _all(client)
    assert [result["status"] for result in done["results"]] == [201, 200, 200, 200, 200, 200]
    assert done["results"][1] == {"status": 200, "matched": 1, "tasks": [old]}
    assert done["results"][3] == {"status": 200, "matched": 2, "tasks": [old, new]}
    assert done["results"][4] == {"status": 200, "matched": 1, "tasks": [old]}
    assert done["results"][5] == {"status": 200, "matched": 0, "tasks": []}
    assert (old["priority"], old["tags"], new["priority"], new["tags"], old["parent"]) == (1, ["free"], 0, ["free"], 2)
    assert {old["revision"], new["revision"], done["revision"]} == {2}


@pytest.mark.parametrize(
    ("members", "status", "code", "location"),
    [
        ({"max_affected": 1}, 409, "too_many_matches", ".max_affected"),
        ({"changes": {"due": {"date": "2026-02-30"}}}, 422, "invalid_value", ".changes.due.date"),
        ({"changes": {"parent": UID}}, 422, "invalid_value", ".changes.parent"),
        ({"changes": {"depends_on": [1, UID]}}, 422, "invalid_value", ".changes.depends_on[1]"),
        ({"changes": {"parent": 1}, "filter": "id = 1"}, 422, "invalid_value", ".changes.parent"),
        ({"changes": {"is_completed": True}, "filter": "id = 2"}, 409, "open_dependencies", ""),
        ({"filter": "titel = x"}, 422, "invalid_value", ".filter"),
        ({"filter": ""}, 422, "invalid_value", ".filter"),
        ({"saved": "none"}, 404, "filter_not_found", ""),
        ({"max_affected": 0}, 422, "invalid_value", ".max_affected"),
        ({"max_affected": True}, 422, "invalid_value", ".max_affected"),
        ({"changes": {}}, 422, "invalid_value", ".changes"),
        ({"changes": {"id": 1}}, 422, "invalid_value", ".changes.id"),
        ({"dry_run": True}, 422, "invalid_value", ".dry_run"),
    ],
)
async def test_a_bulk_change_that_is_refused_is_reported_at_its_place(client, task, members, status, code, location):
    await client.post("/tasks/", json={"title": "later", "depends_on": [1]})
    before = await _all(client)
    bulk = {"command": "change-matching", "filter": "is_open", "max_affected": 9, "changes": {"priority": 1}, **members}

    answer = await client.post("/batch", json={"commands": [{"command": "start", "id": 1}, bulk]})

    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert answer.json()["errors"][0]["location"] == f"body.commands[1]{location}"
    assert await _all(client) == before


async def test_the_bulk_changes_of_a_batch_may_change_ten_thousand_tasks_together(client):
    bulk = {"command": "change-matching", "filter": "is_open", "max_affected": 1000, "changes": {"priority": 1}}
    await _batch(client, *[bulk] * 10)

    answer = await client.post("/batch", json={"commands": [*[bulk] * 10, {**bulk, "max_affected": 1}]})

    assert answer.status_code == 422
    assert [error["location"] for error in answer.json()["errors"]] == ["body.commands"]


async def test_a_commit_is_undone_in_a_batch(client, task):
    await client.post("/filters/", json={"name": "Wet", "q": "rain"})
    await client.post("/lists", json={"name": "Garden"})

    done = await _batch(
        client,
        {"command": "change", "id": 1, "priority": 1},
        {"command": "undo", "revision": 1},
        {"command": "undo", "revision": 2},
        {"command": "undo", "revision": 99},
        {"command": "undo", "revision": 3},
        atomic=False,
    )

    assert [result["status"] for result in done["results"]] == [200, 200, 200, 404, 422]
    assert done["results"][1] == {
        "status": 200,
        "undone": [],
        "conflicts": [
            {
                "task": 1,
                "fields": ["deleted"],
                "code": "changed_since",
                "why": "It has been changed since: priority",
            }
        ],
        "records": [],
        "record_conflicts": [],
    }
    assert done["results"][2]["records"] == [{"kind": "filter", "key": "wet", "action": "removed"}]
    assert done["results"][4]["problem"]["errors"][0]["location"] == "body.commands[4].revision"
    assert (await client.get("/filters/")).json() == []
    assert len((await client.get("/lists")).json()) == 2


async def test_a_uid_that_is_taken_is_seen_by_a_dry_run_and_leaves_the_rest_alone(client, task):
    commands = [{"command": "create", "title": "Again", "uid": task["uid"]}, {"command": "start", "id": 1}]

    for dry_run in (True, False):
        done = await _batch(client, *commands, atomic=False, dry_run=dry_run)
        assert [result["status"] for result in done["results"]] == [409, 200]
        assert done["results"][0]["problem"]["code"] == "uid_taken"


@pytest.mark.parametrize(
    ("command", "location"),
    [
        ({"command": "change-list", "id": 1}, "body.commands[0]"),
        ({"command": "change-list", "id": 1, "created": None}, "body.commands[0].created"),
        ({"command": "create-list"}, "body.commands[0].name"),
        ({"command": "delete-list", "id": 2}, "body.commands[0]"),
        ({"command": "delete-list", "id": 2, "tasks": "delete", "move_to": 1}, "body.commands[0]"),
        ({"command": "change-filter", "name": "x"}, "body.commands[0]"),
        ({"command": "save-filter", "name": "x", "q": 1}, "body.commands[0].q"),
        ({"command": "delete-filter"}, "body.commands[0].name"),
        ({"command": "undo"}, "body.commands[0].revision"),
        ({"command": "undo", "revision": 0}, "body.commands[0].revision"),
        ({"command": "undo", "revision": "1"}, "body.commands[0].revision"),
    ],
)
async def test_a_command_on_something_else_that_is_not_well_formed_is_refused_at_its_place(client, command, location):
    answer = await client.post("/batch", json={"commands": [command]})

    assert answer.status_code == 422
    assert [error["location"] for error in answer.json()["errors"]] == [location]
