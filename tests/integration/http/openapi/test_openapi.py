import asyncio
import json
import threading
from functools import cache

import msgspec
import pytest
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import BatchRefused
from taskharbor.application.search.change_matching import MatchRefused
from taskharbor.domain.errors import TaskharborError, TaskNotFound
from taskharbor.entrypoints.http import create_app, taskharbor_router
from taskharbor.entrypoints.http.batch.command_parser import batch_from
from taskharbor.entrypoints.http.openapi import shared_schemas
from taskharbor.entrypoints.http.requests.validation import validated
from taskharbor.entrypoints.http.responses.problem_types import problem_type_of
from taskharbor.entrypoints.http.responses.problems import PROBLEM_JSON
from taskharbor.entrypoints.http.routing.route_class import described_routes
from taskharbor.entrypoints.http.schemas.bodies import CHANGE_TASK, CREATE_TASK
from taskharbor.entrypoints.http.schemas.change_documents import ChangedTaskDocument
from taskharbor.entrypoints.http.schemas.documents import TaskDocument
from taskharbor.entrypoints.settings.settings import Settings


@cache
def _served() -> dict:
    return create_app(Settings(database_url="memory://")).openapi()


def _mounted() -> dict:
    host = FastAPI()
    host.include_router(taskharbor_router("memory://"))
    return host.openapi()


@pytest.fixture(scope="module", params=[_served, _mounted])
def description(request) -> dict:
    """What the tests only read: to make it takes longer than any of them."""
    return request.param()


def _operations(description):
    return [
        (path, method, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


CAN_BE_NULL = ("start", "completed", "parent", "recurrence", "occurrence_of")


ONLY_SERVED = ("/health", "/workspaces", "/members", "/invitations", "/tokens", "/audit", "/me")
"""What an app around this one has itself: accounts, and whether it is alive."""


def test_each_operation_appears_once(description):
    tasks = {(method, path) for path, method, _ in _operations(description) if not path.startswith(ONLY_SERVED)}

    assert tasks == {
        ("get", "/tasks/"),
        ("post", "/tasks/"),
        ("get", "/tasks/{task_id}"),
        ("patch", "/tasks/{task_id}"),
        ("delete", "/tasks/{task_id}"),
        ("get", "/changes"),
        ("get", "/events"),
        ("get", "/webhooks/"),
        ("post", "/webhooks/"),
        *((verb, "/webhooks/{webhook_id}") for verb in ("get", "patch", "delete")),
        *(("post", f"/webhooks/{{webhook_id}}/{verb}") for verb in ("secret", "replay", "test")),
        ("get", "/webhooks/{webhook_id}/attempts"),
        ("post", "/batch"),
        ("get", "/tasks/facets"),
        ("post", "/tasks/bulk"),
        ("get", "/filters/"),
        ("post", "/filters/"),
        ("get", "/filters/{name}"),
        ("patch", "/filters/{name}"),
        ("delete", "/filters/{name}"),
        ("get", "/tasks/{task_id}/occurrences"),
        ("get", "/tasks/{task_id}/history"),
        ("get", "/trash"),
        ("post", "/commits/{revision}/undo"),
        ("post", "/undo"),
        ("post", "/import"),
        ("post", "/imports/{import_id}/undo"),
        ("get", "/export"),
        ("get", "/export/losses"),
        *(
            ("post", f"/tasks/{{task_id}}/{verb}")
            for verb in ("complete", "reopen", "start", "cancel", "restore", "skip")
        ),
        ("get", "/reminders"),
        *(("post", f"/tasks/{{task_id}}/reminders/{{reminder}}/{verb}") for verb in ("snooze", "dismiss")),
        ("post", "/tasks/quick"),
        ("post", "/tasks/claim"),
        *(("post", f"/tasks/{{task_id}}/{verb}") for verb in ("claim", "renew", "release")),
        ("post", "/tasks/{task_id}/move"),
        ("get", "/tasks/{task_id}/urgency"),
        ("get", "/tasks/{task_id}/comments"),
        ("post", "/tasks/{task_id}/comments"),
        ("patch", "/tasks/{task_id}/comments/{comment_id}"),
        ("delete", "/tasks/{task_id}/comments/{comment_id}"),
        ("get", "/lists/"),
        ("post", "/lists/"),
        ("get", "/lists/{list_id}"),
        ("patch", "/lists/{list_id}"),
        ("delete", "/lists/{list_id}"),
    }


def test_every_operation_has_a_name_a_summary_a_description_and_a_tag(description):
    operations = [operation for _, _, operation in _operations(description)]

    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        assert len(operation["tags"]) == 1


def test_what_is_served_is_shown_under_the_heading_of_its_topic_and_each_heading_is_explained():
    description = _served()
    topics = {topic["name"]: topic["description"] for topic in description["tags"]}

    assert list(topics) == [
        "tasks",
        "progress",
        "claims",
        "reminders",
        "structure",
        "comments",
        "lists",
        "search",
        "saved filters",
        "batch",
        "history",
        "sync",
        "webhooks",
        "interchange",
        "access",
        "service",
    ]
    assert all(topics.values())
    assert {operation["tags"][0] for _, _, operation in _operations(description)} == set(topics)


def test_our_own_operations_have_plain_names():
    names = {operation["operationId"] for _, _, operation in _operations(_served())}

    assert names >= {"create_task", "get_task", "list_tasks", "change_task", "delete_task", "health_ready"}


def test_every_request_body_and_every_answer_with_a_body_has_an_example(description):
    for path, method, operation in _operations(description):
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        for status, answer in operation["responses"].items():
            assert ("content" in answer) is (status not in {"204", "304"}), (path, method, status)
            bodies.append(answer)
        for body in bodies:
            for content in body.get("content", {}).values():
                assert content["schema"], (path, method)
                assert "example" in content or content["examples"], (path, method)


def test_every_problem_is_described_under_its_own_media_type(description):
    for _, _, operation in _operations(description):
        for status, answer in operation["responses"].items():
            if status >= "400":  # "default" too
                assert list(answer["content"]) == [PROBLEM_JSON]
                assert answer["content"][PROBLEM_JSON]["schema"] == {"$ref": "#/components/schemas/Problem"}
                for example in answer["content"][PROBLEM_JSON]["examples"].values():
                    assert str(example["value"]["status"]) == status or status == "default"


def test_the_task_is_described_by_the_one_definition(description):
    schema = description["components"]["schemas"]["TaskDocument"]

    assert list(schema["properties"]) == list(TaskDocument.__struct_fields__)
    assert set(schema["required"]) == set(schema["properties"]) - {"assignees", "claim", "alerts"}
    answer = description["paths"]["/tasks/{task_id}"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/TaskDocument"}


def test_examples_of_tasks_are_tasks(description):
    for _, _, operation in _operations(description):
        for status, answer in operation["responses"].items():
            content = answer.get("content", {}).get("application/json", {})
            if status < "300" and operation["tags"] != ["service"] and content:
                for task in _tasks_in(content["example"]):
                    # FastAPI leaves null out of all that it describes.
                    kind = TaskDocument if "blocked" in task else ChangedTaskDocument
                    assert msgspec.convert(dict.fromkeys(CAN_BE_NULL) | task, kind)


def _tasks_in(example):
    """Return every task in an answer, whatever it is wrapped in."""
    if isinstance(example, list):
        return [task for item in example for task in _tasks_in(item)]
    if not isinstance(example, dict):
        return []  # the number of a task
    if "title" in example and "uid" in example:
        return [example]
    return [task for key in ("items", "results", "task") if key in example for task in _tasks_in(example[key])]


def _looked_up(description, schema):
    """Return a schema, or what it refers to."""
    return description["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def test_our_own_document_has_each_object_with_a_title_once():
    description = _served()

    def titled(part, at):
        if isinstance(part, list):
            return [found for number, item in enumerate(part) for found in titled(item, (*at, number))]
        if not isinstance(part, dict):
            return []
        inside = [each for n, v in part.items() if n not in {"example", "examples"} for each in titled(v, (*at, n))]
        here = part.get("type") == "object" and "properties" in part and isinstance(part.get("title"), str)
        return [*inside, *([at] if here else [])]

    assert titled(description["paths"], ()) == []
    assert {len(at) for at in titled(description["components"]["schemas"], ())} == {1}


def test_the_three_kinds_of_calendar_time_are_described_with_examples(description):
    schemas = description["components"]["schemas"]
    for field in ("start", "due"):
        kinds = [_looked_up(description, kind) for kind in schemas["TaskDocument"]["properties"][field]["oneOf"]]
        kinds = [kind for kind in kinds if kind["type"] == "object"]
        assert [kind["title"] for kind in kinds] == ["AllDay", "Zoned", "Floating"]
        for kind in kinds:
            assert set(kind["required"]) == set(kind["properties"]) == set(kind["examples"][0])


def test_requests_and_answers_describe_a_field_in_the_same_words(description):
    answered = description["components"]["schemas"]["TaskDocument"]["properties"]
    for path, method in (("/tasks/", "post"), ("/tasks/{task_id}", "patch")):
        content = description["paths"][path][method]["requestBody"]["content"]
        asked = _looked_up(description, content["application/json"]["schema"])["properties"]
        for name in asked.keys() - {"uid"}:
            assert asked[name]["description"] == answered[name]["description"], (path, name)


async def test_examples_of_requests_are_carried_out_as_they_stand():
    description = _served()
    create = description["paths"]["/tasks/"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    for example in create.values():
        assert validated(CREATE_TASK, example["value"], not_yours={})
    change = description["paths"]["/tasks/{task_id}"]["patch"]["requestBody"]["content"]["application/json"]["examples"]
    for example in change.values():
        assert validated(CHANGE_TASK, example["value"], not_yours={})
    batch = description["paths"]["/batch"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    for example in batch.values():
        assert await batch_from(example["value"])


def test_every_reference_leads_somewhere(description):
    text = json.dumps(description)
    names = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}

    assert names <= set(description["components"]["schemas"])
    assert "#/$defs" not in text


def test_every_parameter_that_is_read_is_described(description):
    found = {
        (method, path): {parameter["name"] for parameter in operation.get("parameters", [])}
        for path, method, operation in _operations(description)
    }

    question = {"filter", "q", "saved", "time_zone"}
    shown = {"sort", "cursor", "fields", "count"}
    assert found["get", "/tasks/"] == {"skip", "limit", "after", "as_of", "If-None-Match"} | question | shown
    assert found["get", "/tasks/facets"] == question
    assert found["get", "/filters/"] == set()
    assert found["post", "/tasks/bulk"] == found["post", "/filters/"] == {"Idempotency-Key"}
    assert found["get", "/filters/{name}"] == {"name"}
    names_of_filters = {"name", "If-Match", "Idempotency-Key"}
    assert found["patch", "/filters/{name}"] == names_of_filters
    assert found["delete", "/filters/{name}"] == names_of_filters | {"Prefer"}
    assert found["get", "/tasks/{task_id}"] == {"task_id", "as_of", "If-None-Match"}
    rules = {"subtasks", "dependencies"}
    of_patch = {"task_id", "completed", "time_zone", "If-Match", "If-Claim", "Idempotency-Key"}
    assert found["patch", "/tasks/{task_id}"] == of_patch | rules
    assert found["delete", "/tasks/{task_id}"] == {
        "task_id",
        "subtasks",
        "If-Match",
        "If-Claim",
        "Prefer",
        "Idempotency-Key",
    }
    assert found["delete", "/lists/{list_id}"] == {
        "list_id",
        "move_to",
        "tasks",
        "If-Match",
        "Prefer",
        "Idempotency-Key",
    }
    assert found["get", "/lists/"] == {"limit", "after", "If-None-Match"}
    assert found["get", "/tasks/{task_id}/urgency"] == {"task_id", "time_zone"}
    plain = {"task_id", "If-Match", "Idempotency-Key"}
    assert found["post", "/tasks/{task_id}/start"] == found["post", "/tasks/{task_id}/renew"] == plain | {"If-Claim"}
    assert found["post", "/tasks/{task_id}/restore"] == found["post", "/tasks/{task_id}/claim"] == plain
    assert found["post", "/tasks/claim"] == {"wait", "Idempotency-Key"}
    assert found["post", "/tasks/{task_id}/release"] == plain | {"force", "If-Claim"}
    assert found["post", "/tasks/"] == {"dependencies", "Idempotency-Key"}
    assert found["post", "/batch"] == {"Idempotency-Key"}
    assert found["get", "/changes"] == {"since", "limit"}
    assert found["get", "/tasks/{task_id}/occurrences"] == {"task_id", "from", "to", "limit"}
    names = {"task_id", "occurrence", "time_zone", "If-Match", "If-Claim", "Idempotency-Key"}
    assert found["post", "/tasks/{task_id}/skip"] == names
    assert found["post", "/tasks/{task_id}/complete"] == names | rules


def test_whatever_can_change_something_takes_an_idempotency_key(description):
    for path, method, operation in _operations(description):
        if operation["tags"] in (["access"], ["webhooks"]):
            assert "Idempotency-Key" not in str(operation.get("parameters"))  # an answer with a secret is not kept
            continue
        names = [parameter["name"] for parameter in operation.get("parameters", [])]
        assert ("Idempotency-Key" in names) is (method != "get"), (method, path)
        if method != "get":
            codes = {
                code
                for answer in operation["responses"].values()
                for code in answer.get("content", {}).get(PROBLEM_JSON, {}).get("examples", {})
            }
            assert codes >= {"malformed_header", "idempotency_key_in_flight", "idempotency_key_reused"}, (method, path)


def _all_errors(of):
    for cls in of.__subclasses__():
        yield cls
        yield from _all_errors(cls)


def test_every_error_of_ours_has_an_answer():
    for cls in _all_errors(TaskharborError):
        is_clients = cls.__module__.startswith("taskharbor.entrypoints.client.")  # which no server raises
        if cls.__module__.startswith("taskharbor.") and not is_clients:
            wraps = cls in {BatchRefused, MatchRefused}
            error = cls(0, TaskNotFound(1)) if wraps else cls.__new__(cls)
            assert problem_type_of(error) is not None, cls


REQUIRED = {"auth": "required", "public_url": "https://tasks.example.org"}
ISSUER = {"issuer": "https://id.example.org/", "audience": "tasks"}


def test_clients_learn_with_what_to_call():
    described = create_app(Settings(database_url="memory://", **REQUIRED, oidc_issuers=(ISSUER,))).openapi()
    schemes = described["components"]["securitySchemes"]
    assert described["security"] == [{"token": []}, {"session": []}, {"oidc-sso": []}]
    assert (schemes["token"]["type"], schemes["token"]["scheme"]) == ("http", "bearer")
    assert schemes["session"] | {"description": ""} == {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-taskharbor-session",
        "description": "",
    }
    assert schemes["oidc-sso"]["openIdConnectUrl"] == "https://id.example.org/.well-known/openid-configuration"
    validate(described, cls=OpenAPIV31SpecValidator)


def test_what_is_for_everyone_needs_no_credentials_and_all_else_does():
    described = create_app(Settings(database_url="memory://", **REQUIRED)).openapi()
    open_to_all = {path for path, _, operation in _operations(described) if operation.get("security") == []}
    assert open_to_all == {"/invitations/accept", "/health/live", "/health/ready"}
    assert all("security" not in operation for path, _, operation in _operations(described) if path not in open_to_all)


def test_where_nobody_has_to_say_who_they_are_no_credentials_are_asked_for(description):
    assert "security" not in description
    assert "securitySchemes" not in description["components"]


async def test_the_document_is_made_once_and_not_on_the_event_loop(serve, monkeypatch):
    made: list[str] = []

    def noting(**parts: object) -> dict:
        made.append(threading.current_thread().name)
        return get_openapi(**parts)

    monkeypatch.setattr(shared_schemas, "get_openapi", noting)
    async with serve(InMemoryStorage()) as client:  # it has made none yet
        answers = await asyncio.gather(*(client.get("/openapi.json") for _ in range(3)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(made) == 1
    assert made != [threading.main_thread().name]


def test_models_of_answers_are_made_for_the_document_only(monkeypatch):
    """They took a third of the start of a server, and 6 MB."""
    made: list[str] = []
    make = APIRoute.__init__

    def noting(route: APIRoute, path: str, *arguments: object, **options: object) -> None:
        made.append(path)
        make(route, path, *arguments, **options)

    monkeypatch.setattr(APIRoute, "__init__", noting)
    app = create_app(Settings(database_url="memory://"))
    assert made == []
    assert "/tasks/" in {route.path for route in described_routes(app.routes)}
    assert "/tasks/" in made
