"""How much of what an actor did is undone in one commit."""

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.search.count_tasks import CountTasks
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.undo.undo_actor import MAX_UNDONE, UndoActor
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.testing import FakeClock, FakeUids


@pytest.mark.long
async def test_a_thousand_commits_are_undone_in_one():
    harbor = UseCases(InMemoryStorage(), clock=FakeClock(), uids=FakeUids())
    for number in range(1000):
        await harbor.execute(CreateTask(title=f"task {number}"), actor="bot")
    outcome = await harbor.execute(UndoActor(actor="bot", since=0))
    assert (len(outcome.commits), outcome.revision, outcome.continue_until) == (MAX_UNDONE, 1001, None)
    assert await harbor.search.count_tasks(CountTasks(), workspace=DEFAULT_WORKSPACE) == 0
