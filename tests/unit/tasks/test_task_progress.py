"""Progress, percentage and the instant of completion agree, whatever was done before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.progress import Progress, is_coherent, progress_from
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.strategies.tasks import instants, tasks

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)

MOVES = st.one_of(
    st.sampled_from([Task.complete, Task.reopen, Task.begin, Task.cancel, Task.delete, Task.restore]),
    st.fixed_dictionaries(
        {},
        optional={
            "progress": st.sampled_from(Progress),
            "is_completed": st.booleans(),
            "percent_complete": st.integers(0, 100),
            "priority": st.integers(0, 9),
        },
    ),
)


def moved(task: Task, move: Any, at: datetime) -> Task:
    if not isinstance(move, dict):
        return move(task, at=at)
    try:
        return task.change(TaskChanges(**move), at=at)
    except InvalidValue:
        return task


def at_progress(progress: Progress, percent: int = 40) -> Task:
    task = Task.create(id=1, uid="0190b1f4-1234-7abc-8def-0123456789ab", title="a task", at=NOON)  # type: ignore[arg-type]
    task = task.progress_to(progress, at=NOON)
    return replace(task, percent_complete=percent) if is_coherent(percent, progress) else task


@given(tasks(), st.lists(st.tuples(MOVES, instants()), max_size=10))
def test_after_any_moves_they_tell_one_story(task: Task, moves: list[tuple[Any, datetime]]) -> None:
    for move, at in moves:
        before, task = task, moved(task, move, at)
        assert is_coherent(task.percent_complete, task.progress)
        assert task.is_completed == (task.percent_complete == 100) == (task.completed is not None)
        if before.is_completed and task.is_completed:
            assert task.completed == before.completed, "done is done"
        if isinstance(move, dict) and task is not before:
            assert move.get("progress", task.progress) is task.progress
            assert move.get("percent_complete", task.percent_complete) == task.percent_complete
            assert move.get("is_completed", task.is_completed) == task.is_completed


@given(tasks(), MOVES, instants())
def test_the_same_move_again_changes_nothing(task: Task, move: Any, at: datetime) -> None:
    once = moved(task, move, at)
    if move is Task.reopen or not isinstance(move, dict):
        assert moved(once, move, at) is once
    elif once is not task:
        assert moved(once, {**move, "progress": once.progress}, at) is once


@pytest.mark.parametrize(
    ("before", "changes", "progress", "percent"),
    [
        (Progress.NEEDS_ACTION, {"percent_complete": 1}, Progress.IN_PROCESS, 1),
        (Progress.NEEDS_ACTION, {"percent_complete": 100}, Progress.COMPLETED, 100),
        (Progress.NEEDS_ACTION, {"is_completed": True}, Progress.COMPLETED, 100),
        (Progress.NEEDS_ACTION, {"is_completed": False}, Progress.NEEDS_ACTION, 0),
        (Progress.NEEDS_ACTION, {"is_completed": False, "percent_complete": 0}, Progress.NEEDS_ACTION, 0),
        (Progress.IN_PROCESS, {"is_completed": False}, Progress.IN_PROCESS, 40),
        (Progress.IN_PROCESS, {"is_completed": False, "percent_complete": 60}, Progress.IN_PROCESS, 60),
        (Progress.IN_PROCESS, {"progress": Progress.NEEDS_ACTION}, Progress.NEEDS_ACTION, 0),
        (Progress.IN_PROCESS, {"progress": Progress.CANCELLED}, Progress.CANCELLED, 40),
        (Progress.IN_PROCESS, {"progress": Progress.CANCELLED, "percent_complete": 7}, Progress.CANCELLED, 7),
        (Progress.COMPLETED, {"percent_complete": 99}, Progress.IN_PROCESS, 99),
        (Progress.COMPLETED, {"is_completed": False}, Progress.NEEDS_ACTION, 0),
        (Progress.COMPLETED, {"progress": Progress.CANCELLED}, Progress.CANCELLED, 0),
        (Progress.COMPLETED, {"is_completed": True, "percent_complete": 100}, Progress.COMPLETED, 100),
        (Progress.CANCELLED, {"percent_complete": 60}, Progress.CANCELLED, 60),
        (Progress.CANCELLED, {"percent_complete": 100}, Progress.COMPLETED, 100),
        (Progress.CANCELLED, {"is_completed": False}, Progress.NEEDS_ACTION, 0),
    ],
)
def test_what_is_named_takes_the_rest_along(
    before: Progress, changes: dict[str, Any], progress: Progress, percent: int
) -> None:
    task = at_progress(before).change(TaskChanges(**changes), at=LATER)
    assert (task.progress, task.percent_complete) == (progress, percent)
    assert (task.completed is not None) == task.is_completed


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"progress": Progress.COMPLETED, "percent_complete": 99}, "percent_complete"),
        ({"progress": Progress.NEEDS_ACTION, "percent_complete": 1}, "percent_complete"),
        ({"progress": Progress.IN_PROCESS, "percent_complete": 100}, "percent_complete"),
        ({"progress": Progress.CANCELLED, "percent_complete": 100}, "percent_complete"),
        ({"is_completed": True, "percent_complete": 99}, "percent_complete"),
        ({"is_completed": False, "percent_complete": 100}, "percent_complete"),
        ({"is_completed": True, "progress": Progress.CANCELLED}, "is_completed"),
        ({"is_completed": False, "progress": Progress.COMPLETED, "percent_complete": 100}, "is_completed"),
    ],
)
@pytest.mark.parametrize("before", Progress)
def test_named_together_they_must_not_contradict_each_other(
    before: Progress, changes: dict[str, Any], field: str
) -> None:
    task = at_progress(before)
    with pytest.raises(InvalidValue, match="contradicts") as refused:
        task.change(TaskChanges(**changes), at=LATER)
    assert refused.value.field == field


def test_a_task_can_be_completed_at_birth() -> None:
    for changes in ({"is_completed": True}, {"percent_complete": 100}, {"progress": Progress.COMPLETED}):
        born = Task.create(
            id=1, uid=at_progress(Progress.NEEDS_ACTION).uid, title="done", at=NOON, changes=TaskChanges(**changes)
        )
        assert (born.progress, born.percent_complete, born.completed) == (Progress.COMPLETED, 100, NOON)


@pytest.mark.parametrize("progress", Progress)
def test_a_progress_can_be_named(progress: Progress) -> None:
    assert progress_from(progress) is progress_from(str(progress)) is progress


@pytest.mark.parametrize("value", ["", "done", "Completed", "NEEDS_ACTION", None, 0, True, ["completed"]])
def test_anything_else_is_no_progress(value: object) -> None:
    with pytest.raises(InvalidValue, match="needs-action, in-process, completed, cancelled"):
        progress_from(value)
