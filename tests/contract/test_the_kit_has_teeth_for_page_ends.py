"""Stores that go wrong where a page ends or begins, or in one direction, and the promise that finds each out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_relations import RankedTask, Relation
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.search.order import CAN_BE_LAST, OrderField, order_values
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task
from teeth import Outcomes, Teeth

BY = "test_any_page_in_the_order_of_a_field"
TWO_FIELDS = "test_any_page_in_the_order_of_two_fields"
RELATED = "test_any_page_of_related_tasks_in_both_directions"

TEETH = Teeth(globals())
breaks = TEETH.breaks


@breaks(f"{BY}[rank]")
class SkipsEqualRanksAtTheEndOfAPage(InMemoryStorage):
    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        if query.after is None or query.order[0].field is not OrderField.RANK:
            return await super().find_tasks(workspace, query)
        whole = await super().find_tasks(workspace, replace(query, skip=0, limit=1_000_000))
        last = query.after[0]
        return [view for view in whole if view.rank != last][query.skip : query.skip + query.limit]


@breaks(*(f"{BY}[{field}]" for field in ("priority", "due", "title", "list", "progress", "created")))
class SkipsWhatIsEqualToTheLastOfAPage(InMemoryStorage):
    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        if query.after is None or query.order[0].field in {OrderField.ID, OrderField.URGENCY}:
            return await super().find_tasks(workspace, query)
        whole = await super().find_tasks(workspace, replace(query, skip=0, limit=1_000_000))
        later = [view for view in whole if order_values(view, query.order[:1]) != query.after[:1]]
        return later[query.skip : query.skip + query.limit]


@breaks(f"{BY}[id]", f"{BY}[due]", TWO_FIELDS)
class SkipsNothingAfterACursor(InMemoryStorage):
    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        return await super().find_tasks(workspace, query if query.after is None else replace(query, skip=0))


@breaks(*(f"{BY}[{field}]" for field in sorted(CAN_BE_LAST)), TWO_FIELDS)
class PutsNullsWrongInDescendingOrderOnly(InMemoryStorage):
    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        if query.after is not None:
            return await super().find_tasks(workspace, query)
        order = tuple(replace(key, nulls_first=key.nulls_first ^ key.descending) for key in query.order)
        return await super().find_tasks(workspace, replace(query, order=order))


@breaks(f"{BY}[completed]")
class LosesNullsAfterACursorInDescendingOrder(InMemoryStorage):
    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        found = await super().find_tasks(workspace, query)
        key = query.order[0]
        if query.after is None or not key.descending or key.field is not OrderField.COMPLETED:
            return found
        return [view for view in found if view.completed is not None]


@breaks("test_any_page_of_live_tasks")
class PassesOverOneTooFewOnLaterPages(InMemoryStorage):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        fewer = max(skip - 1, 0) if after else skip
        return await super().list_tasks(workspace, after=after, skip=fewer, limit=limit)


@breaks("test_any_page_of_live_tasks")
class EndsAFullPageTooEarly(InMemoryStorage):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        page = await super().list_tasks(workspace, after=after, skip=skip, limit=limit)
        following = (await super().list_tasks(workspace, after=page.next_after or 0, skip=0, limit=2)).items
        return page if page.next_after is None or len(following) > 1 else TaskPage(items=page.items, next_after=None)


@breaks("test_any_page_of_all_tasks")
class ScansFromTheLastOneOn(InMemoryStorage):
    async def scan_tasks(self, workspace: WorkspaceId, *, after: TaskId, limit: int) -> Sequence[Task]:
        return await super().scan_tasks(workspace, after=after - 1 if after else 0, limit=limit)


@breaks("test_any_page_of_changes")
class TellsTheLastChangeAgain(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        if after.task_id:
            after = Position(after.revision, after.task_id - 1)
        return await super().list_changes(workspace, after=after, limit=limit)


@breaks("test_any_page_of_records")
class CountsRemovedRecordsOnPages(InMemoryStorage):
    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        records = sorted(self._workspaces[workspace].records.items())
        page = [record for key, record in records if key.kind == kind and key.key > after][:limit]
        return [record for record in page if record.document is not None]


@breaks("test_any_page_of_the_history_of_a_task")
class TellsTheEntryBefore(InMemoryStorage):
    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        return await super().list_history(workspace, task_id, before=before + (limit == 1), limit=limit)


@breaks("test_any_history_since_and_any_commit")
class TellsTheRevisionItselfToo(InMemoryStorage):
    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Sequence[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:  # type: ignore[override]  # a list is all that it is asked with
        return await super().list_history_since(workspace, task_ids, after=max(after - 1, 0))


@breaks("test_any_page_of_the_trash")
class SkipsEqualInstantsInTheTrash(InMemoryStorage):
    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        place = before and DeletedPosition(before.deleted, 0)
        return await super().list_deleted(workspace, before=place, limit=limit)


class Relates(InMemoryStorage):
    """Relates tasks wrongly in one direction."""

    back_only = True

    async def list_related(
        self,
        workspace: WorkspaceId,
        relation: Relation,
        *,
        beyond: Rank | None = None,
        backwards: bool = False,
        limit: int,
    ) -> Sequence[RankedTask]:
        found = await super().list_related(workspace, relation, backwards=backwards, limit=1_000_000)
        if backwards is not self.back_only or beyond is None:
            return await super().list_related(workspace, relation, beyond=beyond, backwards=backwards, limit=limit)
        later = [one for one in found if (one.rank <= beyond if backwards else one.rank >= beyond)]
        return later[:limit]


@breaks(RELATED)
class CountsTheBoundInBackwards(Relates):
    pass


@breaks(RELATED)
class CountsTheBoundInForwards(Relates):
    back_only = False


@breaks("test_none_of_the_related_tasks_with_equal_ranks_is_left_out")
class RelatesOneTaskOfEachRank(InMemoryStorage):
    async def list_related(
        self,
        workspace: WorkspaceId,
        relation: Relation,
        *,
        beyond: Rank | None = None,
        backwards: bool = False,
        limit: int,
    ) -> Sequence[RankedTask]:
        found = await super().list_related(workspace, relation, beyond=beyond, backwards=backwards, limit=1_000_000)
        return list({one.rank: one for one in found}.values())[:limit]


@breaks("test_a_thousand_commits_are_recorded")
class TellsAtMost500OfAHistory(InMemoryStorage):
    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        return await super().list_history(workspace, task_id, before=before, limit=min(limit, 500))


@breaks("test_a_thousand_tasks_of_the_trash_are_listed")
class ListsAtMost1000OfTheTrash(InMemoryStorage):
    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        return await super().list_deleted(workspace, before=before, limit=min(limit, 1000))


@breaks("test_a_thousand_tasks_of_a_list_are_sorted_by_rank_in_both_directions")
class RelatesAtMost1000Tasks(InMemoryStorage):
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
        return await ask(workspace, relation, beyond=beyond, backwards=backwards, limit=min(limit, 1000))


@breaks("test_the_revision_at_any_instant_to_the_microsecond")
class FindsRevisionsToTheSecond(InMemoryStorage):
    async def find_revision(self, workspace: WorkspaceId, at: datetime) -> Revision:
        return await super().find_revision(workspace, at.replace(microsecond=0))


@breaks("test_any_page_of_the_names_of_workspaces")
class ListsWorkspacesAsInADictionary(InMemoryStorage):
    async def list_workspaces(self, *, after: WorkspaceId, limit: int) -> Sequence[WorkspaceId]:
        def key(name: str) -> str:
            return "".join(filter(str.isalnum, name))

        return sorted((name for name in self._workspaces if key(name) > key(after)), key=key)[:limit]


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
