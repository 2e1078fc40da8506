"""Lists: the inbox that is always there, the others, and what becomes of tasks when one is archived or deleted."""

import pytest

from taskharbor.application.errors import ListPreconditionFailed
from taskharbor.application.lists.delete_list import TASKS_AT_ONCE, DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList, ListLists
from taskharbor.application.ports.task_relations import InList
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InboxStays, InvalidValue, ListNotFound, TaskharborError
from taskharbor.domain.identifiers import INBOX, ListId
from taskharbor.domain.lists.task_list import INBOX_NAME, TaskList
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.testing.scenes.bench import LATER, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.desk import Desk
from taskharbor.testing.scenes.races import at_once, refused_at


class ListsContract(Contract):
    """A task is in one list, keeps its id when it moves, and is never left in a list that has gone."""

    @pytest.fixture
    def desk(self, use_cases: UseCases, here: Bench) -> Desk:
        """One user of the store."""
        return Desk(use_cases, here)

    async def test_the_inbox_always_exists(self, desk: Desk) -> None:
        assert await _get(desk, INBOX) == TaskList(id=INBOX, name=INBOX_NAME)
        assert await _lists(desk) == [TaskList(id=INBOX, name=INBOX_NAME)]
        assert (await desk.create()).list == INBOX

    async def test_the_inbox_can_be_renamed_but_neither_archived_nor_deleted(self, desk: Desk) -> None:
        await refused_at("archived", desk.archive(INBOX))
        with pytest.raises(InboxStays):
            await _delete(desk, INBOX, delete_tasks=True)
        changed = await _change(desk, ChangeList(id=INBOX, name="Eingang", colour="#1E90FF", if_match=0))
        assert (changed.name, changed.colour, changed.revision) == ("Eingang", "#1e90ff", 1)
        assert await _lists(desk) == [changed]

    async def test_a_list_keeps_what_it_was_given(self, desk: Desk) -> None:
        command = CreateList(name=" Küche ", colour="#ABCDEF", description="*Markdown*\n\u2028")
        made = await desk.use_cases.execute(command, workspace=desk.workspace)
        assert (made.name, made.colour, made.description) == ("Küche", "#abcdef", "*Markdown*\n\u2028")
        assert made.id > INBOX
        assert made.revision == 1
        assert await _get(desk, made.id) == made
        changed = await _change(desk, ChangeList(id=made.id, colour=None, description=None, archived=True))
        assert (changed.colour, changed.description, changed.archived, changed.revision) == (None, None, True, 2)
        assert await _change(desk, ChangeList(id=made.id, archived=True)) == changed
        assert await _lists(desk) == [TaskList.inbox(), changed]

    async def test_lists_are_returned_a_page_at_a_time(self, desk: Desk) -> None:
        made = [TaskList.inbox(), *[await desk.new_list(f"list {n}") for n in range(4)]]
        first = await desk.use_cases.list_lists(ListLists(limit=3), workspace=desk.workspace)
        assert (first.items, first.next_after) == (made[:3], made[2].id)
        rest = await desk.use_cases.list_lists(ListLists(limit=3, after=made[2].id), workspace=desk.workspace)
        assert (rest.items, rest.next_after) == (made[3:], None)

    async def test_a_stale_change_of_a_list_is_refused(self, desk: Desk) -> None:
        made = await desk.new_list()
        await _change(desk, ChangeList(id=made.id, name="another", if_match=made.revision))
        with pytest.raises(ListPreconditionFailed):
            await _change(desk, ChangeList(id=made.id, name="a third", if_match=made.revision))
        with pytest.raises(ListPreconditionFailed):
            await _delete(desk, made.id, delete_tasks=True, if_match=made.revision)

    async def test_of_two_changes_at_once_both_are_made(self, desk: Desk) -> None:
        made = await desk.new_list()
        await at_once(
            _change(desk, ChangeList(id=made.id, name="renamed")),
            _change(desk, ChangeList(id=made.id, colour="#000000")),
        )
        found = await _get(desk, made.id)
        assert (found.name, found.colour) == ("renamed", "#000000")

    async def test_a_list_of_another_workspace_is_not_there(
        self, desk: Desk, use_cases: UseCases, elsewhere: Bench
    ) -> None:
        abroad = Desk(use_cases, elsewhere)
        foreign = [await abroad.new_list() for _ in range(3)][-1]
        task = await desk.create()
        for attempt in (desk.create(list=foreign.id), desk.change(task.id, list=foreign.id)):
            await refused_at("list", attempt)
        await refused_at("list", desk.move(task.id, list=foreign.id))
        with pytest.raises(ListNotFound):
            await _get(desk, foreign.id)
        with pytest.raises(ListNotFound):
            await _delete(desk, foreign.id, delete_tasks=True)

    async def test_a_task_keeps_its_id_when_it_moves_to_another_list(self, desk: Desk) -> None:
        work = await desk.new_list()
        task = await desk.create()
        moved = await desk.change(task.id, list=work.id)
        assert (moved.id, moved.uid, moved.list) == (task.id, task.uid, work.id)
        assert (await desk.in_order(), await desk.in_order(InList(work.id))) == ([], [task.id])

    async def test_an_archived_list_keeps_its_tasks_and_takes_no_new_ones(self, desk: Desk) -> None:
        work = await desk.new_list()
        task, parent = await desk.create(list=work.id), await desk.create()
        await desk.archive(work.id)
        await refused_at("list", desk.create(list=work.id))
        await refused_at("list", desk.change(parent.id, list=work.id))
        await refused_at("list", desk.create(parent=task.id))
        assert (await desk.change(task.id, title="still there")).list == work.id
        await desk.archive(work.id, archived=False)
        assert (await desk.create(list=work.id)).list == work.id

    async def test_no_task_gets_into_a_list_while_it_is_archived(self, desk: Desk) -> None:
        for _ in range(10):
            work = await desk.new_list()
            made, archived = await at_once(desk.create(list=work.id), desk.archive(work.id))
            assert archived.archived
            if not isinstance(made, InvalidValue):
                assert made.revision < archived.revision

    async def test_deleting_a_list_moves_its_tasks_or_deletes_them(self, desk: Desk) -> None:
        work, home = await desk.new_list(), await desk.new_list()
        parent = await desk.create(list=work.id)
        child = await desk.create(parent=parent.id)
        await refused_at("tasks", _delete(desk, work.id))
        await refused_at("move_to", _delete(desk, work.id, move_to=home.id, delete_tasks=True))
        await refused_at("move_to", _delete(desk, work.id, move_to=work.id))
        await refused_at("move_to", _delete(desk, work.id, move_to=home.id + 100))
        assert await _get(desk, work.id) == work
        await _delete(desk, work.id, move_to=home.id)
        assert await _lists(desk) == [TaskList.inbox(), home]
        moved = await desk.get(child.id)
        assert (moved.list, moved.parent) == (home.id, parent.id)
        await _delete(desk, home.id, delete_tasks=True)
        assert await _lists(desk) == [TaskList.inbox()]
        assert await desk.in_order(InList(home.id)) == []
        await refused_at("list", desk.create(list=home.id))

    async def test_a_large_list_is_emptied_some_tasks_at_a_time(self, desk: Desk, here: Bench) -> None:
        work = await desk.new_list()
        for _ in range(2):
            tasks = [await here.new_task() for _ in range(TASKS_AT_ONCE)]
            added = [task.change(TaskChanges(list=work.id), at=LATER) for task in tasks]
            await here.commit(added=added)
        await desk.create(list=work.id)
        before = await desk.revision()
        await _delete(desk, work.id, move_to=INBOX)
        assert len(await desk.in_order()) == 2 * TASKS_AT_ONCE + 1
        assert await desk.revision() == before + 4

    async def test_deleting_a_list_that_was_interrupted_goes_on(self, desk: Desk) -> None:
        """It is archived first, and stays so if the call is interrupted after that."""
        work = await desk.new_list()
        task = await desk.create(list=work.id)
        await desk.archive(work.id)
        await _delete(desk, work.id, move_to=INBOX)
        assert (await desk.get(task.id)).list == INBOX
        with pytest.raises(ListNotFound):
            await _delete(desk, work.id, move_to=INBOX)

    async def test_no_task_is_left_in_a_list_that_is_deleted_meanwhile(self, desk: Desk) -> None:
        for _ in range(5):
            work = await desk.new_list()
            outcomes = await at_once(
                desk.create(list=work.id), _delete(desk, work.id, move_to=INBOX), desk.create(list=work.id)
            )
            assert outcomes[1] is None
            assert await desk.in_order(InList(work.id)) == []
            for made in (outcomes[0], outcomes[2]):
                if not isinstance(made, TaskharborError):
                    assert (await desk.get(made.id)).list == INBOX

    async def test_a_task_whose_list_has_gone_is_restored_into_the_inbox(self, desk: Desk) -> None:
        work, put_away = await desk.new_list(), await desk.new_list()
        one, other = await desk.create(list=work.id), await desk.create(list=put_away.id)
        await desk.delete(one.id)
        assert (await desk.restore(one.id)).list == work.id
        await desk.delete(one.id)
        await desk.delete(other.id)
        await _delete(desk, work.id, delete_tasks=True)
        await desk.archive(put_away.id)
        assert [(await desk.restore(task.id)).list for task in (one, other)] == [INBOX, INBOX]


async def _get(desk: Desk, list_id: ListId) -> TaskList:
    return await desk.use_cases.get_list(list_id, workspace=desk.workspace)


async def _lists(desk: Desk) -> list[TaskList]:
    return (await desk.use_cases.list_lists(ListLists(), workspace=desk.workspace)).items


async def _change(desk: Desk, command: ChangeList) -> TaskList:
    return await desk.use_cases.execute(command, workspace=desk.workspace)


async def _delete(
    desk: Desk,
    list_id: ListId,
    *,
    move_to: ListId | None = None,
    delete_tasks: bool = False,
    if_match: int | None = None,
) -> None:
    command = DeleteList(id=list_id, move_to=move_to, delete_tasks=delete_tasks, if_match=if_match)
    await desk.use_cases.execute(command, workspace=desk.workspace)
