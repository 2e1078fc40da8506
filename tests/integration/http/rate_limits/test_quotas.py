"""What a workspace may hold, however it is made."""

import pytest

from integration.http.problem import assert_problem

MADE_BY = {
    "tasks": ("/tasks/", {"title": "One"}),
    "lists": ("/lists/", {"name": "One"}),
    "tokens": ("/tokens/", {"scope": "read", "name": "One"}),
    "webhooks": ("/webhooks/", {"url": "https://hooks.example.org/here"}),
}


@pytest.mark.parametrize("what", MADE_BY)
async def test_a_workspace_holds_no_more_than_its_quota(serve, what):
    path, body = MADE_BY[what]
    async with serve(**{f"quota_{what}": 2}) as client:
        answers = [await client.post(path, json=body) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 409], answers[0].text
        problem = assert_problem(answers[2], 409, "quota_exceeded")
        assert problem["values"] == {"what": what, "most": 2}
        made = answers[0].json()
        made_id = made["id"] if "id" in made else made["token"]["id"]
        gone = await client.delete(f"{path}{made_id}", params={"tasks": "delete"} if what == "lists" else None)
        assert gone.is_success, gone.text
        assert (await client.post(path, json=body)).status_code == 201


async def test_a_batch_and_an_import_come_to_nothing_if_they_would_go_beyond_it(serve):
    async with serve(quota_tasks=2) as client:
        commands = [{"command": "create", "title": "x"}] * 3
        assert_problem(await client.post("/batch", json={"commands": commands}), 409, "quota_exceeded")
        lines = {"content": "One\nTwo\nThree", "headers": {"content-type": "text/plain"}}
        assert_problem(await client.post("/import?format=todotxt", **lines), 409, "quota_exceeded")
        assert (await client.get("/tasks/")).json() == []
        assert (await client.post("/batch", json={"commands": commands[:2]})).status_code == 200


async def test_members_have_a_quota(serve):
    async with serve(quota_members=2) as client:
        statuses = [
            (await client.put(f"/members/{name}", json={"role": "viewer"})).status_code for name in ("a", "b", "c")
        ]
    assert statuses.count(409) == 2, statuses
