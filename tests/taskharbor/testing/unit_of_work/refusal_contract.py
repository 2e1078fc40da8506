"""A commit that is refused leaves nothing of anything, whatever it wanted and whyever it is refused."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import pytest

from taskharbor.application.errors import ConcurrentUpdate, UidTaken
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.scenes.bench import LATER, Bench, retitled
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.scenes.notes import KIND, note
from taskharbor.testing.scenes.port_questions import About, differences, survey
from taskharbor.testing.scenes.refusals import must_be_refused

Parts: TypeAlias = dict[str, Any]
"""Some of the arguments of `Bench.commit`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What is there: tasks and records as they are, and stale copies, read before they changed."""

    here: Bench
    fine: Task
    stale: Task
    gone: Task
    record: Record
    stale_record: Record
    removed: Record
    unused: Task

    @classmethod
    async def set_in(cls, here: Bench) -> "_Scene":
        fine, stale, gone = await here.add_many(3)
        await here.change(stale.begin(at=LATER))
        await here.change(gone.delete(at=LATER))
        record, stale_record, removed = [await here.put(note(key)) for key in ("fine", "stale", "removed")]
        await here.put(replace(stale_record, document='"fresh"'))
        removed = await here.put(replace(removed, document=None))
        unused = await here.new_task("never stored")
        return cls(
            here=here,
            fine=fine,
            stale=stale,
            gone=gone,
            record=record,
            stale_record=stale_record,
            removed=removed,
            unused=unused,
        )


_REASONS: Final[Mapping[str, Callable[[_Scene], Parts]]] = {
    "a stale task": lambda at: {"changed": [at.stale.complete(at=LATER)]},
    "a task that was deleted since": lambda at: {"changed": [at.gone.complete(at=LATER)]},
    "a task that never was": lambda at: {"changed": [at.unused.committed(1)]},
    "a stale guard": lambda at: {"guarded": {at.fine.id: at.fine.revision, at.stale.id: at.stale.revision}},
    "a guard on a task that was deleted since": lambda at: {"guarded": {at.gone.id: at.gone.revision}},
    "a guard on a task that never was": lambda at: {"guarded": {at.unused.id: 1}},
    "a stale record": lambda at: {"records": [at.stale_record]},
    "a stale record that is to be removed": lambda at: {"records": [replace(at.stale_record, document=None)]},
    "a guard on a record that was removed since": lambda at: {
        "guarded_records": {at.removed.found_by: at.removed.revision - 1}
    },
    "a new record that is there": lambda at: {"records": [replace(at.record, revision=0, document='"new"')]},
    "a new record that was removed": lambda at: {"records": [replace(at.removed, revision=0, document='"new"')]},
    "a record that never was": lambda _: {"records": [replace(note("never"), revision=1)]},
    "a stale guard on a record": lambda at: {
        "guarded_records": {at.record.found_by: at.record.revision, at.stale_record.found_by: at.stale_record.revision}
    },
    "a guard on a record that never was": lambda _: {"guarded_records": {RecordKey(KIND, "never"): 1}},
    "a taken uid": lambda at: {"added": [replace(at.unused, uid=at.fine.uid)]},
    "a uid that is there twice": lambda at: {
        "added": [at.unused, replace(at.unused, id=at.unused.id + 1)],
    },
}


class RefusalContract(Contract):
    """Whatever a refused commit would have written, no call of the port answers other than before."""

    @pytest.mark.parametrize("reason", _REASONS)
    async def test_a_refused_commit_leaves_nothing(self, here: Bench, reason: str) -> None:
        scene = await _Scene.set_in(here)
        questions = _about(scene).questions()
        before = await survey(here, questions)
        error = UidTaken if "uid" in reason else ConcurrentUpdate
        tried: list[str] = []
        for what, parts in _commits(scene, _REASONS[reason](scene)):
            tried.append(what)
            await must_be_refused(error, here.commit(**parts), f"a commit of {what} with {reason}")
        left = differences(before, await survey(here, questions))
        assert not left, (
            f"commits of {', '.join(tried)} with {reason} were refused with {error.__name__}, yet one of them changed "
            f"the answers of: {left}"
        )
        expected = before["read_history_bounds"].revision + 1
        assert await here.take_revision() == expected, f"a commit refused for {reason} must not take a revision"


def _commits(scene: _Scene, reason: Parts) -> Iterator[tuple[str, Parts]]:
    """Yield what else such a commit can hold, before and after what it is refused for."""
    new = replace(scene.unused, id=scene.unused.id + 2, uid=type(scene.unused.uid)(_UNUSED_UID))
    changed = retitled(scene.fine, "changed in vain")
    records = [
        note("new in vain"),
        replace(scene.record, document='"changed in vain"'),
        replace(scene.removed, document='"back in vain"'),
    ]
    wanted: dict[str, Parts] = {
        "a new task": {"added": [new], "history": [recorded(new)]},
        "a changed task": {"changed": [changed], "history": [recorded(changed, scene.fine)]},
        "a deleted task": {"changed": [scene.fine.delete(at=LATER)]},
        "a new record": {"records": records[:1]},
        "a changed record": {"records": records[1:2]},
        "a removed record": {"records": [replace(scene.record, document=None)]},
        "tasks, records and history": {
            "added": [new],
            "changed": [changed],
            "records": records,
            "history": [recorded(new), recorded(changed, scene.fine)],
        },
    }
    known = {record.found_by for record in reason.get("records", ())}
    for what, whole in wanted.items():
        parts = {
            name: [part for part in some if name != "records" or part.found_by not in known]
            for name, some in whole.items()
        }
        yield what, _joined(parts, reason)
        if what == "tasks, records and history":
            yield f"{what}, put last,", _joined(reason, parts)


def _joined(one: Parts, other: Parts) -> Parts:
    return {
        name: [*one.get(name, ()), *other.get(name, ())] if not name.startswith("guarded") else (one | other)[name]
        for name in one | other
    }


def _about(scene: _Scene) -> About:
    new_id = scene.unused.id + 2
    ids = [scene.fine.id, scene.stale.id, scene.gone.id, scene.unused.id, scene.unused.id + 1, new_id]
    keys = [RecordKey(KIND, key) for key in ("fine", "stale", "removed", "never", "new in vain")]
    uids = [scene.fine.uid, scene.unused.uid, type(scene.unused.uid)(_UNUSED_UID)]
    return About(ids=ids, singles=[scene.fine.id, new_id], uids=uids, keys=keys, revisions=range(1, 12))


_UNUSED_UID: Final = "00000000-0000-4000-8000-00000000beef"
