"""Lists of the past, filtered: what is found as of a revision is what was found then."""

from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.history.snapshot import AsOf
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.search.find_tasks import FindTasks, FoundTasks
from taskharbor.application.search.find_tasks_as_of import MAX_LOOKED_AT, FindTasksAsOf
from taskharbor.application.tasks.comments import AddComment, DeleteComment, EditComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import Compare, Filter, Flag, Has, Mentions
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import LATER, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.strategies.commands import do_something
from taskharbor.testing.strategies.filters import filters

_URGENT: Final = Compare(Field.PRIORITY, Operator.EQUAL, 1)


class PastSearchContract(Contract):
    """A filter of the past looks at each task as it was, a bounded number of them for each page."""

    @share_of_effort(4)
    @given(data=st.data())
    async def test_as_of_every_revision_a_filter_finds_what_it_found_then(
        self, here: Bench, data: st.DataObject
    ) -> None:
        here = here.another()
        clock = FakeClock()
        use_cases = UseCases(here.storage, clock=clock, uids=FakeUids())
        ids: list[TaskId] = []
        answers: list[tuple[Revision, Filter, Sequence[TaskView]]] = []
        for _ in range(data.draw(st.integers(1, 8), label="commands")):
            clock.advance()
            await do_something(use_cases, here, ids, data)
            revision = (await here.storage.read_history_bounds(here.workspace)).revision
            stored = await here.storage.scan_tasks(here.workspace, after=0, limit=100)
            drawn = data.draw(st.lists(filters(stored), min_size=1, max_size=3), label="filters") if stored else []
            answers += [(revision, wanted, await _found(use_cases, here, wanted)) for wanted in drawn]
        for revision, wanted, answer in answers:
            limit = data.draw(st.integers(1, 4), label="limit")
            assert await _found_as_of(use_cases, here, revision, wanted, limit=limit) == answer

    async def test_what_was_said_of_a_task_is_found_by_its_words_as_they_were(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        task = await use_cases.execute(CreateTask(title="a task"), workspace=here.workspace)
        await use_cases.execute(AddComment(id=task.id, text="Buy milk"), workspace=here.workspace)
        edited = EditComment(id=task.id, comment_id=1, text="Sell eggs")
        await use_cases.execute(edited, workspace=here.workspace)
        await use_cases.execute(DeleteComment(id=task.id, comment_id=1), workspace=here.workspace)
        for word, revisions in (("milk", {2}), ("egg", {3})):
            found = {n for n in range(1, 5) if await _found_as_of(use_cases, here, n, Mentions((word,)))}
            assert found == revisions

    async def test_a_task_was_blocked_while_one_that_it_depended_on_was_live_and_open(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        needed = await use_cases.execute(CreateTask(title="needed"), workspace=here.workspace)
        waiting = CreateTask(title="waiting", depends_on=[needed.id])
        blocked = await use_cases.execute(waiting, workspace=here.workspace)
        await use_cases.execute(CompleteTask(id=needed.id), workspace=here.workspace)
        await use_cases.execute(DeleteTask(id=blocked.id), workspace=here.workspace)
        assert await _found_as_of(use_cases, here, 2, Flag(Field.BLOCKED)) == [blocked]
        assert await _found_as_of(use_cases, here, 3, Flag(Field.BLOCKED)) == []

    async def test_a_page_looks_at_a_bounded_number_of_tasks(self, here: Bench, use_cases: UseCases) -> None:
        tasks = [await here.new_task(f"task {n}") for n in range(MAX_LOOKED_AT + 1)]
        tasks[-1] = tasks[-1].change(TaskChanges(priority=1), at=LATER)
        await here.commit(added=tasks, history=[recorded(task) for task in tasks])
        first = await _page(use_cases, here, 1, _URGENT)
        assert first.items == []
        assert first.next_cursor is not None
        last = await _page(use_cases, here, 1, _URGENT, cursor=first.next_cursor)
        assert ([task.id for task in last.items], last.next_cursor) == ([tasks[-1].id], None)

    async def test_the_cursor_of_one_past_is_none_of_another(self, here: Bench, use_cases: UseCases) -> None:
        for title in ("one", "two"):
            await use_cases.execute(CreateTask(title=title), workspace=here.workspace)
        is_open = Flag(Field.IS_OPEN)
        cursor = (await _page(use_cases, here, 2, is_open, limit=1)).next_cursor
        assert len((await _page(use_cases, here, "2", is_open, cursor=cursor)).items) == 1
        for as_of, wanted in ((1, is_open), (2, Has(Field.TAGS, "home")), (2, None)):
            with pytest.raises(InvalidValue, match="cursor"):
                await _page(use_cases, here, as_of, wanted, cursor=cursor)
        with pytest.raises(InvalidValue, match="cursor"):
            await use_cases.search.find_tasks(FindTasks(filter=is_open, cursor=cursor), workspace=here.workspace)


async def _found(use_cases: UseCases, here: Bench, filter: Filter) -> Sequence[TaskView]:
    query = FindTasks(filter=filter, limit=1000)
    return (await use_cases.search.find_tasks(query, workspace=here.workspace)).items


async def _found_as_of(
    use_cases: UseCases, here: Bench, as_of: AsOf, filter: Filter, *, limit: int = 10
) -> list[TaskView]:
    found: list[TaskView] = []
    cursor: str | None = None
    while True:
        page = await _page(use_cases, here, as_of, filter, cursor=cursor, limit=limit)
        assert len(page.items) <= limit
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


async def _page(
    use_cases: UseCases, here: Bench, as_of: AsOf, filter: Filter | None, *, cursor: str | None = None, limit: int = 10
) -> FoundTasks:
    query = FindTasksAsOf(as_of=as_of, filter=filter, cursor=cursor, limit=limit)
    return await use_cases.search.find_tasks_as_of(query, workspace=here.workspace)
