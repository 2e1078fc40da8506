"""Tokens and cursors, read at each of some revisions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import pytest

from taskharbor.application.errors import TokenExpired
from taskharbor.application.search.find_tasks import FindTasks
from taskharbor.application.search.find_tasks_as_of import FindTasksAsOf
from taskharbor.application.sync.list_changes import ListChanges
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import Revision
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import NOON, Bench

_LATER: Final = NOON + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Read:
    """What readers have got at one revision, to go on from.

    Attributes:
        revision: the revision.
        tokens: of the feed: that of the first page of a full copy, if there is another one, and that of the last.
        cursor: of the first page of tasks by title, if there is another one.
        past_cursor: the same as of the revision, by id.
    """

    revision: Revision
    tokens: tuple[str, str]
    cursor: str | None
    past_cursor: str | None

    async def expect_taken(self, here: Bench) -> None:
        """Expect that the workspace takes all of it."""
        use_cases = _use_cases(here, _LATER)
        for token in self.tokens:
            await use_cases.list_changes(ListChanges(since=token, limit=1), workspace=here.workspace)
        if self.cursor is not None:
            await use_cases.search.find_tasks(_by_title(self.cursor), workspace=here.workspace)
        if self.past_cursor is not None:
            await use_cases.search.find_tasks_as_of(self._past(self.past_cursor), workspace=here.workspace)

    async def expect_tokens_refused(self, here: Bench) -> None:
        """Expect that the workspace takes none of the tokens."""
        use_cases = _use_cases(here, _LATER)
        for token in self.tokens:
            with pytest.raises((TokenExpired, InvalidValue)):
                await use_cases.list_changes(ListChanges(since=token, limit=1), workspace=here.workspace)

    async def expect_cursors_refused(self, here: Bench) -> None:
        """Expect that the workspace takes none of the cursors."""
        use_cases = _use_cases(here, _LATER)
        if self.cursor is not None:
            with pytest.raises(InvalidValue):
                await use_cases.search.find_tasks(_by_title(self.cursor), workspace=here.workspace)
        if self.past_cursor is not None:
            with pytest.raises(InvalidValue):
                await use_cases.search.find_tasks_as_of(self._past(self.past_cursor), workspace=here.workspace)

    def _past(self, cursor: str | None) -> FindTasksAsOf:
        return FindTasksAsOf(as_of=self.revision, limit=1, cursor=cursor)


async def read_at_each_revision(here: Bench, at: datetime, *, number: int = 4) -> list[Read]:
    """Create so many tasks, the first one at `at` and one each second; read after each."""
    use_cases = _use_cases(here, at)
    read: list[Read] = []
    for _ in range(number):
        task = await use_cases.execute(CreateTask(title="a task"), workspace=here.workspace)
        first = await use_cases.list_changes(ListChanges(limit=1), workspace=here.workspace)
        last = await use_cases.list_changes(ListChanges(limit=1000), workspace=here.workspace)
        page = await use_cases.search.find_tasks(_by_title(None), workspace=here.workspace)
        past = FindTasksAsOf(as_of=task.revision, limit=1)
        found = await use_cases.search.find_tasks_as_of(past, workspace=here.workspace)
        read.append(Read(task.revision, (first.next, last.next), page.next_cursor, found.next_cursor))
    return read


def _by_title(cursor: str | None) -> FindTasks:
    return FindTasks(sort="title", limit=1, cursor=cursor)


def _use_cases(here: Bench, at: datetime) -> UseCases:
    uids = FakeUids(1 + (at - NOON) // timedelta(microseconds=1) * 1000)
    clock = FakeClock(at, step=timedelta(seconds=1))
    return UseCases(here.storage, clock=clock, uids=uids, cursor_key=b"the same for all servers")
