"""Whatever is sent: a problem document or a success, and never a 500."""

import json

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from integration.http.serving import container
from taskharbor.entrypoints.http import create_app, taskharbor_router

FIELDS = [
    "title", "description", "progress", "is_completed", "percent_complete", "priority", "start", "due",
    "estimated_duration", "tags", "links", "reminders",
]  # fmt: skip
KEYS = [*FIELDS, "uid", "id", "revision", "command", "if_match", "x"]
# Surrogates included: JSON can escape them.
TEXT = st.text(st.characters(exclude_categories=[]), max_size=20)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXT
    | st.sampled_from(["completed", "2026-12-01", "PT1H", "due"])
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
MEMBERS = st.sampled_from(["date", "localDateTime", "timeZone", "when", "offset", "relativeTo"]) | TEXT
PARTS = st.dictionaries(MEMBERS, VALUES, max_size=3)
OBJECTS = st.dictionaries(
    st.sampled_from(KEYS) | TEXT, VALUES | PARTS | st.lists(PARTS | SCALARS, max_size=3), max_size=5
)
VERBS = ["create", "change", "complete", "reopen", "start", "cancel", "delete", "restore"]
COMMANDS = st.tuples(
    st.fixed_dictionaries(
        {"command": st.sampled_from(VERBS)}, optional={"id": st.integers(0, 3), "title": st.just("Milk"), "uid": TEXT}
    ),
    st.just({}) | OBJECTS,
).map(lambda both: both[0] | both[1])
BATCHES = st.fixed_dictionaries(
    {"commands": st.lists(COMMANDS | VALUES, max_size=5) | VALUES},
    optional={"atomic": st.booleans() | SCALARS, "dry_run": st.booleans() | SCALARS},
)
BULKS = st.fixed_dictionaries(
    {"changes": OBJECTS | VALUES, "max_affected": st.integers(-1, 3) | SCALARS},
    optional={
        "filter": st.sampled_from(["id > 0", "due < today", "nonsense", ""]) | SCALARS,
        "q": st.just("milk") | SCALARS,
        "saved": st.just("x") | SCALARS,
        "time_zone": st.just("Asia/Tokyo") | SCALARS,
        "dry_run": st.booleans() | SCALARS,
    },
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from("xy") | SCALARS,
        "filter": st.just("blocked") | SCALARS,
        "q": st.just("milk") | SCALARS,
        "sort": st.just("-due") | SCALARS,
        "time_zone": st.just("Asia/Tokyo") | SCALARS,
    },
)
BODIES = BULKS | FILTERS | VALUES | OBJECTS | OBJECTS.map(lambda body: {"title": "Milk"} | body) | BATCHES
OPERATIONS = st.sampled_from(
    [
        ("POST", "/tasks/"),
        ("PATCH", "/tasks/1"),
        ("POST", "/tasks/1/complete"),
        ("DELETE", "/tasks/9"),
        ("PUT", "/tasks"),
        ("POST", "/batch"),
        ("GET", "/changes"),
        ("GET", "/tasks/facets"),
        ("POST", "/tasks/bulk"),
        ("POST", "/filters/"),
        ("PATCH", "/filters/x"),
        ("DELETE", "/filters/y"),
    ]
)
TYPES = st.sampled_from(["application/json", "application/merge-patch+json", "text/plain"])


@pytest.fixture(scope="module", params=["served", "mounted"])
def app(request):
    if request.param == "served":
        return create_app(container=container())
    host = FastAPI()
    host.include_router(taskharbor_router(container=container()))
    return host


def _client(app):
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


def _assert_sane(answer):
    assert answer.status_code < 500
    if answer.status_code >= 400 and answer.request.method != "HEAD":
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


@given(operation=OPERATIONS, body=BODIES, media_type=TYPES)
async def test_no_json_breaks_anything(app, operation, body, media_type):
    async with _client(app) as client:
        answer = await client.request(*operation, content=json.dumps(body), headers={"content-type": media_type})

    _assert_sane(answer)


@given(body=BATCHES)
async def test_no_batch_breaks_anything(app, body):
    async with _client(app) as client:
        await client.post("/tasks", json={"title": "Buy milk"})
        answer = await client.post("/batch", content=json.dumps(body), headers={"content-type": "application/json"})

    _assert_sane(answer)
    if answer.status_code == 200:
        assert len(answer.json()["results"]) == len(body["commands"])
    elif answer.status_code == 422:
        assert all(error["location"].startswith("body") for error in answer.json()["errors"])


QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "filter": st.text("abduet ()<>=!:\"'-+*.019ANDORT\x00é", max_size=30) | st.sampled_from(["blocked", "due:*"]),
        "q": st.text(max_size=5),
        "sort": st.sampled_from(["due", "-title,due nulls first", "colour", ""]) | st.text(max_size=5),
        "cursor": st.text(max_size=30),
        "fields": st.sampled_from(["id", "id,title", "x"]) | st.text(max_size=5),
        "count": st.sampled_from(["true", "maybe"]),
        "saved": st.text(max_size=5),
        "time_zone": st.sampled_from(["Asia/Tokyo", "localtime", "../etc", ""]),
        "limit": st.sampled_from(["1", "0", "x"]),
    },
)


@given(query=QUERIES, path=st.sampled_from(["/tasks/", "/tasks/facets"]))
async def test_no_question_breaks_anything(app, query, path):
    async with _client(app) as client:
        answer = await client.get(path, params=query)

    _assert_sane(answer)
    if answer.status_code == 422:
        assert all(error["location"].startswith("query.") for error in answer.json()["errors"])


@given(operation=OPERATIONS, body=st.binary(max_size=50))
async def test_no_bytes_break_anything(app, operation, body):
    async with _client(app) as client:
        answer = await client.request(*operation, content=body, headers={"content-type": "application/json"})

    _assert_sane(answer)


@given(
    path=st.lists(
        st.sampled_from(["tasks", "changes", "batch", "1", "complete", "", "0", "%00", "ä", "..", "x" * 300]),
        max_size=4,
    ),
    query=st.text(st.sampled_from("limitskpafternce=&%0123456789abFF;+ä*."), max_size=30),
    condition=st.text(st.characters(codec="latin-1", exclude_characters="\r\n\x00"), max_size=20),
    method=st.sampled_from(["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"]),
)
async def test_no_path_query_or_condition_breaks_anything(app, path, query, condition, method):
    headers = dict.fromkeys(("if-match", "if-none-match"), condition.encode("latin-1"))
    async with _client(app) as client:
        answer = await client.request(method, f"http://test/{'/'.join(path)}?{query}", headers=headers)

    assert answer.status_code < 500
