"""A revision is told from one of the same number that a restore has undone: `ChangeSlice.at` and `seen_at`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.errors import TokenExpired
from taskharbor.application.history.purge import Purge
from taskharbor.application.ports.change_feed import Position
from taskharbor.application.ports.housekeeping import Cutoffs
from taskharbor.application.sync.list_changes import ListChanges
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import NOON, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.scenes.notes import note
from taskharbor.testing.scenes.read_marks import read_at_each_revision

_SECOND: Final = timedelta(seconds=1)
_MICROSECOND: Final = timedelta(microseconds=1)
_EVERYTHING: Final = Cutoffs(deleted=datetime(2100, 1, 1, tzinfo=UTC), expired=NOON, recorded=None)
_WHATEVER: Final = ("create", "create", "delete", "note", "purge")


class CommitMarkContract(Contract):
    """When commits were made, as the feed says it, and tokens and cursors of commits that are not there."""

    async def test_the_feed_says_when_the_last_commit_was_made(self, here: Bench) -> None:
        assert (await here.changes()).at is None
        for moment in (NOON, NOON + _MICROSECOND, NOON - _SECOND):
            await commit_at(here, moment)
            assert (await here.changes()).at == moment

    async def test_the_feed_says_when_the_commit_was_made_that_a_caller_has_seen(self, here: Bench) -> None:
        moments = [NOON + n * _MICROSECOND for n in range(4)]
        for moment in moments:
            await commit_at(here, moment)
        assert (await here.changes()).seen_at is None
        assert [await seen_at(here, revision) for revision in range(6)] == [None, *moments, moments[-1]]
        place = Position(4, seen=2)
        assert (await here.storage.list_changes(here.workspace, after=place, limit=1)).seen_at == moments[1]

    async def test_a_commit_that_the_history_does_not_tell_has_the_time_of_the_one_before(self, here: Bench) -> None:
        await here.put(note("a"))
        assert ((await here.changes()).at, await seen_at(here, 1)) == (None, None)
        await commit_at(here, NOON)
        await here.put(note("b"))
        await commit_at(here, NOON + _SECOND)
        assert [await seen_at(here, revision) for revision in range(5)] == [None, None, NOON, NOON, NOON + _SECOND]

    async def test_a_deletion_that_was_purged_still_has_its_time(self, here: Bench) -> None:
        moments = [NOON + n * _SECOND for n in range(6)]
        gone, later = await commit_at(here, moments[0]), await commit_at(here, moments[1])
        await delete_at(here, later, moments[2])
        await delete_at(here, gone, moments[3])
        for limit in (1, 9):
            await here.storage.purge(here.workspace, _EVERYTHING, limit=limit)
        bounds = await here.storage.read_history_bounds(here.workspace)
        assert (bounds.purged_revision, bounds.purged_at) == (4, moments[3])
        assert ((await here.changes()).at, await seen_at(here, 4)) == (moments[3], moments[3])
        await commit_at(here, moments[4])
        assert [await seen_at(here, revision) for revision in (4, 5)] == moments[3:5]
        assert (await here.changes()).at == moments[4]

    async def test_what_the_history_has_forgotten_has_no_time(self, here: Bench) -> None:
        moments = [NOON + n * _SECOND for n in range(4)]
        for moment in moments:
            await commit_at(here, moment)
        cutoffs = Cutoffs(deleted=None, expired=NOON, recorded=moments[3])
        await here.storage.purge(here.workspace, cutoffs, limit=9)
        assert [await seen_at(here, revision) for revision in range(1, 5)] == [None, None, *moments[2:]]

    async def test_times_of_another_workspace_are_not_told(self, here: Bench, elsewhere: Bench) -> None:
        await commit_at(elsewhere, NOON)
        await here.put(note("a"))
        assert ((await here.changes()).at, await seen_at(here, 1)) == (None, None)

    async def test_tokens_of_commits_that_the_workspace_does_not_have_are_refused(
        self, here: Bench, elsewhere: Bench
    ) -> None:
        # What a restore leaves is, to the store, a workspace that has had other commits with the same numbers.
        lost = await read_at_each_revision(here, NOON)
        await read_at_each_revision(elsewhere, NOON + _MICROSECOND)
        for read in lost:
            await read.expect_taken(here)
            await read.expect_tokens_refused(elsewhere)

    @share_of_effort(4)
    @given(data=st.data())
    async def test_a_token_is_good_until_what_was_deleted_since_is_purged(
        self, here: Bench, data: st.DataObject
    ) -> None:
        here = here.another()
        clock = FakeClock(step=_SECOND)
        use_cases = UseCases(here.storage, clock=clock, uids=FakeUids())
        tokens: list[tuple[str, Revision]] = []
        live: list[int] = []
        for what in data.draw(st.lists(st.sampled_from(_WHATEVER), min_size=2, max_size=12), label="what is done"):
            if what == "create":
                live.append((await use_cases.execute(CreateTask(title="a task"), workspace=here.workspace)).id)
            elif what == "note":
                await here.put(note(f"note {len(tokens)}"))
            elif what == "purge":
                await use_cases.history.purge(Purge(trash_retention=timedelta(0)), workspace=here.workspace)
            elif live:
                await use_cases.execute(DeleteTask(id=live.pop(0)), workspace=here.workspace)
            page = await use_cases.list_changes(ListChanges(), workspace=here.workspace)
            tokens.append((page.next, page.revision))
            purged = (await here.storage.read_history_bounds(here.workspace)).purged_revision
            for token, revision in tokens:
                if revision < purged:
                    with pytest.raises(TokenExpired):
                        await use_cases.list_changes(ListChanges(since=token), workspace=here.workspace)
                else:
                    await use_cases.list_changes(ListChanges(since=token), workspace=here.workspace)


async def commit_at(here: Bench, moment: datetime) -> int:
    """Commit a new task at a moment; return its id."""
    task = await here.new_task()
    await here.commit(added=[task], history=[replace(recorded(task), at=moment)])
    return task.id


async def delete_at(here: Bench, task_id: int, moment: datetime) -> None:
    """Delete a task at a moment."""
    task = await here.load(task_id)
    assert task is not None
    deleted = task.delete(at=moment)
    await here.commit(changed=[deleted], history=[replace(recorded(deleted, task), at=moment)])


async def seen_at(here: Bench, revision: Revision) -> datetime | None:
    """Return what the feed says of a revision to a caller who has seen it."""
    return (await here.changes(Position(0, seen=revision), limit=1)).seen_at
