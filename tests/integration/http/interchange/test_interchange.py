import json
from pathlib import Path

import httpx
import pytest

from integration.http.problem import assert_problem, places

DATA = Path(__file__).parents[3] / "data"
CALENDAR = (DATA / "vtodo" / "apple-basic_due_date.ics").read_bytes()


async def test_a_calendar_goes_in_and_comes_out_with_what_only_its_program_understands(client: httpx.AsyncClient):
    answer = await client.post("/import?format=icalendar", content=CALENDAR)
    assert answer.status_code == 200
    assert answer.json()["id"]
    assert answer.json() | {"id": None} == {
        "id": None, "created": 1, "updated": 0, "unchanged": 0, "refused": 0, "problems": [], "remarked": 0,
        "remarks": [],
    }  # fmt: skip
    assert (await client.post("/import?format=icalendar", content=CALENDAR)).json()["unchanged"] == 1
    exported = await client.get("/export?format=icalendar")
    assert exported.headers["content-type"].startswith("text/calendar")
    assert exported.headers["content-disposition"] == 'attachment; filename="tasks.ics"'
    assert b"X-WR-ALARMUID:31AC3FC5-D6D1-47D1-9B8D-597BD5D097A5" in exported.content
    assert (await client.head("/export?format=icalendar")).status_code == 200


async def test_a_file_is_read_as_it_comes(client: httpx.AsyncClient):
    async def pieces():
        for number in range(300):
            yield f'{{"title": "task {number}"}}\n'.encode()

    answer = await client.post("/import?format=jsonl", content=pieces())
    assert answer.json()["created"] == 300
    exported = await client.get("/export?format=jsonl")
    assert len(exported.content.splitlines()) == 300


async def test_what_cannot_be_imported_is_reported_with_its_place(client: httpx.AsyncClient):
    answer = await client.post("/import?format=todotxt", content="one\ntwo due:soon\nthr\0ee\n")
    problem = {"place": "line 3", "message": "it has NUL bytes, as no text in UTF-8 has"}
    remark = {"place": "line 2 (due)", "message": "must be a date such as 2026-12-01: kept, and not read"}
    assert (answer.json()["problems"], answer.json()["remarks"]) == ([problem], [remark])
    assert (answer.json()["created"], answer.json()["refused"]) == (2, 1)


async def test_all_or_nothing_is_refused_with_every_place(client: httpx.AsyncClient):
    answer = await client.post("/import?format=todotxt&atomic=true", content="one\ntw\0\n")
    assert answer.status_code == 422
    assert answer.json()["code"] == "import_refused"
    assert answer.json()["errors"][0]["location"] == "body: line 2"
    assert (await client.get("/tasks/")).json() == []


async def test_what_gets_lost_can_be_asked_for(client: httpx.AsyncClient):
    await client.post("/tasks/", json={"title": "x", "description": "long"})
    answer = await client.get("/export/losses?format=taskwarrior")
    assert answer.json() == {"count": 1, "losses": {"the description": 1}}


@pytest.mark.parametrize(
    ("method", "path", "place"),
    [
        ("POST", "/import", "query.format"),
        ("POST", "/import?format=csv", "query.format"),
        ("POST", "/import?format=jsonl&atomic=perhaps", "query.atomic"),
        ("GET", "/export?format=xml", "query.format"),
        ("GET", "/export?format=csv&all=true", "query.all"),
    ],
)
async def test_a_wrong_parameter_is_named(client: httpx.AsyncClient, method: str, path: str, place: str):
    answer = await client.request(method, path, content=b"" if method == "POST" else None)
    assert answer.status_code == 422
    assert json.loads(answer.content)["errors"][0]["location"] == place


async def test_a_compressed_body_is_refused(client: httpx.AsyncClient):
    headers = {"content-encoding": "gzip"}
    answer = await client.post("/import?format=jsonl", content=b"x", headers=headers)
    assert_problem(answer, 415, "unsupported_media_type")


async def test_a_format_is_recognised_tried_taken_and_undone(client: httpx.AsyncClient):
    table = "TYPE,CONTENT\ntask,Water the plants\n"
    tried = await client.post("/import?dry_run=true&file_name=Home.csv", content=table)
    assert (tried.json()["created"], "id" in tried.json()) == (1, False)
    assert (await client.get("/tasks/")).json() == []
    taken = (await client.post("/import?file_name=Home.csv", content=table)).json()
    assert (await client.get("/lists/")).json()[-1]["name"] == "Home"
    undone = await client.post(f"/imports/{taken['id']}/undo")
    assert (undone.status_code, undone.json()["tasks"], undone.json()["conflicts"]) == (200, 1, [])
    assert (await client.get("/tasks/")).json() == []
    assert_problem(await client.post(f"/imports/{taken['id'][:-1]}/undo"), 422, "invalid_value")
    assert_problem(await client.post("/imports/0190b1f4-1234-7abc-8def-0123456789ab/undo"), 404, "import_not_found")
    unclear = await client.post("/import", content=b"\0")
    assert places(unclear) == {"query.format": "missing"}
    assert (await client.get("/export?format=trello")).status_code == 422
