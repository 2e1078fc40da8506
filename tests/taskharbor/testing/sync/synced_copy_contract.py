"""A copy kept by the feed says what reads say: nothing that a revision covers changes without one."""

from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import Tombstone
from taskharbor.application.sync.list_changes import EVERYTHING, ListChanges
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.strategies.commands import do_something


class SyncedCopyContract(Contract):
    """Reads, pages and the feed agree; a task that has kept its revision reads as it did."""

    @share_of_effort(4)
    @given(data=st.data())
    async def test_a_copy_kept_by_the_feed_equals_what_reads_answer_after_any_commands(
        self, here: Bench, data: st.DataObject
    ) -> None:
        here = here.another()
        clock = FakeClock()
        use_cases = UseCases(here.storage, clock=clock, uids=FakeUids())
        ids: list[TaskId] = []
        copy: dict[TaskId, TaskView] = {}
        seen: dict[tuple[TaskId, Revision], str] = {}
        since = EVERYTHING
        for _ in range(data.draw(st.integers(1, 8), label="rounds")):
            for _ in range(data.draw(st.integers(1, 3), label="commands")):
                clock.advance()
                await do_something(use_cases, here, ids, data)
            since = await _followed(use_cases, here, since, copy, limit=data.draw(st.integers(1, 5), label="limit"))
            page = await use_cases.list_tasks(ListTasks(limit=100), workspace=here.workspace)
            assert [view.id for view in page.items] == sorted(copy)
            for view in page.items:
                assert view.content_as_json() == copy[view.id].content_as_json()
                assert view.blocked is _is_blocked(view, copy)
                assert view == await use_cases.get_task(view.id, workspace=here.workspace)
                known = seen.setdefault((view.id, view.revision), view.content_as_json())
                assert view.content_as_json() == known, "a task changed without a new revision"


async def _followed(use_cases: UseCases, here: Bench, since: str, copy: dict[TaskId, TaskView], *, limit: int) -> str:
    while True:
        page = await use_cases.list_changes(ListChanges(since=since, limit=limit), workspace=here.workspace)
        for change in page.items:
            if isinstance(change, Tombstone):
                copy.pop(change.id, None)
            else:
                assert change.blocked is None, "the feed does not tell what changes with other tasks"
                copy[change.id] = change
        since = page.next
        if not page.more:
            return since


def _is_blocked(view: TaskView, copy: dict[TaskId, TaskView]) -> bool:
    """Derive it as a client with the copy can: from what the task depends on."""
    return any(needed.progress.is_open for task_id in view.depends_on if (needed := copy.get(task_id)) is not None)
