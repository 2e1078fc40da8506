from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.rank import natural_rank
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid
from taskharbor.testing.strategies.tasks import descriptions, instants, tasks, titles

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
EARLIER = NOON - timedelta(hours=1)
UID = Uid("0190b1f4-1234-7abc-8def-0123456789ab")


class Change(Protocol):
    def __call__(self, task: Task, *, at: datetime) -> Task: ...


CHANGES: dict[str, Change] = {
    "retitle": lambda task, *, at: task.change(TaskChanges(title=task.title[:9] + "!"), at=at),
    "describe": lambda task, *, at: task.change(TaskChanges(description=(task.description or "")[:9] + "!"), at=at),
    "complete": Task.complete,
    "reopen": Task.reopen,
    "begin": Task.begin,
    "cancel": Task.cancel,
    "delete": Task.delete,
    "restore": Task.restore,
}
change_names = st.sampled_from(sorted(CHANGES))


def new(**fields: Any) -> Task:
    return Task.create(**{"id": 1, "uid": UID, "title": "a task", "at": NOON, **fields})


def test_a_new_task_needs_action_and_has_no_revision_yet() -> None:
    assert new(title=" a task ", changes=TaskChanges(description="Some *text*")) == Task(
        id=1,
        uid=UID,
        title="a task",
        description="Some *text*",
        progress=Progress.NEEDS_ACTION,
        rank=natural_rank(1),
        created=NOON,
        updated=NOON,
        completed=None,
        deleted=None,
        revision=0,
    )


def test_a_new_task_keeps_the_rules_for_text() -> None:
    with pytest.raises(InvalidValue, match=r"^title"):
        new(title=" ")
    with pytest.raises(InvalidValue, match=r"^description"):
        new(changes=TaskChanges(description="\0"))
    with pytest.raises(InvalidValue, match=r"^title"):
        new().change(TaskChanges(title=""), at=LATER)
    with pytest.raises(InvalidValue, match=r"^description"):
        new().change(TaskChanges(description="\0"), at=LATER)


def test_a_task_never_changes() -> None:
    task = new()
    with pytest.raises(FrozenInstanceError):
        task.title = "changed"  # type: ignore[misc]
    task.complete(at=LATER)
    assert task == new()


@given(tasks(), st.lists(st.tuples(change_names, instants()), max_size=8))
def test_after_any_history_the_invariants_hold(task: Task, history: list[tuple[str, datetime]]) -> None:
    for name, at in history:
        before, task = task, CHANGES[name](task, at=at)
        assert (task.completed is not None) == (task.progress is Progress.COMPLETED) == task.is_completed
        assert (task.deleted is not None) == task.is_deleted
        assert task.updated >= before.updated, "updated never goes back, even if the clock does"
        assert task.updated == (before.updated if task is before else max(at, before.updated))
        assert (task.id, task.uid, task.created, task.revision) == (
            before.id,
            before.uid,
            before.created,
            before.revision,
        )


@given(tasks(), change_names, instants())
def test_what_changes_nothing_answers_the_task_itself(task: Task, name: str, at: datetime) -> None:
    once = CHANGES[name](task, at=at)
    if name not in {"retitle", "describe"}:
        assert CHANGES[name](once, at=at + timedelta(0)) is once
    assert once.change(TaskChanges(title=once.title, description=once.description), at=at) is once
    assert once.progress_to(once.progress, at=at) is once


@given(tasks(), titles(), descriptions())
def test_text_is_changed_and_nothing_else(task: Task, title: str, description: str | None) -> None:
    assert task.change(TaskChanges(title=title), at=task.updated) == replace(task, title=title)
    changed = task.change(TaskChanges(description=description), at=task.updated)
    assert changed == replace(task, description=description)


@pytest.mark.parametrize("progress", Progress)
@pytest.mark.parametrize(
    ("change", "becomes"),
    [
        (Task.complete, Progress.COMPLETED),
        (Task.begin, Progress.IN_PROCESS),
        (Task.cancel, Progress.CANCELLED),
    ],
)
def test_any_progress_may_follow_any_other(progress: Progress, change: Change, becomes: Progress) -> None:
    task = new().progress_to(progress, at=NOON)
    assert change(task, at=LATER).progress is becomes


@pytest.mark.parametrize(
    ("progress", "becomes"),
    [
        (Progress.NEEDS_ACTION, Progress.NEEDS_ACTION),
        (Progress.IN_PROCESS, Progress.IN_PROCESS),
        (Progress.COMPLETED, Progress.NEEDS_ACTION),
        (Progress.CANCELLED, Progress.NEEDS_ACTION),
    ],
)
def test_reopening_concerns_completed_and_cancelled_tasks(progress: Progress, becomes: Progress) -> None:
    assert new().progress_to(progress, at=NOON).reopen(at=LATER).progress is becomes


def test_completed_is_the_instant_of_completion() -> None:
    done = new().complete(at=LATER)
    assert done.completed == done.updated == LATER
    assert done.complete(at=LATER + timedelta(hours=1)).completed == LATER
    assert done.reopen(at=LATER).completed is None
    assert done.change(TaskChanges(title="done"), at=LATER + timedelta(hours=1)).completed == LATER


def test_a_clock_that_was_set_back_does_not_complete_or_delete_a_task_before_its_last_change() -> None:
    assert new().complete(at=EARLIER).completed == NOON
    assert new().delete(at=EARLIER).deleted == NOON


def test_a_restored_task_is_as_it_was_when_it_was_deleted() -> None:
    done = new().complete(at=LATER)
    assert done.delete(at=LATER).restore(at=LATER) == done


def test_a_commit_gives_the_task_its_revision_and_changes_nothing_else() -> None:
    assert new().committed(7) == replace(new(), revision=7)


@pytest.mark.parametrize(
    "at",
    [datetime(2026, 1, 1, 12), datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=1)))],  # noqa: DTZ001
    ids=["naive", "not UTC"],
)
def test_an_instant_that_is_not_in_utc_is_refused(at: datetime) -> None:
    with pytest.raises(ValueError, match="must be aware and in UTC"):
        new(at=at)
    for name, change in CHANGES.items():
        task = new().complete(at=NOON) if name == "reopen" else new()
        task = task.delete(at=NOON) if name == "restore" else task
        with pytest.raises(ValueError, match="must be aware and in UTC"):
            change(task, at=at)


def test_utc_by_another_name_is_utc() -> None:
    assert new(at=datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(0), "Z"))).created == NOON
