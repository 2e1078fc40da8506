import pytest

from integration.http.problem import assert_problem
from taskharbor.adapters.memory import InMemoryStorage

CHANGES = [
    ("PATCH", "/tasks/1?completed=true", None),
    ("PATCH", "/tasks/1", {"title": "Water"}),
    ("DELETE", "/tasks/1", None),
    ("POST", "/tasks/1/complete", None),
    ("POST", "/tasks/1/start", None),
    ("POST", "/tasks/1/cancel", None),
    ("POST", "/tasks/1/reopen", None),
    ("POST", "/tasks/1/restore", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
@pytest.mark.parametrize("tags", ['"1"', "*", ' "7" , "1"', '"x,y", W/"1", "1",', ',, "1"'])
async def test_a_change_is_made_if_one_of_the_tags_is_the_tasks_own(client, task, method, path, body, tags):
    assert (await client.request(method, path, json=body, headers={"if-match": tags})).is_success


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
@pytest.mark.parametrize(
    "tags", ['"2"', 'W/"1"', '"01"', '""', '"1 "'.replace(" ", "!"), f'"{"9" * 5000}"', '"7", "8"', '"1é"']
)
async def test_a_change_is_refused_if_no_tag_is_the_tasks_own(client, task, method, path, body, tags):
    answer = await client.request(method, path, json=body, headers={"if-match": tags.encode("latin-1")})

    assert_problem(answer, 412, "precondition_failed")
    assert answer.headers["etag"] == '"1"'
    assert (await client.get("/tasks/1")).json() == task


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
@pytest.mark.parametrize("tags", ["*", '"1"', '"7", W/"1"'])
async def test_a_change_is_refused_if_none_match_has_the_tasks_own_tag(client, task, method, path, body, tags):
    answer = await client.request(method, path, json=body, headers={"if-none-match": tags})

    assert_problem(answer, 412, "precondition_failed")
    assert answer.headers["etag"] == '"1"'
    assert (await client.get("/tasks/1")).json() == task


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
@pytest.mark.parametrize("more", [{}, {"if-match": '"1"'}, {"if-match": "*"}])
async def test_a_change_is_made_if_none_match_has_other_tags(client, task, method, path, body, more):
    headers = {"if-none-match": '"2", "x"'} | more
    assert (await client.request(method, path, json=body, headers=headers)).is_success


async def test_what_is_not_there_is_not_found_and_if_match_counts_first(client, task):
    assert_problem(await client.delete("/tasks/7", headers={"if-none-match": "*"}), 404, "task_not_found")
    refused = await client.delete("/tasks/1", headers={"if-match": '"2"', "if-none-match": '"3"'})
    assert_problem(refused, 412, "precondition_failed")
    for path in ("/lists/1", "/filters/a"):
        await client.post("/filters/", json={"name": "a", "filter": "is_open"})
        answer = await client.patch(path, json={"name": "b"}, headers={"if-none-match": "*"})
        assert_problem(answer, 412, "precondition_failed")


@pytest.mark.parametrize("header", ["if-match", "if-none-match"])
@pytest.mark.parametrize(
    "tags", ["1", '"1', "", ",", '*, "1"', '"1" "2"', "w/", 'w/"1"', "\\", '"a b"', " " * 9000 + "x"]
)
async def test_a_malformed_condition_is_refused(client, task, header, tags):
    method = "DELETE" if header == "if-match" else "GET"

    answer = await client.request(method, "/tasks/1", headers={header: tags})

    assert_problem(answer, 400, "malformed_header")


async def test_several_header_lines_are_one_list(client, task):
    answer = await client.delete("/tasks/1", headers=[("if-match", '"7"'), ("if-match", '"1"')])

    assert answer.status_code == 204


async def test_a_task_that_is_not_there_is_not_found_whatever_the_condition(client):
    for tags in ("*", '"1"', 'W/"1"'):
        assert_problem(await client.delete("/tasks/7", headers={"if-match": tags}), 404, "task_not_found")


async def test_the_etag_of_an_answer_is_good_for_the_next_change(client, task):
    etag = (await client.get("/tasks/1")).headers["etag"]
    for verb in ("start", "complete", "reopen", "cancel"):
        etag = (await client.post(f"/tasks/1/{verb}", headers={"if-match": etag})).headers["etag"]

    assert etag == '"5"'


async def test_of_two_who_change_what_they_saw_one_is_refused(client, task):
    first = await client.patch("/tasks/1", json={"title": "Water"}, headers={"if-match": '"1"'})
    second = await client.patch("/tasks/1", json={"title": "Wine"}, headers={"if-match": '"1"'})

    assert first.status_code == 200
    assert_problem(second, 412, "precondition_failed")
    assert second.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("tags", ['"1"', 'W/"1"', "*", '"7", "1"'])
async def test_a_task_that_the_caller_has_is_not_sent_again(client, task, method, tags):
    answer = await client.request(method, "/tasks/1", headers={"if-none-match": tags})

    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == '"1"'


async def test_a_task_that_has_changed_is_sent_again(client, task):
    await client.post("/tasks/1/start")

    answer = await client.get("/tasks/1", headers={"if-none-match": '"1"'})

    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'


async def test_a_page_that_the_caller_has_is_not_sent_again(client, task):
    page = await client.get("/tasks/")

    again = await client.get("/tasks/", headers={"if-none-match": page.headers["etag"]})

    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == page.headers["etag"]


async def test_a_page_that_has_changed_is_sent_again(client, task):
    etag = (await client.get("/tasks/")).headers["etag"]
    await client.post("/tasks/1/start")

    assert (await client.get("/tasks/", headers={"if-none-match": etag})).status_code == 200


async def test_a_page_that_is_no_longer_the_last_is_sent_again_with_its_link(client, task):
    page = await client.get("/tasks/?limit=1")
    await client.post("/tasks/", json={"title": "Another"})

    again = await client.get("/tasks/?limit=1", headers={"if-none-match": page.headers["etag"]})

    assert again.status_code == 200
    assert again.json() == page.json()
    assert "next" in again.links


async def test_a_page_that_is_not_sent_again_still_says_where_the_next_one_is(client, task):
    await client.post("/tasks/", json={"title": "Another"})
    page = await client.get("/tasks/?limit=1")

    again = await client.get("/tasks/?limit=1", headers={"if-none-match": page.headers["etag"]})

    assert again.headers["link"] == page.headers["link"]


async def test_a_list_of_tags_holds_while_others_change_the_task(start):
    """Between the refusal of one tag and the attempt with another, the task moves on to a third."""

    class Moving(InMemoryStorage):
        client = None
        loads = 0

        async def load_tasks(self, workspace, ids):
            found = await super().load_tasks(workspace, ids)
            self.loads += 1
            if self.loads == 1:
                self.loads += 100
                await self.client.post("/tasks/1/start")
            return found

    storage = Moving()
    async with start(storage) as client:
        storage.client = client
        await client.post("/tasks/", json={"title": "Buy milk"})

        answer = await client.post("/tasks/1/complete", headers={"if-match": '"1", "2"'})

    assert answer.status_code == 200
    assert answer.json()["revision"] == 3


WITHOUT_ETAG = [
    ("PATCH", "/webhooks/{webhook}", {"active": False}),
    ("POST", "/webhooks/{webhook}/secret", None),
    ("POST", "/webhooks/{webhook}/replay", {"since": "0"}),
    ("DELETE", "/webhooks/{webhook}", None),
    ("PUT", "/members/ada", {"role": "viewer"}),
    ("DELETE", "/members/ada", None),
    ("PATCH", "/workspaces/default", {"name": "Other"}),
    ("DELETE", "/invitations/{invitation}", None),
    ("DELETE", "/tokens/{token}", None),
]
ONE_OF_EACH = {
    "webhook": ("/webhooks/", {"url": "https://8.8.8.8/hook"}),
    "invitation": ("/invitations/", {"role": "viewer"}),
    "token": ("/tokens/", {"name": "t", "scope": "read"}),
}


async def test_what_has_no_etag_is_changed_if_the_conditions_say_that_it_must_be_there(serve):
    async with serve() as client:
        await client.put("/members/bob", json={"role": "owner"})
        await client.put("/members/ada", json={"role": "editor"})
        made = {kind: (await client.post(path, json=body)).json() for kind, (path, body) in ONE_OF_EACH.items()}
        ids = {kind: document["id"] for kind, document in made.items()}
        for method, path, body in WITHOUT_ETAG:
            for headers in ({"if-none-match": "*"}, {"if-match": '"1"'}, {"if-match": "*", "if-none-match": "*"}):
                answer = await client.request(method, path.format(**ids), json=body, headers=headers)
                assert_problem(answer, 412, "precondition_failed")
        for method, path, body in WITHOUT_ETAG:
            headers = {"if-match": "*", "if-none-match": '"1"'}
            answer = await client.request(method, path.format(**ids), json=body, headers=headers)
            assert answer.is_success, answer.text
        assert_problem(await client.delete("/webhooks/none", headers={"if-none-match": "*"}), 404, "webhook_not_found")


async def test_a_member_who_must_be_new_or_must_not_is_so(serve):
    async with serve() as client:
        for headers, status in (({"if-match": "*"}, 412), ({"if-none-match": "*"}, 200), ({"if-none-match": "*"}, 412)):
            answer = await client.put("/members/ada", json={"role": "editor"}, headers=headers)
            assert answer.status_code == status, answer.text
