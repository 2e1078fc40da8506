"""The history of one workspace, in memory."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from itertools import chain, takewhile

from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.domain.identifiers import Revision, TaskId


class InMemoryHistory:
    """Holds entries by task and by commit, both in the order of the commits."""

    def __init__(self) -> None:
        self._tasks: defaultdict[TaskId, list[HistoryEntry]] = defaultdict(list)
        self._commits: defaultdict[Revision, list[HistoryEntry]] = defaultdict(list)
        self._revisions: list[Revision] = []

    def add(self, entry: HistoryEntry) -> None:
        """Take note of what the last commit did."""
        if entry.revision not in self._commits:
            insort(self._revisions, entry.revision)
        self._tasks[entry.task_id].append(entry)
        self._commits[entry.revision].append(entry)

    def put(self, entry: HistoryEntry) -> None:
        """Take note of what a commit did, wherever that belongs, unless it is known."""
        if any(known.task_id == entry.task_id for known in self._commits.get(entry.revision, ())):
            return
        self.add(entry)
        self._tasks[entry.task_id].sort(key=lambda known: known.revision)

    def times(self) -> list[datetime]:
        """Return when the commits were made, in their order."""
        return [self._commits[revision][0].at for revision in self._revisions]

    def before(self, task_id: TaskId, revision: Revision, *, limit: int) -> list[HistoryEntry]:
        """Return up to `limit` entries of a task, the latest first."""
        entries = [entry for entry in self._tasks.get(task_id, ()) if entry.revision < revision]
        return entries[: -limit - 1 : -1]

    def since(self, task_ids: Collection[TaskId], revision: Revision) -> list[HistoryEntry]:
        """Return all entries of these tasks after a revision, the latest first."""
        entries = chain.from_iterable(self._tasks.get(task_id, ()) for task_id in set(task_ids))
        later = [entry for entry in entries if entry.revision > revision]
        return sorted(later, key=lambda entry: entry.revision, reverse=True)

    def of_commit(self, revision: Revision) -> list[HistoryEntry]:
        """Return what the commit with this revision did, by ascending id."""
        return sorted(self._commits.get(revision, ()), key=lambda entry: entry.task_id)

    def revision_at(self, at: datetime) -> Revision:
        """Return the last revision that was made at this instant or before."""
        return max((revision for revision, entries in self._commits.items() if entries[0].at <= at), default=0)

    def last_until(self, revision: Revision) -> HistoryEntry | None:
        """Return an entry of the last commit up to a revision, or None."""
        place = bisect_right(self._revisions, revision)
        return self._commits[self._revisions[place - 1]][0] if place else None

    def older_than(self, cutoff: datetime) -> list[Revision]:
        """Return the commits that were made before, from the first one on, but for the last one of them."""
        old = takewhile(lambda commit: commit[1][0].at < cutoff, sorted(self._commits.items()))
        return [revision for revision, _ in old][:-1]

    def forget(self, entries: Collection[HistoryEntry]) -> None:
        """Take away some of the entries."""
        for entry in entries:
            for by, key in ((self._tasks, entry.task_id), (self._commits, entry.revision)):
                by[key].remove(entry)
                if not by[key]:
                    del by[key]
            if entry.revision not in self._commits:
                del self._revisions[bisect_left(self._revisions, entry.revision)]
