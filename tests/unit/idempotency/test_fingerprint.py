from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.batch.run_batch import ByName, RunBatch
from taskharbor.application.idempotency.fingerprint import fingerprint_of
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.calendar_time import AllDay, Zoned

UID = "0190b1f4-1234-7abc-8def-0123456789ab"
FULL = CreateTask(
    title="Water the plants",
    uid=UID,
    description="",
    progress=Progress.IN_PROCESS,
    percent_complete=50,
    start={"localDateTime": "2026-12-01T09:00:00", "timeZone": "Europe/Berlin"},
    due={"date": "2026-12-01"},
    tags=["home", "Balcony"],
    reminders=[{"offset": "-P1D", "relativeTo": "due"}],
)


@pytest.mark.parametrize(
    "same",
    [
        replace(FULL, tags=("home", "Balcony")),
        replace(FULL, start={"timeZone": "Europe/Berlin", "localDateTime": "2026-12-01T09:00:00"}),
        replace(FULL, due=AllDay(date(2026, 12, 1)), start=Zoned(datetime(2026, 12, 1, 9), "Europe/Berlin")),  # noqa: DTZ001  # a wall clock
    ],
    ids=["a tuple for a list", "members in another order", "value objects for their wire form"],
)
def test_what_says_the_same_is_the_same_request(same: CreateTask) -> None:
    assert fingerprint_of(same, "ada") == fingerprint_of(FULL, "ada") is not None


@pytest.mark.parametrize(
    "other",
    [
        replace(FULL, title="Water the plants "),
        replace(FULL, uid=None),
        replace(FULL, description=None),
        replace(FULL, percent_complete=51),
        replace(FULL, due={"date": "2026-12-02"}),
        replace(FULL, due=None),
        replace(FULL, tags=["Balcony", "home"]),
        replace(FULL, is_completed=False),
        replace(FULL, priority=0),
        CompleteTask(id=1),
        RunBatch(commands=[FULL]),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_says_something_else_is_another_request(other: object) -> None:
    assert fingerprint_of(other, "ada") != fingerprint_of(FULL, "ada")


def test_it_matters_who_asks_and_on_which_condition() -> None:
    requests: list[tuple[object, str | None]] = [
        (DeleteTask(id=1), None),
        (DeleteTask(id=1), "ada"),
        (DeleteTask(id=1), "bob"),
        (DeleteTask(id=1, if_match=1), None),
        (DeleteTask(id=1, if_match=2), None),
        (DeleteTask(id=2), None),
        (RestoreTask(id=1), None),
        (RunBatch(commands=[DeleteTask(id=1)]), None),
        (RunBatch(commands=[DeleteTask(id=1)], atomic=False), None),
        (RunBatch(commands=[ByName(uid=UID, command=DeleteTask(id=1))]), None),
        (RunBatch(commands=[DeleteTask(id=1), DeleteTask(id=1)]), None),
    ]
    assert len({fingerprint_of(command, actor) for command, actor in requests}) == len(requests)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(_JSON, _JSON)
def test_two_requests_are_the_same_just_if_their_json_is(one: Any, other: Any) -> None:  # any JSON
    first = fingerprint_of(ChangeTask(id=1, due=one), None)
    second = fingerprint_of(ChangeTask(id=1, due=other), None)
    assert (first == second) is (repr(_ordered(one)) == repr(_ordered(other)))


def _ordered(value: Any) -> Any:  # any JSON
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def test_what_no_command_can_hold_has_no_fingerprint_and_does_no_harm() -> None:
    endless: list[object] = []
    endless.append(endless)
    deep: object = "x"
    for _ in range(100_000):
        deep = [deep]
    for value in (endless, deep, {1: "a", "b": 2}, object(), print):
        command = ChangeTask(id=1, due=value)  # type: ignore[arg-type]  # on purpose
        assert fingerprint_of(command, None) is None
