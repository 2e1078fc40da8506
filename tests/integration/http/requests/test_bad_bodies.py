import json
import time

import pytest

from integration.http.problem import assert_problem, places

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"milk",
        b"{'title': 'Buy milk'}",
        b'{"title": "Buy milk"} {}',
        b'{"title": "Buy milk",}',
        b'{"title": NaN}',
        b'{"title": Infinity}',
        b'{"title": "a", "x": -Infinity}',
        b'{"title": "\xff"}',
        b'\xef\xbb\xbf{"title": "Buy milk"}',
        '{"title": "Buy milk"}'.encode("utf-16"),
        b'{"title": "a\nb"}',
        b'{"title": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"title":' * 100_000,
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_what_is_no_json_is_refused(client, task, body):
    assert_problem(await client.post("/tasks/", content=body, headers=JSON), 400, "malformed_json")
    if body:
        assert_problem(await client.patch("/tasks/1", content=body, headers=JSON), 400, "malformed_json")


@pytest.mark.parametrize("body", [None, True, 0, "title", ["title"], []])
async def test_a_body_is_an_object(client, task, body):
    content = json.dumps(body)
    for method, path in (("POST", "/tasks/"), ("PATCH", "/tasks/1")):
        answer = await client.request(method, path, content=content, headers=JSON)
        assert places(answer) == {"body": "wrong_type"}


@pytest.mark.parametrize("title", [None, 1, 1.5, True, ["Buy"], {"de": "Milch"}])
async def test_a_title_is_a_string_and_no_other_type_is_taken_for_one(client, title):
    assert places(await client.post("/tasks/", json={"title": title})) == {"body.title": "wrong_type"}


@pytest.mark.parametrize("title", ["", "   ", "\u3000", "x" * 501, "bell\x07", "line\nbreak", "nul\x00", "x\x85x"])
async def test_a_title_is_one_line_of_1_to_500_characters(client, title):
    assert places(await client.post("/tasks/", json={"title": title})) == {"body.title": "invalid_value"}


@pytest.mark.parametrize("description", ["x" * 65_537, "nul\x00", "escape\x1b[31m"])
async def test_a_description_is_text(client, description):
    answer = await client.post("/tasks/", json={"title": "Buy milk", "description": description})

    assert places(answer) == {"body.description": "invalid_value"}


async def test_a_title_is_required(client):
    assert places(await client.post("/tasks/", json={"description": "2 litres"})) == {"body.title": "missing"}


async def test_an_unknown_key_is_refused(client):
    answer = await client.post("/tasks/", json={"title": "Buy milk", "titel": "Milch"})

    assert places(answer) == {"body.titel": "unknown"}
    assert (await client.get("/tasks/")).json() == []


@pytest.mark.parametrize("key", ["id", "created", "updated", "completed", "revision"])
async def test_what_the_service_sets_cannot_be_given_to_a_new_task(client, task, key):
    assert places(await client.post("/tasks/", json={"title": "Buy milk", key: task[key]})) == {
        f"body.{key}": "read_only"
    }


@pytest.mark.parametrize("body", [b'{"title": "\\ud800"}', b'{"title": "x", "description": "\\udfff x"}'])
async def test_a_lone_surrogate_is_refused_in_an_answer_that_can_be_encoded(client, body):
    answer = await client.post("/tasks/", content=body, headers=JSON)

    assert set(places(answer).values()) == {"invalid_value"}


async def test_a_lone_surrogate_in_a_key_is_refused_too(client):
    answer = await client.post("/tasks/", content=b'{"title": "x", "\\ud800": 1}', headers=JSON)

    assert len(places(answer)) == 1


@pytest.mark.parametrize("body", [b'{"title": "a", "title": "b"}', b'{"title": "a", "\\u0074itle": "a"}'])
async def test_a_key_that_is_there_twice_is_refused(client, body):
    assert places(await client.post("/tasks/", content=body, headers=JSON)) == {"body.title": "duplicate"}


async def test_a_key_that_is_there_twice_is_named_with_its_place(client):
    commands = b'{"command": "create", "title": "a"}, ' * 617
    body = b'{"commands": [' + commands + b'{"command": "create", "title": "a", "due": {"date": 1, "date": 2}}]}'
    answer = await client.post("/batch", content=body, headers=JSON)
    assert places(answer) == {"body.commands[617].due.date": "duplicate"}


@pytest.mark.parametrize("end", [b"", b"}}", b', "x": NaN}'])
async def test_what_is_no_json_and_has_a_key_twice_is_refused_too(client, end):
    answer = await client.post("/tasks/", content=b'{"title": "a", "title": "b"' + end, headers=JSON)
    assert_problem(answer, 400, "malformed_json")


async def test_a_key_that_is_there_twice_is_found_soon_among_many(client):
    many = b", ".join(b'"%d": 0' % number for number in range(70_000))
    began = time.thread_time()
    answer = await client.post("/tasks/", content=b"{" + many + b', "x": 1, "x": 2}', headers=JSON)
    assert places(answer) == {"body.x": "duplicate"}
    assert time.thread_time() - began < 5  # it takes 0.2 s; looking for each key among all takes minutes


async def test_a_lone_surrogate_as_a_key_that_is_there_twice_is_refused(client):
    answer = await client.post("/tasks/", content=b'{"\\ud800": 1, "\\ud800": 2}', headers=JSON)

    assert list(places(answer).values()) == ["duplicate"]


async def test_an_answer_lists_a_bounded_number_of_places_and_repeats_no_long_key(client):
    body = {"title": "x"} | {f"{number}{'x' * 1000}": 0 for number in range(500)}

    answer = await client.post("/tasks/", json=body)

    assert len(places(answer)) == 20
    assert len(answer.content) < 5000


async def test_no_value_is_repeated_in_an_answer(client):
    answer = await client.post("/tasks/", json={"title": ["secret"], "uid": "secret", "description": {"a": "secret"}})

    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "application/merge-patch+json",
        "application/json; charset=latin-1",
        "application/json; charset=utf-8; v=2",
        "application/json, text/plain",
        "\xe4",
    ],
)
async def test_another_format_is_refused_with_the_one_that_is_read(client, content_type):
    headers = {} if content_type is None else {"content-type": content_type.encode("latin-1")}

    answer = await client.post("/tasks/", content=b'{"title": "Buy milk"}', headers=headers)

    assert_problem(answer, 415, "unsupported_media_type")
    assert answer.headers["accept"] == "application/json"


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"'])
async def test_json_may_say_that_it_is_in_utf_8(client, content_type):
    answer = await client.post("/tasks/", content=b'{"title": "x"}', headers={"content-type": content_type})

    assert answer.status_code == 201


async def test_a_compressed_body_is_refused(client):
    answer = await client.post("/tasks/", content=b"\x1f\x8b", headers=JSON | {"content-encoding": "gzip"})

    assert_problem(answer, 415, "unsupported_media_type")
