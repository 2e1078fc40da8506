"""Pages end and begin where they were asked to: every place, size and direction, for every call that has pages."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

from taskharbor.application.ports.change_feed import Position
from taskharbor.application.ports.task_relations import InList, Relation, SubtasksOf, WaitingFor
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.tasks.rank import Rank, natural_rank
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.scenes.bench import LATER, NOON, Bench, retitled
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.scenes.mirror import Mirror
from taskharbor.testing.scenes.notes import KIND, note

_MICROSECOND = timedelta(microseconds=1)


class PageBoundaryContract(Contract):
    """Nothing is left out or repeated at the end of a page, whatever is equal there."""

    async def test_any_page_of_live_tasks(self, here: Bench) -> None:
        mirror = Mirror(here)
        tasks = await _some_deleted(here, mirror)
        for after, skip, limit in product([0, *_ids(tasks), MAX_ID], range(7), (1, 2, 3, 4, 5, 9)):
            await mirror.same("list_tasks", after=after, skip=skip, limit=limit)

    async def test_any_page_of_all_tasks(self, here: Bench) -> None:
        mirror = Mirror(here)
        tasks = await _some_deleted(here, mirror)
        for after, limit in product([0, *_ids(tasks), MAX_ID], range(1, 10)):
            await mirror.same("scan_tasks", after=after, limit=limit)

    async def test_any_page_of_changes(self, here: Bench) -> None:
        mirror = Mirror(here)
        tasks = await _some_deleted(here, mirror)
        places: list[Position] = [Position(revision) for revision in range(8)]
        places += [Position(revision, task_id) for revision in range(8) for task_id in (0, *_ids(tasks), MAX_ID)]
        for place, limit in product(places, (1, 2, 3, 9)):
            await mirror.same("list_changes", after=place, limit=limit)

    async def test_any_page_of_records(self, here: Bench) -> None:
        mirror = Mirror(here)
        keys = ["a", "aa", "b", "c", "d", "\u00e4", "\uffff", "\U00010000"]
        records = await mirror.put(*map(note, keys), note("other", kind="kit-other"))
        await mirror.put(replace(records[3], document=None))
        for after, limit in product(["", "0", "a ", *keys], range(1, 10)):
            await mirror.same("list_records", KIND, after=after, limit=limit)

    async def test_any_page_of_the_trash(self, here: Bench) -> None:
        mirror = Mirror(here)
        instants = [LATER, LATER + _MICROSECOND, LATER, NOON, LATER - _MICROSECOND, LATER]
        tasks = await mirror.add([await here.new_task(f"task {n}") for n in range(7)])
        await mirror.change(*(task.delete(at=at) for task, at in zip(tasks, instants, strict=False)))
        places: list[DeletedPosition | None] = [None]
        places += [DeletedPosition(at, task_id) for at in set(instants) for task_id in (0, *_ids(tasks), MAX_ID)]
        for place, limit in product(places, (1, 2, 3, 9)):
            await mirror.same("list_deleted", before=place, limit=limit)

    async def test_any_page_of_the_history_of_a_task(self, here: Bench) -> None:
        mirror = Mirror(here)
        tasks = await _with_history(here, mirror)
        for task_id, before, limit in product(_ids(tasks), [0, *range(1, 9), MAX_ID], (1, 2, 3, 9)):
            await mirror.same("list_history", task_id, before=before, limit=limit)

    async def test_any_history_since_and_any_commit(self, here: Bench) -> None:
        mirror = Mirror(here)
        ids = _ids(await _with_history(here, mirror))
        for some, after in product([ids, ids[:1], ids[1:], [*ids, *ids, MAX_ID], []], range(10)):
            await mirror.same("list_history_since", some, after=after)
        for revision in range(10):
            await mirror.same("list_commit", revision)
            entries = await here.storage.list_commit(here.workspace, revision)
            assert [entry.task_id for entry in entries] == sorted(entry.task_id for entry in entries)

    async def test_the_revision_at_any_instant_to_the_microsecond(self, here: Bench) -> None:
        mirror = Mirror(here)
        moments = [NOON + timedelta(microseconds=n) for n in (0, 1, 499_999, 500_000, 500_001, 999_999, 1_000_000)]
        for at in moments:
            task = await here.new_task()
            await mirror.add([task], history=[replace(recorded(task), at=at)])
        for at in sorted({each + n * _MICROSECOND for each in moments for n in (-1, 0, 1)}):
            await mirror.same("find_revision", at)

    async def test_any_page_of_related_tasks_in_both_directions(self, here: Bench) -> None:
        mirror = Mirror(here)
        parent, needed = await mirror.add([await here.new_task("parent"), await here.new_task("needed")])
        ranks = [*("Zz.11", "a0.11", "a0.1A", "a0.1a", "aA.11", "aa.11"), natural_rank(MAX_ID)]
        new = [
            replace(
                await here.new_task(rank), rank=Rank(rank), list=7, parent=parent.id, depends_on=(needed.id, parent.id)
            )
            for rank in (*ranks[::2], *ranks[1::2])
        ]
        new[1] = new[1].delete(at=LATER)
        await mirror.add(new)
        relations: list[Relation] = [InList(7), InList(1), SubtasksOf(parent.id), WaitingFor(needed.id)]
        bounds = [None, *map(Rank, ranks), Rank("a0.1B"), Rank("A"), Rank("z")]
        for relation, beyond, backwards, limit in product(relations, bounds, (False, True), (1, 2, 3, 9)):
            await mirror.same("list_related", relation, beyond=beyond, backwards=backwards, limit=limit)

    async def test_none_of_the_related_tasks_with_equal_ranks_is_left_out(self, here: Bench) -> None:
        new = [replace(await here.new_task(), list=7, rank=Rank("a0.11" if n < 4 else "a1.11")) for n in range(6)]
        await here.commit(added=new)
        for backwards, limit in product((False, True), (1, 3, 4, 5, 9)):
            found = await here.storage.list_related(here.workspace, InList(7), backwards=backwards, limit=limit)
            ranks = sorted((task.rank for task in new), reverse=backwards)
            assert [one.rank for one in found] == ranks[:limit]
            assert len({one.id for one in found}) == len(found)

    async def test_any_page_of_the_names_of_workspaces(self, here: Bench) -> None:
        """By their bytes, not as in a dictionary, where signs do not count."""
        stem = here.workspace[:40]
        names = sorted(f"{stem}{end}" for end in ("-", "-a", ".", ".a", "0", "_", "_a", "a", "a-", "a.b", "b", "ab"))
        for name in names:
            await Bench(here.storage, name).add()
        last = names[-1]
        for n, name in enumerate(["", *names]):
            after = name or stem
            for limit in (1, 2, 5):
                page = await here.storage.list_workspaces(after=after, limit=limit)
                found = [each for each in page if each <= last]
                assert found == names[n : n + limit], f"list_workspaces after {after!r}, {limit} at most"


async def _some_deleted(here: Bench, mirror: Mirror) -> list[Task]:
    """Return tasks of several commits; the first, one between and the last are deleted."""
    tasks = await mirror.add([await here.new_task(f"task {n}") for n in range(5)])
    tasks += await mirror.add([await here.new_task("later"), await here.new_task("last")])
    await mirror.change(tasks[0].delete(at=LATER), tasks[6].delete(at=LATER))
    await mirror.change(retitled(tasks[2], "changed"))
    await mirror.change(tasks[3].delete(at=LATER), retitled(tasks[1], "changed too"))
    return tasks


async def _with_history(here: Bench, mirror: Mirror) -> list[Task]:
    first, second = await here.new_task("first"), await here.new_task("second")
    tasks = await mirror.add([first, second], history=[recorded(second), recorded(first)])
    for n in range(6):
        chosen = tasks if n % 3 == 0 else tasks[n % 3 - 1 : n % 3]
        changed = [retitled(task, f"title {n}") for task in chosen]
        at: datetime = NOON + timedelta(seconds=n)
        entries = [replace(recorded(new, old), at=at) for new, old in zip(changed, chosen, strict=True)]
        stored = {task.id: task for task in await mirror.change(*changed, history=entries[::-1])}
        tasks = [stored.get(task.id, task) for task in tasks]
    return tasks


def _ids(tasks: list[Task]) -> list[int]:
    return [task.id for task in tasks]
