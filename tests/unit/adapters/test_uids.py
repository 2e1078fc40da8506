import time
from uuid import RFC_4122, UUID

import pytest

from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.domain.values.uid import uid_from


def test_uids_are_uuids_of_version_7() -> None:
    for _ in range(1000):
        uid = Uuid7Uids().new()
        assert uid == uid_from(uid)
        assert UUID(uid).version == 7
        assert UUID(uid).variant == RFC_4122


def test_a_uid_begins_with_the_millisecond_of_its_making() -> None:
    before = time.time_ns() // 1_000_000
    milliseconds = UUID(Uuid7Uids().new()).int >> 80
    assert before <= milliseconds <= time.time_ns() // 1_000_000


def test_uids_sort_by_the_millisecond_of_their_making(monkeypatch: pytest.MonkeyPatch) -> None:
    uids = []
    for millisecond in (0, 1, 999, 1_700_000_000_000, 1_700_000_000_001, 2**48 - 1):
        monkeypatch.setattr(time, "time_ns", lambda at=millisecond: at * 1_000_000 + 999_999)
        uids.append(Uuid7Uids().new())
    assert uids == sorted(uids)


def test_uids_of_one_millisecond_are_different(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_000_000_000)
    assert len({Uuid7Uids().new() for _ in range(10_000)}) == 10_000


def test_every_random_bit_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.urandom", lambda size: b"\xff" * size)
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert Uuid7Uids().new() == "00000000-0000-7fff-bfff-ffffffffffff"
    monkeypatch.setattr("os.urandom", bytes)
    assert Uuid7Uids().new() == "00000000-0000-7000-8000-000000000000"
