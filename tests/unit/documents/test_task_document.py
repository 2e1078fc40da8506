import json
from dataclasses import replace

from hypothesis import given

from taskharbor.application.documents.task_document import (
    details_as_json,
    details_of,
    document_of,
    task_from,
)
from taskharbor.application.unit_of_work.history_entries import changes_between, recorded_state
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.strategies.tasks import tasks


@given(tasks())
def test_a_document_is_the_json_that_the_standard_library_would_write(task: Task) -> None:
    document = document_of(task)
    assert document == json.dumps(json.loads(document), ensure_ascii=False, separators=(",", ":"))


@given(tasks())
def test_a_task_is_read_from_its_texts_as_it_was_written(task: Task) -> None:
    read = task_from(document_of(task), details_of(task), deleted=task.deleted, revision=task.revision)
    assert read == task


@given(tasks())
def test_a_document_tells_what_follows_from_the_rest(task: Task) -> None:
    said = json.loads(document_of(task))
    assert (said["is_completed"], said["comment_count"]) == (task.is_completed, len(task.comments))


@given(tasks())
def test_the_history_of_a_new_task_tells_whatever_it_does_not_lack(task: Task) -> None:
    found = {name: [None, value] for name, value in recorded_state(task).items() if value}
    assert json.loads(changes_between(None, task)) == found


@given(tasks(), tasks())
def test_the_history_of_a_change_tells_each_field_that_differs_before_and_after(one: Task, other: Task) -> None:
    before, after = recorded_state(one), recorded_state(other)
    found = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    assert json.loads(changes_between(one, other)) == found


@given(tasks())
def test_the_history_says_of_each_field_what_the_texts_say(task: Task) -> None:
    said = json.loads(document_of(task)) | details_as_json(task)
    found = recorded_state(task)
    del found["deleted"]
    assert found.pop("assignees") == said.pop("assignees", [])
    assert found.pop("claim") == said.pop("claim", None)
    assert found.pop("alerts") == said.pop("alerts", [])
    assert said | found == said


@given(tasks())
def test_the_history_keeps_every_field_but_what_counts_or_follows(task: Task) -> None:
    kept = set(Task.__dataclass_fields__) - {"revision", "last_comment_id"}
    assert recorded_state(replace(task, deleted=task.created)).keys() == kept
