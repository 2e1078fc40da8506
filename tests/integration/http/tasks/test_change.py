import pytest

from integration.http.problem import assert_problem, places

MERGE_PATCH = {"content-type": "application/merge-patch+json"}


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Water the garden"},
        {"description": "Everything"},
        {"description": None},
        {"progress": "in-process"},
        {"is_completed": True},
        {"title": "Done", "is_completed": True, "progress": "completed", "description": "As **said**"},
    ],
)
async def test_a_patch_changes_what_it_names_and_nothing_else(client, task, change):
    answer = await client.patch("/tasks/1", json=change)

    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'
    changed = answer.json()
    assert changed.items() >= change.items()
    derived = {"updated", "revision", "completed", "progress", "is_completed", "percent_complete"}
    assert {key: changed[key] for key in task if key not in {*change, *derived}} == {
        key: task[key] for key in task if key not in {*change, *derived}
    }
    assert (await client.get("/tasks/1")).json() == changed


async def test_a_merge_patch_may_say_that_it_is_one(client, task):
    answer = await client.patch("/tasks/1", content=b'{"title": "Water"}', headers=MERGE_PATCH)

    assert answer.json()["title"] == "Water"


async def test_a_patch_that_changes_nothing_keeps_the_etag(client, task):
    answer = await client.patch("/tasks/1", json={"title": task["title"]})

    assert answer.status_code == 200
    assert answer.headers["etag"] == '"1"'


async def test_a_null_title_is_refused(client, task):
    assert places(await client.patch("/tasks/1", json={"title": None})) == {"body.title": "wrong_type"}


async def test_null_is_refused_for_what_cannot_be_absent(client, task):
    answer = await client.patch("/tasks/1", json={"progress": None, "is_completed": None})

    assert set(places(answer)) == {"body.progress", "body.is_completed"}


@pytest.mark.parametrize("key", ["id", "uid", "created", "updated", "completed", "revision"])
async def test_what_the_service_sets_is_refused_with_a_sentence_that_says_so(client, task, key):
    answer = await client.patch("/tasks/1", json={"title": "Water", key: task[key]})

    assert places(answer) == {f"body.{key}": "read_only"}
    assert "cannot be changed" in answer.json()["detail"]
    assert (await client.get("/tasks/1")).json() == task


async def test_an_unknown_key_is_refused_and_nothing_changes(client, task):
    answer = await client.patch("/tasks/1", json={"title": "Water", "colour": "green"})

    assert places(answer) == {"body.colour": "unknown"}
    assert (await client.get("/tasks/1")).json() == task


async def test_everything_that_is_wrong_is_listed(client, task):
    answer = await client.patch("/tasks/1", json={"title": 1, "description": False, "is_completed": "true", "x": 0})

    assert places(answer) == {
        "body.title": "wrong_type",
        "body.description": "wrong_type",
        "body.is_completed": "wrong_type",
        "body.x": "unknown",
    }


async def test_progress_and_is_completed_must_not_contradict_each_other(client, task):
    answer = await client.patch("/tasks/1", json={"progress": "completed", "is_completed": False})

    assert places(answer) == {"body.is_completed": "invalid_value"}


@pytest.mark.parametrize("progress", ["done", "", "COMPLETED", 1, ["completed"]])
async def test_progress_is_one_of_four_words(client, task, progress):
    answer = await client.patch("/tasks/1", json={"progress": progress})

    assert places(answer) == {"body.progress": "invalid_value"}


async def test_an_empty_patch_is_refused(client, task):
    assert places(await client.patch("/tasks/1", json={})) == {"body": "missing"}


async def test_neither_a_body_nor_completed_is_refused(client, task):
    assert places(await client.patch("/tasks/1")) == {"body": "missing"}


async def test_both_a_body_and_completed_are_refused(client, task):
    answer = await client.patch("/tasks/1?completed=true", json={"title": "Water"})

    assert places(answer) == {"body": "unexpected_body"}
    assert (await client.get("/tasks/1")).json() == task


@pytest.mark.parametrize("query", ["completed=maybe", "completed=", "completed=2"])
async def test_completed_is_true_or_false(client, task, query):
    assert places(await client.patch(f"/tasks/1?{query}")) == {"query.completed": "wrong_type"}


async def test_completed_is_said_once(client, task):
    assert places(await client.patch("/tasks/1?completed=true&completed=false")) == {"query.completed": "duplicate"}


async def test_a_task_that_is_not_there_cannot_be_changed(client):
    assert_problem(await client.patch("/tasks/7", json={"title": "Water"}), 404, "task_not_found")
