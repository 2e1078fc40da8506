"""Stores that put their answers together of two snapshots, and the promise of the kit that finds each out."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_relations import RankedTask, Relation
from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.store_kit.scan import count_among
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid
from teeth import Outcomes, Teeth

T = TypeVar("T")

EACH = "test_each_answer_is_what_one_commit_left"
THOUSAND = "test_an_answer_about_a_thousand_tasks_is_of_one_snapshot"

TEETH = Teeth(globals())
breaks = TEETH.breaks


def halves(items: Iterable[T]) -> tuple[list[T], list[T]]:
    every = list(items)
    return every[: len(every) // 2], every[len(every) // 2 :]


async def others_commit() -> None:
    await asyncio.sleep(0)


@breaks(f"{EACH}[load_tasks]")
class LoadsHalfOfTheTasksLater(InMemoryStorage):
    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        first, second = halves(ids)
        loaded = await super().load_tasks(workspace, first)
        await others_commit()
        return {**loaded, **await super().load_tasks(workspace, second)}


@breaks(f"{EACH}[load_tasks]")
class LoadsCommentsLater(InMemoryStorage):
    """As one does who keeps them in a table of their own."""

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        loaded = await super().load_tasks(workspace, ids)
        await others_commit()
        now = await super().load_tasks(workspace, ids)
        return {id_: replace(task, comments=now[id_].comments) for id_, task in loaded.items()}


@breaks(THOUSAND)
class LoadsTasksInPiecesOf500(InMemoryStorage):
    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        loaded, every = dict[TaskId, Task](), list(ids)
        for begin in range(0, len(every), 500):
            loaded |= await super().load_tasks(workspace, every[begin : begin + 500])
            await others_commit()
        return loaded


@breaks(f"{EACH}[find_uids]")
class FindsUidsOneByOne(InMemoryStorage):
    async def find_uids(self, workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        found = dict[Uid, TaskId]()
        for some in halves(uids):
            found |= await super().find_uids(workspace, some)
            await others_commit()
        return found


@breaks(f"{EACH}[get_task]")
class LooksLaterWhetherATaskIsBlocked(InMemoryStorage):
    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        view = await super().get_task(workspace, task_id)
        await others_commit()
        here = self._workspaces[workspace]
        return view and TaskView(view.document, view.revision, blocked=here._is_blocked(here.tasks[task_id]))


@breaks(f"{EACH}[list_tasks]")
class ListsIdsFirstAndTasksThen(InMemoryStorage):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        page = await super().list_tasks(workspace, after=after, skip=skip, limit=limit)
        await others_commit()
        items = [await super(ListsIdsFirstAndTasksThen, self).get_task(workspace, view.id) for view in page.items]
        return TaskPage(items=[view for view in items if view], next_after=page.next_after)


@breaks(THOUSAND)
class ListsPagesInPiecesOf500(InMemoryStorage):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        found = list[TaskView]()
        while len(found) < limit:
            page = await super().list_tasks(workspace, after=after, skip=skip, limit=min(500, limit - len(found)))
            found += page.items
            if page.next_after is None:
                return TaskPage(items=found, next_after=None)
            after, skip = page.next_after, 0
            await others_commit()
        return TaskPage(items=found, next_after=after)


@breaks(f"{EACH}[list_tasks]")
class ListsFullPagesInHalves(InMemoryStorage):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        page = await super().list_tasks(workspace, after=after, skip=skip, limit=limit)
        if page.next_after is None or limit == 1:
            return page
        first = list(page.items)[: limit // 2]
        await others_commit()
        rest = await super().list_tasks(workspace, after=first[-1].id, skip=0, limit=limit - len(first))
        return TaskPage(items=[*first, *rest.items], next_after=rest.next_after)


@breaks(f"{EACH}[list_changes]")
class SaysLaterWhenTheLastCommitWas(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        found = await super().list_changes(workspace, after=after, limit=limit)
        await others_commit()
        later = await super().list_changes(workspace, after=after, limit=limit)
        return replace(found, at=later.at)


@breaks(f"{EACH}[find_tasks]")
class FindsIdsFirstAndTasksThen(InMemoryStorage):
    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        found = await super().find_tasks(workspace, query)
        await others_commit()
        items = [await super(FindsIdsFirstAndTasksThen, self).get_task(workspace, view.id) for view in found]
        return [view.with_urgency(None) for view in items if view]


@breaks(f"{EACH}[count_tasks]")
class CountsHalfOfTheTasksLater(InMemoryStorage):
    async def count_tasks(self, workspace: WorkspaceId, filter: Filter | None) -> int:
        ids = {task.id for task, _ in halves(self._workspaces[workspace].candidates())[0]}
        first = [one for one in self._workspaces[workspace].candidates() if one[0].id in ids]
        counted = count_among(first, filter)
        await others_commit()
        second = [one for one in self._workspaces[workspace].candidates() if one[0].id not in ids]
        return counted + count_among(second, filter)


@breaks(f"{EACH}[count_facets]")
class CountsFacetsOneByOne(InMemoryStorage):
    async def count_facets(self, workspace: WorkspaceId, filter: Filter | None, buckets: DueBuckets) -> TaskFacets:
        first = await super().count_facets(workspace, filter, buckets)
        await others_commit()
        second = await super().count_facets(workspace, filter, buckets)
        return TaskFacets(progress=first.progress, lists=first.lists, tags=first.tags, due=second.due)


@breaks(f"{EACH}[list_changes]")
class TellsChangesInTwoPieces(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        first = await super().list_changes(workspace, after=after, limit=4)
        if not first.items or limit <= 4:
            return first
        await others_commit()
        last = Position(first.items[-1].revision, first.items[-1].id)
        second = await super().list_changes(workspace, after=last, limit=limit - 4)
        return ChangeSlice(items=[*first.items, *second.items], revision=second.revision)


@breaks(f"{EACH}[load_records]")
class LoadsRecordsInTwoPieces(InMemoryStorage):
    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        found = dict[RecordKey, Record]()
        for some in halves(keys):
            found |= await super().load_records(workspace, some)
            await others_commit()
        return found


@breaks(f"{EACH}[list_records]")
class ListsRecordsInPieces(InMemoryStorage):
    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        first = await super().list_records(workspace, kind, after=after, limit=min(limit, 3))
        if len(first) < 3:
            return first
        await others_commit()
        return [*first, *await super().list_records(workspace, kind, after=first[-1].key, limit=limit - 3)]


@breaks(f"{EACH}[list_related]")
class RelatesFromTwoSnapshots(InMemoryStorage):
    async def list_related(
        self,
        workspace: WorkspaceId,
        relation: Relation,
        *,
        beyond: Rank | None = None,
        backwards: bool = False,
        limit: int,
    ) -> Sequence[RankedTask]:
        ask = super().list_related
        found = await ask(workspace, relation, beyond=beyond, backwards=backwards, limit=limit)
        await others_commit()
        tasks = await super().load_tasks(workspace, [one.id for one in found])
        return [RankedTask(tasks[one.id].rank, one.id) for one in found if relation.holds(tasks[one.id])]


@breaks(f"{EACH}[list_history_since]")
class TellsTheHistoryOfOneTaskAfterTheOther(InMemoryStorage):
    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Collection[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        recorded = list[HistoryEntry]()
        for some in halves(task_ids):
            recorded += await super().list_history_since(workspace, some, after=after)
            await others_commit()
        return sorted(recorded, key=lambda entry: -entry.revision)


@breaks(f"{EACH}[list_commit]")
class TellsACommitInTwoPieces(InMemoryStorage):
    async def list_commit(self, workspace: WorkspaceId, revision: Revision) -> Sequence[HistoryEntry]:
        first = (await super().list_commit(workspace, revision))[:2]
        await others_commit()
        return [*first, *(await super().list_commit(workspace, revision))[2:]]


@breaks(f"{EACH}[scan_tasks]")
class ScansInPieces(InMemoryStorage):
    async def scan_tasks(self, workspace: WorkspaceId, *, after: TaskId, limit: int) -> Sequence[Task]:
        first = await super().scan_tasks(workspace, after=after, limit=min(limit, 5))
        if len(first) < 5:
            return first
        await others_commit()
        return [*first, *await super().scan_tasks(workspace, after=first[-1].id, limit=limit - 5)]


@breaks(f"{EACH}[list_deleted]")
class ListsTheTrashAsItIsThen(InMemoryStorage):
    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        found = await super().list_deleted(workspace, before=before, limit=limit)
        await others_commit()
        tasks = await super().load_tasks(workspace, [task.id for task in found])
        return [task for task in tasks.values() if task.is_deleted]


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
