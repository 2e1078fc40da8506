import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given

from taskharbor.application.batch.run_batch import BatchOutcome
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import BatchRefused, PreconditionFailed, UidTaken
from taskharbor.application.idempotency.result_codec import THIS_COMMIT, answer_as_json, answer_from
from taskharbor.application.interchange.import_report import Finding, ImportReport
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.domain.errors import InvalidValue, TaskNotFound
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.strategies.tasks import tasks


def _again(answer: object, revision: int = 7) -> Any:  # whatever the answer is
    return answer_from(json.loads(json.dumps(answer_as_json(answer))), revision)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        True,
        0,
        -1.5,
        "\u00e9\U0001f600",
        [],
        [1, ["a", None]],
        ("a", (1, [2])),
        {"a": (1, 2), "b": {"task": []}},
        datetime(2026, 12, 1, 9, 30, 0, 123456, tzinfo=UTC),
        date(2026, 12, 1),
        ImportReport(created=1, problems=[Finding("line 2", "it is empty")]),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_an_answer_comes_back_as_it_was_given(answer: object) -> None:
    again = _again(answer)
    assert again == answer
    assert type(again) is type(answer)


@given(tasks())
def test_a_task_comes_back_to_the_letter(task: Task) -> None:
    view = TaskView.of(task.committed(3), blocked=True)
    again = _again(view)
    assert again == view
    assert again.as_json() == view.as_json()


@given(tasks())
def test_what_the_commit_wrote_has_its_revision_and_the_rest_keeps_its_own(task: Task) -> None:
    old, new = TaskView.of(task.committed(3)), TaskView.of(task.committed(THIS_COMMIT))
    outcome = BatchOutcome(results=[old, new], revision=THIS_COMMIT)
    again = _again(outcome, 7)
    assert again.revision == 7
    assert [view.revision for view in again.results] == [3, 7]
    assert _again(BatchOutcome(results=[old], revision=None)).revision is None


@pytest.mark.parametrize(
    "refusal",
    [
        TaskNotFound(7),
        InvalidValue("due.timeZone", "must be the name of a time zone"),
        PreconditionFailed(7, expected=1, current=2),
        BatchRefused(3, TaskNotFound(7)),
        UidTaken("0190b1f4-1234-7abc-8def-0123456789ab"),  # type: ignore[arg-type]  # as good as any
    ],
    ids=lambda refusal: refusal.code,
)
def test_a_refusal_comes_back_with_all_that_it_says(refusal: Exception) -> None:
    again = _again(refusal)
    assert type(again) is type(refusal)
    assert str(again) == str(refusal)
    assert {name: str(value) for name, value in vars(again).items()} == {
        name: str(value) for name, value in vars(refusal).items()
    }


@pytest.mark.parametrize(
    "odd", [object(), {1}, b"bytes", [ValueError("x")], Progress.COMPLETED, TaskPage(items=[], next_after=None)]
)
def test_what_cannot_come_back_is_refused_before_anything_is_written(odd: object) -> None:
    with pytest.raises(TypeError, match="is no part of an answer"):
        answer_as_json(odd)
