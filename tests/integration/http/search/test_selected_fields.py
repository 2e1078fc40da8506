"""Fields that are cut out of stored texts are to the letter what the whole tasks have."""

import json
from datetime import UTC, datetime

import pytest

from taskharbor.application.documents.encoded_tasks import EncodedTasks, joined
from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid
from taskharbor.entrypoints.http.search.documents import selected

CHANGES = TaskChanges(
    description='A "quoted"\nline, \\ and a \t tab',
    tags=["ä", '"', "\U0001f33b"],
    due={"localDateTime": "2026-12-01T09:00:00", "timeZone": "Europe/Berlin"},
    recurrence={"rrule": "FREQ=DAILY"},
)


@pytest.fixture
def views() -> list[TaskView]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    tasks = [
        Task.create(
            id=n, uid=Uid(f"0190b1f4-1234-7abc-8def-0123456789a{n}"), title="Wäsche \u2028", changes=changes, at=at
        )
        for n, changes in ((1, CHANGES), (2, TaskChanges()))
    ]
    return [TaskView.of(task, blocked=task.id == 2) for task in tasks]


@pytest.mark.parametrize(
    "fields",
    [("title",), ("due", "id", "tags"), ("recurrence", "description", "blocked", "revision"), ("claim", "list")],
)
def test_each_task_has_just_these_fields_in_this_order(views, fields):
    whole = [{"claim": None, **json.loads(view.as_json())} for view in views]
    expected = [{name: task[name] for name in fields} for task in whole]
    for tasks in (views, EncodedTasks(joined(views), len(views))):
        found = json.loads(selected(tasks, fields).json)
        assert found == expected
        assert [list(task) for task in found] == [list(fields)] * 2


def test_no_task_is_an_empty_list():
    assert selected(EncodedTasks(b"", 0), ("id",)).json == b"[]"
