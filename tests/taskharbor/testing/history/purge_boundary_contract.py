"""What a purge takes, to the microsecond, and by which cutoff: `Housekeeping.purge`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.testing.scenes.bench import LATER, NOON, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.scenes.notes import KIND, note
from taskharbor.testing.scenes.port_questions import About, comparable

_MICROSECOND: Final = timedelta(microseconds=1)
_CUTOFFS: Final = {
    "at a second": LATER,
    "at half a second": LATER + timedelta(microseconds=500_000),
    "at half a millisecond": LATER + timedelta(microseconds=123_500),
    "before a second": LATER - _MICROSECOND,
    "after a second": LATER + _MICROSECOND,
}
_DISTANCES: Final = [timedelta(microseconds=n) for n in (-1_000_000, -1000, -1, 0, 1, 1000, 1_000_000)]
_LONG_AGO: Final = NOON - timedelta(days=9999)
_KEEP: Final = Cutoffs(deleted=None, expired=_LONG_AGO, recorded=None)
_OLD: Final[dict[str, Any]] = {"deleted": LATER, "expired": LATER, "recorded": LATER}


class PurgeBoundaryContract(Contract):
    """What is older than its cutoff goes, what is just as old stays, and each cutoff is for its own kind."""

    @pytest.mark.parametrize("where", _CUTOFFS)
    async def test_tombstones_go_to_the_microsecond(self, here: Bench, where: str) -> None:
        cutoff = _CUTOFFS[where]
        tasks = await here.add_many(len(_DISTANCES))
        for task, distance in zip(tasks, _DISTANCES, strict=True):
            await here.change(task.delete(at=cutoff + distance))
        await here.storage.purge(here.workspace, replace(_KEEP, deleted=cutoff), limit=99)
        left = await here.storage.load_tasks(here.workspace, [task.id for task in tasks])
        assert _distances(task.id in left for task in tasks) == _DISTANCES[3:]

    @pytest.mark.parametrize("where", _CUTOFFS)
    @pytest.mark.parametrize("document", ["0", None], ids=["kept", "removed"])
    async def test_records_go_to_the_microsecond(self, here: Bench, where: str, document: str | None) -> None:
        cutoff = _CUTOFFS[where]
        records = [note(f"{n}", document, expires=cutoff + distance) for n, distance in enumerate(_DISTANCES)]
        await here.commit(records=records)
        cutoffs = replace(_KEEP, deleted=cutoff) if document is None else replace(_KEEP, expired=cutoff)
        await here.storage.purge(here.workspace, cutoffs, limit=99)
        left = await here.storage.load_records(here.workspace, [record.found_by for record in records])
        assert _distances(record.found_by in left for record in records) == _DISTANCES[3:]

    @pytest.mark.parametrize("where", _CUTOFFS)
    async def test_the_history_goes_to_the_microsecond(self, here: Bench, where: str) -> None:
        cutoff = _CUTOFFS[where]
        for distance in _DISTANCES:
            task = await here.new_task()
            await here.commit(added=[task], history=[replace(recorded(task), at=cutoff + distance)])
        await here.storage.purge(here.workspace, replace(_KEEP, recorded=cutoff), limit=99)
        # Of those that are older than the cutoff the last one stays: it says what was so when the rest begins.
        assert (await here.storage.read_history_bounds(here.workspace)).forgotten_revision == 2
        left = [bool(await here.storage.list_commit(here.workspace, n + 1)) for n in range(len(_DISTANCES))]
        assert left == [False, False, *[True] * 5]

    @pytest.mark.parametrize("only", ["deleted", "expired", "recorded", "none of them"])
    async def test_each_cutoff_is_for_its_own_kind(self, here: Bench, only: str) -> None:
        ends = {
            "deleted": {"gone", "removed"},
            "expired": {"expired"},
            "recorded": {"history"},
            "none of them": set[str](),
        }
        live, gone = await here.new_task("live"), await here.new_task("gone")
        added = await here.commit(added=[live, gone], history=[recorded(live)])
        live, gone = live.committed(added), gone.committed(added)
        await here.commit(changed=[gone.delete(at=NOON), live], history=[recorded(live, live)])
        records = [note("expired", expires=NOON), note("removed", None, expires=NOON), note("for ever")]
        await here.commit(records=[*records, note("removed for ever", None)])
        cutoffs = replace(_KEEP, **({} if only == "none of them" else {only: LATER}))
        await here.storage.purge(here.workspace, cutoffs, limit=99)
        left = {
            "gone": await here.load(gone.id) is not None,
            "expired": await here.record(KIND, "expired") is not None,
            "removed": await here.record(KIND, "removed") is not None,
            "history": bool(await here.storage.list_commit(here.workspace, added)),
        }
        assert {what for what, is_left in left.items() if not is_left} == ends[only]
        assert await here.load(live.id) is not None
        for key in ("for ever", "removed for ever"):
            assert await here.record(KIND, key) is not None

    @pytest.mark.parametrize("limit", [1, 2, 3])
    async def test_no_more_of_a_kind_go_than_were_asked_for_and_the_oldest_go_first(
        self, here: Bench, limit: int
    ) -> None:
        tasks = await here.add_many(3)
        for n, task in enumerate(tasks):
            await here.change(task.delete(at=NOON + (3 - n) * _MICROSECOND))
        records = [note(f"{n}", expires=NOON + (3 - n) * _MICROSECOND) for n in range(3)]
        await here.commit(records=records)
        for n in range(4):
            task = await here.new_task()
            await here.commit(added=[task], history=[replace(recorded(task), at=NOON + n * _MICROSECOND)])
        gone = await here.storage.purge(here.workspace, Cutoffs(**_OLD), limit=limit)
        assert (gone.tasks, gone.records, gone.commits) == (limit, limit, limit)
        assert gone.more or limit == 3
        left = await here.storage.load_tasks(here.workspace, [task.id for task in tasks])
        assert sorted(left) == [task.id for task in tasks[: 3 - limit]]
        kept = await here.storage.load_records(here.workspace, [record.found_by for record in records])
        assert sorted(key.key for key in kept) == [record.key for record in records[: 3 - limit]]

    async def test_what_is_left_is_as_it_was(self, here: Bench) -> None:
        live, gone = await here.new_task("live quinces"), await here.new_task("gone quinces")
        waiting = replace(await here.new_task("waiting"), depends_on=(live.id, gone.id), parent=live.id)
        added = await here.commit(
            added=[live, gone, waiting], history=[recorded(live), recorded(gone), recorded(waiting)]
        )
        gone = gone.committed(added)
        await here.commit(changed=[gone.delete(at=NOON)], history=[recorded(gone.delete(at=NOON), gone)])
        about = About(
            ids=[live.id, waiting.id],
            singles=[live.id, waiting.id],
            uids=[live.uid, waiting.uid],
            keys=[RecordKey(KIND, "kept")],
            revisions=[],
        )
        kept = about.questions()
        asked = {name: kept[name] for name in kept if name.partition(" ")[0] not in {"list_changes", *_TELL_OF_IT}}
        before = {name: comparable(await ask(here.storage, here.workspace)) for name, ask in asked.items()}
        gone_at_once = await here.storage.purge(here.workspace, replace(_KEEP, deleted=LATER), limit=9)
        assert gone_at_once == Purged(tasks=1)
        for name, ask in asked.items():
            answer = comparable(await ask(here.storage, here.workspace))
            assert answer == before[name], f"{name} answers differently, though nothing in its answer was purged"


_TELL_OF_IT: Final = frozenset({"scan_tasks", "list_deleted", "read_history_bounds", "find_revision"})


def _distances(left: Iterable[bool]) -> list[timedelta]:
    """Return how far from the cutoff those are that are left."""
    return [distance for distance, is_left in zip(_DISTANCES, left, strict=True) if is_left]
