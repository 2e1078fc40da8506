"""History, undo, trash and purge as plain calls on one workspace."""

from collections.abc import AsyncIterator
from datetime import timedelta

from taskharbor.application.history.as_of import ListTasksAsOf, SnapshotPage
from taskharbor.application.history.list_history import DEFAULT_ENTRIES, HistoryPage, ListHistory
from taskharbor.application.history.purge import HISTORY_RETENTION, TRASH_RETENTION, Purge
from taskharbor.application.history.snapshot import AsOf
from taskharbor.application.history.trash import ListTrash, TrashPage
from taskharbor.application.pagination import MAX_LIMIT
from taskharbor.application.ports.housekeeping import Purged
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.sync.follow_changes import FollowChanges
from taskharbor.application.sync.list_changes import EVERYTHING, ChangePage
from taskharbor.application.sync.watches import DEFAULT_POLL
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT
from taskharbor.application.undo.undo_actor import ActorUndoOutcome, UndoActor
from taskharbor.application.undo.undo_commit import UndoCommit, UndoOutcome
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.entrypoints.embedded.scope import HarborScope


class HistoryCalls(HarborScope):
    """The past: reading, undoing and purging it.

    `as_of` is a revision, an aware instant, or the text of one of the two.
    """

    async def task_history(
        self, id: TaskId, *, before: Revision | None = None, limit: int = DEFAULT_ENTRIES
    ) -> HistoryPage:
        """Return up to `limit` entries of the history of a live or deleted task, latest first.

        Raises:
            InvalidValue: if a number is out of its range.
            TaskNotFound: if the task never existed or has been purged.
        """
        query = ListHistory(id=id, before=before, limit=limit)
        return await self._use_cases.history.list_history(query, workspace=self._workspace)

    async def list_tasks_as_of(self, as_of: AsOf, *, limit: int = DEFAULT_LIMIT, after: TaskId = 0) -> SnapshotPage:
        """Return the tasks that were live then, by ascending id: those after `after`.

        A page can be short or empty and still have a next one: ask for it with the page's `revision`.

        Raises:
            InvalidValue: if `as_of` is malformed or in the future, or a number is out of range.
            HistoryForgotten: if the history of that time has been purged.
        """
        query = ListTasksAsOf(as_of=as_of, limit=limit, after=after)
        return await self._use_cases.history.list_tasks_as_of(query, workspace=self._workspace)

    async def undo_commit(self, revision: Revision, *, idempotency_key: str | None = None) -> UndoOutcome:
        """Undo a commit, in another one, except where later changes have overwritten it.

        Undoing an undo redoes the commit.

        Raises:
            CommitNotFound: if there is no such commit.
            HistoryForgotten: if its history has been purged.
        """
        return await self._use_cases.execute(UndoCommit(revision=revision), **self._context(idempotency_key))

    async def undo_actor(
        self,
        actor: str,
        *,
        since: AsOf,
        until: AsOf | None = None,
        dry_run: bool = False,
        idempotency_key: str | None = None,
    ) -> ActorUndoOutcome:
        """Undo what an actor has committed after `since`, up to `until`, the latest first, in one commit.

        What others have changed since stays. Commits are looked at for 5 seconds, and up to 1,000 of the actor undone:
        if `continue_until` of the answer is not None, another undo with it as `until` goes on.

        Raises:
            InvalidValue: for `actor`, `since` or `until`.
        """
        command = UndoActor(actor=actor, since=since, until=until, dry_run=dry_run)
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def list_trash(self, *, before: DeletedPosition | None = None, limit: int = DEFAULT_LIMIT) -> TrashPage:
        """Return up to `limit` deleted tasks, most recently deleted first: those before `before`.

        Raises:
            InvalidValue: if the limit is out of its range.
        """
        return await self._use_cases.history.list_trash(
            ListTrash(before=before, limit=limit), workspace=self._workspace
        )

    async def purge(
        self,
        *,
        trash_retention: timedelta | None = TRASH_RETENTION,
        history_retention: timedelta | None = HISTORY_RETENTION,
    ) -> Purged:
        """Permanently remove old data of this workspace; None keeps it forever.

        Expired results of calls with an `idempotency_key` are removed, too. It works in small steps that block no
        other call for long.

        Raises:
            InvalidValue: if a retention is negative.
        """
        command = Purge(trash_retention=trash_retention, history_retention=history_retention)
        return await self._use_cases.history.purge(command, workspace=self._workspace)

    def follow_changes(
        self, since: str = EVERYTHING, *, poll: float | None = DEFAULT_POLL, page_size: int = MAX_LIMIT
    ) -> AsyncIterator[ChangePage]:
        """Yield pages of changes since a token, and continue forever with new ones.

        A commit through this harbor, or one from the same `open_taskharbor`, wakes it at once. Those of other
        processes do so as soon as PostgreSQL or the SQLite file shows it; other stores are asked every `poll` seconds.
        With None only this process is heard. Each page has changes; its `next` is the token to continue with later.

        Raises:
            InvalidValue: at once if a number is out of its range; with the first page, if `since` is no token of
                this workspace.
            TokenExpired: if deletions since then have been purged: begin a new copy.
        """
        query = FollowChanges(since=since, poll=poll, page_size=page_size)
        return self._use_cases.history.follow_changes(query, workspace=self._workspace)
