"""An ETag is another one whenever the representation is."""

from integration.http.problem import assert_problem


async def _pair(client):
    needed = (await client.post("/tasks/", json={"title": "needed"})).json()
    waiting = await client.post("/tasks/", json={"title": "waiting", "depends_on": [needed["id"]]})
    return needed["id"], waiting


async def test_the_etag_of_a_task_changes_when_another_one_unblocks_it(client):
    needed, waiting = await _pair(client)
    assert waiting.headers["etag"] == '"2-blocked"'
    await client.post(f"/tasks/{needed}/complete")
    for tag in (waiting.headers["etag"], '"2"'):
        answer = await client.get("/tasks/2", headers={"if-none-match": tag})
        assert (answer.status_code, answer.headers["etag"]) == (200, '"2-free"')
    assert (await client.get("/tasks/2", headers={"if-none-match": '"2-free"'})).status_code == 304


async def test_a_change_is_safe_with_the_revision_alone_and_with_the_whole_etag(client):
    await _pair(client)
    changed = await client.patch("/tasks/2", json={"title": "a"}, headers={"if-match": '"2"'})
    assert changed.headers["etag"] == '"3-blocked"'
    changed = await client.patch("/tasks/2", json={"title": "b"}, headers={"if-match": '"3-blocked"'})
    assert changed.headers["etag"] == '"4-blocked"'
    refused = await client.patch("/tasks/2", json={"title": "c"}, headers={"if-match": '"3-blocked"'})
    assert_problem(refused, 412, "precondition_failed")


async def test_the_feed_says_what_the_revision_covers(client):
    needed, waiting = await _pair(client)
    items = (await client.get("/changes")).json()["items"]
    assert {**items[1], "blocked": True} == waiting.json()
    await client.delete(f"/tasks/{needed}")
    items = (await client.get("/changes")).json()["items"]
    assert "deleted" in items[1]
    assert {**items[0], "blocked": False} == (await client.get("/tasks/2")).json()


async def test_texts_that_look_like_the_end_of_a_task_stay_in_the_feed(client):
    odd = '","blocked":true,"revision":7},\n "depends_on":[]'.replace("\n", "")
    made = (await client.post("/tasks/", json={"title": odd, "description": odd})).json()
    (item,) = (await client.get("/changes")).json()["items"]
    assert (item["title"], item["description"]) == (odd, odd)
    assert list(item) == [name for name in made if name != "blocked"]
