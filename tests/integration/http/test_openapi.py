import dataclasses
import json

import msgspec
import pytest
from fastapi import FastAPI

from taskharbor.application.task_view import TaskView
from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.http import create_app, taskharbor_router
from taskharbor.entrypoints.http.problems import PROBLEM_JSON, kind_of
from taskharbor.entrypoints.settings import Settings


def _served() -> dict:
    return create_app(Settings(database_url="memory://")).openapi()


def _mounted() -> dict:
    host = FastAPI()
    host.include_router(taskharbor_router("memory://"))
    return host.openapi()


@pytest.fixture(params=[_served, _mounted])
def description(request) -> dict:
    return request.param()


def _operations(description):
    return [
        (path, method, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def test_each_operation_appears_once(description):
    tasks = {(method, path) for path, method, _ in _operations(description) if path.startswith("/tasks")}

    assert tasks == {
        ("get", "/tasks/"),
        ("post", "/tasks/"),
        ("get", "/tasks/{task_id}"),
        ("patch", "/tasks/{task_id}"),
        ("delete", "/tasks/{task_id}"),
        *(("post", f"/tasks/{{task_id}}/{verb}") for verb in ("complete", "reopen", "start", "cancel", "restore")),
    }


def test_every_operation_has_a_name_a_summary_a_description_and_a_tag(description):
    operations = [operation for _, _, operation in _operations(description)]

    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        assert operation["tags"]


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
            if status >= "400":
                assert list(answer["content"]) == [PROBLEM_JSON]
                assert answer["content"][PROBLEM_JSON]["schema"] == {"$ref": "#/components/schemas/Problem"}
                for example in answer["content"][PROBLEM_JSON]["examples"].values():
                    assert example["value"]["status"] == int(status)


def test_the_task_is_described_by_the_one_definition(description):
    schema = description["components"]["schemas"]["TaskView"]

    assert list(schema["properties"]) == [field.name for field in dataclasses.fields(TaskView)]
    answer = description["paths"]["/tasks/{task_id}"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/TaskView"}


def test_examples_of_tasks_are_tasks(description):
    for _, _, operation in _operations(description):
        for status, answer in operation["responses"].items():
            content = answer.get("content", {}).get("application/json", {})
            if status < "300" and operation["tags"] == ["tasks"] and content:
                kind = list[TaskView] if operation["operationId"].startswith("list") else TaskView
                assert msgspec.convert(_with_nulls(content["example"]), kind)


def _with_nulls(example):
    """FastAPI leaves null out of all that it describes."""
    if isinstance(example, list):
        return [_with_nulls(task) for task in example]
    return {"completed": None} | example


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

    assert found["get", "/tasks/"] == {"skip", "limit", "after", "If-None-Match"}
    assert found["get", "/tasks/{task_id}"] == {"task_id", "If-None-Match"}
    assert found["patch", "/tasks/{task_id}"] == {"task_id", "completed", "If-Match"}
    assert found["post", "/tasks/{task_id}/start"] == {"task_id", "If-Match"}
    assert found["post", "/tasks/"] == set()


def _all_errors(of):
    for cls in of.__subclasses__():
        yield cls
        yield from _all_errors(cls)


def test_every_error_of_ours_has_an_answer():
    for cls in _all_errors(TaskharborError):
        if cls.__module__.startswith("taskharbor."):
            error = cls.__new__(cls)
            assert kind_of(error) is not None, cls
