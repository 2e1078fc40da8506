"""Whatever is sent: a problem document or a success, and never a 500."""

import json

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from integration.http.serving import container
from taskharbor.entrypoints.http import create_app, taskharbor_router

KEYS = ["title", "description", "uid", "progress", "is_completed", "id", "revision", "x"]
# Surrogates included: JSON can escape them.
TEXT = st.text(st.characters(exclude_categories=[]), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.sampled_from(["completed", "cancelled"])
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
BODIES = VALUES | st.dictionaries(st.sampled_from(KEYS) | TEXT, VALUES, max_size=5)
OPERATIONS = st.sampled_from(
    [
        ("POST", "/tasks/"),
        ("PATCH", "/tasks/1"),
        ("POST", "/tasks/1/complete"),
        ("DELETE", "/tasks/9"),
        ("PUT", "/tasks"),
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


@given(operation=OPERATIONS, body=st.binary(max_size=50))
async def test_no_bytes_break_anything(app, operation, body):
    async with _client(app) as client:
        answer = await client.request(*operation, content=body, headers={"content-type": "application/json"})

    _assert_sane(answer)


@given(
    path=st.lists(st.sampled_from(["tasks", "1", "complete", "", "0", "%00", "ä", "..", "x" * 300]), max_size=4),
    query=st.text(st.sampled_from("limitskpafter=&%0123456789abFF;+ä"), max_size=30),
    condition=st.text(st.characters(codec="latin-1", exclude_characters="\r\n\x00"), max_size=20),
    method=st.sampled_from(["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"]),
)
async def test_no_path_query_or_condition_breaks_anything(app, path, query, condition, method):
    headers = dict.fromkeys(("if-match", "if-none-match"), condition.encode("latin-1"))
    async with _client(app) as client:
        answer = await client.request(method, f"http://test/{'/'.join(path)}?{query}", headers=headers)

    assert answer.status_code < 500
