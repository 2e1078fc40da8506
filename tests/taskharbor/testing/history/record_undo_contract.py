"""What a commit did to lists and saved filters is in the history, and can be undone."""

import asyncio
import json
from datetime import timedelta

import pytest

from taskharbor.application.history.purge import TRASH_RETENTION, Purge
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.ports.task_history import OF_RECORDS
from taskharbor.application.saved_filters.manage_saved_filters import ChangeSavedFilter, DeleteSavedFilter, SaveFilter
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.undo.undo_commit import UndoCommit, UndoOutcome
from taskharbor.application.undo.undo_records import UndoneRecord
from taskharbor.application.undo.undo_tasks import UndoneTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue, ListNotFound, TaskharborError
from taskharbor.domain.identifiers import INBOX, ListId, Revision
from taskharbor.domain.lists.task_list import INBOX_NAME, TaskList
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.desk import Desk
from taskharbor.testing.scenes.effort import PATIENCE


class RecordUndoContract(Contract):
    """Lists and saved filters are restored, removed and changed back; what has been changed since is named."""

    @pytest.fixture
    def desk(self, use_cases: UseCases, here: Bench) -> Desk:
        """One user of the store."""
        return Desk(use_cases, here)

    async def test_a_commit_records_what_it_did_to_records(self, here: Bench) -> None:
        for document in ('{"n":1}', '{"n":2}', None):
            async with here.unit_of_work() as uow:
                uow.command = "try"
                await uow.records.put("kit", "a b", document)
                await uow.records.put("kit", "c", document)
                await uow.commit()
        recorded = [await here.storage.list_commit(here.workspace, revision) for revision in (1, 2, 3)]
        assert [[(entry.task_id, entry.command, entry.revision) for entry in entries] for entries in recorded] == [
            [(OF_RECORDS, "try", revision)] for revision in (1, 2, 3)
        ]
        assert [json.loads(entries[0].changes)["kit a b"] for entries in recorded] == [
            [None, '{"n":1}'],
            ['{"n":1}', '{"n":2}'],
            ['{"n":2}', None],
        ]

    async def test_undoing_the_making_of_a_list_removes_it_and_undoing_that_brings_it_back(self, desk: Desk) -> None:
        made = await desk.new_list("a list")
        undone = await undo(desk, made.revision)
        assert (undone.records, undone.record_conflicts) == ([UndoneRecord("list", str(made.id), "removed")], [])
        with pytest.raises(ListNotFound):
            await found(desk, made.id)
        assert undone.revision is not None
        again = await undo(desk, undone.revision)
        assert again.records == [UndoneRecord("list", str(made.id), "restored")]
        assert (await found(desk, made.id)).name == "a list"
        assert not (await found(desk, made.id)).archived

    async def test_a_list_with_tasks_that_came_since_stays_as_it_is(self, desk: Desk) -> None:
        made = await desk.new_list("a list")
        await desk.create(list=made.id)
        undone = await undo(desk, made.revision)
        assert undone.revision is None
        assert [(one.key, one.code) for one in undone.record_conflicts] == [(str(made.id), "list_not_empty")]
        assert await found(desk, made.id) == made

    async def test_no_task_is_left_in_a_list_whose_making_is_undone_meanwhile(self, desk: Desk) -> None:
        for _ in range(5):
            made = await desk.new_list("a list")
            async with asyncio.timeout(PATIENCE):
                outcomes = await asyncio.gather(
                    undo(desk, made.revision), desk.create(list=made.id), return_exceptions=True
                )
            assert all(isinstance(one, TaskharborError) or not isinstance(one, Exception) for one in outcomes)
            if isinstance(outcomes[1], InvalidValue):
                with pytest.raises(ListNotFound):
                    await found(desk, made.id)
            else:
                assert not (await found(desk, made.id)).archived

    async def test_a_changed_list_becomes_what_it_was_unless_it_was_changed_since(self, desk: Desk) -> None:
        made = await desk.new_list("one")
        changed = await change(desk, ChangeList(id=made.id, name="two", archived=True))
        assert (await undo(desk, changed.revision)).records == [UndoneRecord("list", str(made.id), "changed")]
        now = await found(desk, made.id)
        assert (now.name, now.archived) == ("one", False)
        assert (await undo(desk, changed.revision)) == UndoOutcome(revision=None, undone=[], conflicts=[])
        await change(desk, ChangeList(id=made.id, name="three"))
        assert [one.code for one in (await undo(desk, changed.revision)).record_conflicts] == ["changed_since"]
        assert (await found(desk, made.id)).name == "three"

    async def test_the_inbox_becomes_what_it_was_with_its_tasks_in_it(self, desk: Desk, here: Bench) -> None:
        task = await desk.create()
        changed = await change(desk, ChangeList(id=INBOX, name="Eingang"))
        assert (await undo(desk, changed.revision)).record_conflicts == []
        assert (await found(desk, INBOX)).name == INBOX_NAME
        assert [one.id for one in (await here.page()).items] == [task.id]

    @pytest.mark.parametrize("moved", [False, True], ids=["deleted", "moved"])
    @pytest.mark.parametrize("archived", [False, True], ids=["in-use", "archived"])
    async def test_a_deleted_list_comes_back_with_its_tasks(
        self, desk: Desk, here: Bench, *, moved: bool, archived: bool
    ) -> None:
        made = await desk.new_list("one")
        tasks = [await desk.create(list=made.id) for _ in range(3)]
        if archived:
            await change(desk, ChangeList(id=made.id, archived=True))
        command = DeleteList(id=made.id, move_to=INBOX) if moved else DeleteList(id=made.id, delete_tasks=True)
        await desk.use_cases.execute(command, workspace=desk.workspace)
        deleted = (await here.storage.read_history_bounds(here.workspace)).revision
        undone = await undo(desk, deleted)
        assert (undone.conflicts, undone.record_conflicts) == ([], [])
        assert undone.undone == [UndoneTask(task.id, ["list"] if moved else ["deleted"]) for task in tasks]
        assert [(one.id, one.list) for one in (await here.page()).items] == [(task.id, made.id) for task in tasks]
        now = await found(desk, made.id)
        assert (now.name, now.archived) == ("one", archived)
        assert undone.revision is not None
        again = await undo(desk, undone.revision)
        assert (again.conflicts, again.record_conflicts) == ([], [])
        with pytest.raises(ListNotFound):
            await found(desk, made.id)

    async def test_saved_filters_are_undone(self, desk: Desk) -> None:
        saved = await desk.use_cases.execute(SaveFilter(name="A", q="a"), workspace=desk.workspace)
        renamed = await desk.use_cases.execute(
            ChangeSavedFilter(name="A", new_name="B", q="b"), workspace=desk.workspace
        )
        deleted = await desk.use_cases.execute(DeleteSavedFilter(name="B"), workspace=desk.workspace)
        assert await names(desk) == []
        assert (await undo(desk, deleted.revision)).records == [UndoneRecord("filter", "b", "restored")]
        assert await names(desk) == [("B", "b")]
        assert (await undo(desk, renamed.revision)).record_conflicts == []
        assert await names(desk) == [("A", "a")]
        assert (await undo(desk, saved.revision)).records == [UndoneRecord("filter", "a", "removed")]
        assert await names(desk) == []

    async def test_a_renamed_filter_is_not_lost_when_its_old_name_is_taken_by_now(self, desk: Desk) -> None:
        await desk.use_cases.execute(SaveFilter(name="A", q="a"), workspace=desk.workspace)
        renamed = await desk.use_cases.execute(ChangeSavedFilter(name="A", new_name="B"), workspace=desk.workspace)
        await desk.use_cases.execute(SaveFilter(name="A", q="other"), workspace=desk.workspace)
        undone = await undo(desk, renamed.revision)
        assert (undone.revision, undone.records) == (None, [])
        assert {one.key for one in undone.record_conflicts} == {"a", "b"}
        assert await names(desk) == [("A", "other"), ("B", "a")]

    async def test_a_filter_that_was_deleted_since_is_named(self, desk: Desk) -> None:
        saved = await desk.use_cases.execute(SaveFilter(name="A", q="a"), workspace=desk.workspace)
        changed = await desk.use_cases.execute(ChangeSavedFilter(name="A", q="b"), workspace=desk.workspace)
        assert saved.revision < changed.revision
        await desk.use_cases.execute(DeleteSavedFilter(name="A"), workspace=desk.workspace)
        undone = await undo(desk, changed.revision)
        assert [(one.kind, one.key, one.code) for one in undone.record_conflicts] == [("filter", "a", "deleted_since")]

    async def test_what_is_left_of_removed_records_is_purged_and_they_can_still_come_back(self, here: Bench) -> None:
        clock = FakeClock()
        desk = Desk(UseCases(here.storage, clock=clock, uids=FakeUids()), here)
        made = await desk.new_list("one")
        await desk.use_cases.execute(DeleteList(id=made.id, delete_tasks=True), workspace=desk.workspace)
        deleted = await desk.revision()
        saved = await desk.use_cases.execute(SaveFilter(name="A", q="a"), workspace=desk.workspace)
        await desk.use_cases.execute(DeleteSavedFilter(name="A"), workspace=desk.workspace)
        assert (await desk.use_cases.history.purge(Purge(), workspace=desk.workspace)).records == 0
        clock.advance(TRASH_RETENTION + timedelta(seconds=1))
        for_ever = Purge(trash_retention=None)
        assert (await desk.use_cases.history.purge(for_ever, workspace=desk.workspace)).records == 0
        assert (await desk.use_cases.history.purge(Purge(), workspace=desk.workspace)).records == 2
        assert (await undo(desk, deleted)).record_conflicts == []
        assert (await undo(desk, saved.revision + 1)).record_conflicts == []
        assert ((await found(desk, made.id)).name, await names(desk)) == ("one", [("A", "a")])

    async def test_the_record_of_an_idempotent_call_is_not_in_the_history(self, desk: Desk, here: Bench) -> None:
        command = CreateTask(title="one")
        task = await desk.use_cases.execute(command, workspace=desk.workspace, idempotency_key="key")
        recorded = await here.storage.list_commit(here.workspace, task.revision)
        assert [entry.task_id for entry in recorded] == [task.id]
        kept = await here.storage.load_records(here.workspace, [RecordKey("idempotency", "key")])
        assert len(kept) == 1


async def undo(desk: Desk, revision: Revision) -> UndoOutcome:
    """Undo a commit."""
    return await desk.use_cases.execute(UndoCommit(revision=revision), workspace=desk.workspace)


async def found(desk: Desk, list_id: ListId) -> TaskList:
    """Return a list."""
    return await desk.use_cases.get_list(list_id, workspace=desk.workspace)


async def change(desk: Desk, command: ChangeList) -> TaskList:
    """Change a list."""
    return await desk.use_cases.execute(command, workspace=desk.workspace)


async def names(desk: Desk) -> list[tuple[str, str | None]]:
    """Return the names of all saved filters and their words."""
    saved = await desk.use_cases.search.list_saved_filters(workspace=desk.workspace)
    return [(one.name, one.q) for one in saved]
