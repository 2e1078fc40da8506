"""The spans of a request: one for it, one for the use case, one for each call of the store."""

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from taskharbor.entrypoints.tracing import add_trace_ids

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE = 0x0AF7651916CD43DD8448EB211C80319C
PARENT = 0xB7AD6B7169203331


async def test_a_request_is_in_the_trace_of_its_caller_and_all_that_it_takes_is_below(client, spans):
    answer = await client.post("/tasks/", json={"title": "Water the plants"}, headers={"traceparent": CALLER})
    assert answer.status_code == 201
    assert {span.context.trace_id for span in spans.all} == {TRACE}
    request, use_case = spans.one("POST /tasks/"), spans.one("CreateTask")
    assert spans.below(request) >= {"CreateTask"}
    assert spans.below(use_case) == {"store.next_task_id", "store.commit"}
    assert (request.parent.span_id, request.kind) == (PARENT, SpanKind.SERVER)
    assert request.attributes["http.route"] == "/tasks/"
    assert request.attributes["http.response.status_code"] == 201
    commit = spans.one("store.commit")
    assert (commit.kind, commit.attributes["taskharbor.revision"]) == (SpanKind.CLIENT, 1)


async def test_what_people_search_for_and_write_is_in_no_span(client, spans):
    await client.post("/tasks/", json={"title": "secret plan"})
    await client.get("/workspaces/default/tasks/", params={"q": "secret", "filter": 'title:"secret"', "limit": "7"})
    await client.post("/tasks/", json={"title": "secret\nplan"})
    assert spans.named("GET /tasks/")
    for span in spans.all:
        assert "secret" not in str(dict(span.attributes)) + str(span.events) + str(span.status.description)
    found = spans.one("GET /tasks/").attributes
    assert found["url.query"] == "q=REDACTED&filter=REDACTED&limit=REDACTED"
    assert found["taskharbor.workspace"] == "default"


async def test_a_refusal_is_named_and_no_failure(client, spans):
    await client.get("/tasks/7")
    assert spans.one("get_task").attributes["error.type"] == "task_not_found"
    assert spans.one("GET /tasks/{task_id}").attributes["http.response.status_code"] == 404
    assert {span.status.status_code for span in spans.all} == {StatusCode.UNSET}


async def test_a_path_without_a_route_is_no_new_name(client, spans):
    await client.get("/made-up/12345")
    assert [span.name for span in spans.all if span.kind is SpanKind.SERVER] == ["GET"]


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_health_has_no_spans(client, spans, path):
    assert (await client.get(path)).status_code == 200
    assert spans.all == ()


async def test_an_event_of_the_log_has_the_ids_of_the_current_span(spans):
    tracer = spans.tracing.provider.get_tracer("test")
    assert add_trace_ids(None, "info", {"event": "x"}) == {"event": "x"}
    with tracer.start_as_current_span("work") as span:
        event = add_trace_ids(None, "info", {"event": "x"})
    context = span.get_span_context()
    assert (int(event["trace_id"], 16), int(event["span_id"], 16)) == (context.trace_id, context.span_id)
