"""The history of tasks, from when they came into the lists on.

What was done to a task elsewhere is not shown, nor that it was anywhere: its history begins when it came in, as if it
had been made then. So rewinding it to an earlier revision finds that it was not there.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.domain.identifiers import ListId, Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task

_LIST: Final = "list"


class NarrowedHistory:
    """Reads the entries of tasks that are in the lists now, live or deleted."""

    def __init__(self, storage: Storage, lists: Collection[ListId]) -> None:
        self._storage = storage
        self._lists = lists

    async def of_task(
        self, workspace: WorkspaceId, task: Task, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        """Return what `TaskHistory.list_history` says of a task that is in the lists."""
        later = await self._storage.list_history_since(workspace, [task.id], after=before - 1)
        if any(self._comes_in(entry) for entry in later):
            return ()
        found = await self._storage.list_history(workspace, task.id, before=before, limit=limit)
        return self._since_it_came_in(task, found)

    async def since(
        self, workspace: WorkspaceId, tasks: Mapping[TaskId, Task], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        """Return what `TaskHistory.list_history_since` says of tasks that are in the lists."""
        found = await self._storage.list_history_since(workspace, tasks, after=after)
        of_each: defaultdict[TaskId, list[HistoryEntry]] = defaultdict(list)
        for entry in found:
            of_each[entry.task_id].append(entry)
        shown = [one for task_id, entries in of_each.items() for one in self._since_it_came_in(tasks[task_id], entries)]
        return sorted(shown, key=lambda entry: entry.revision, reverse=True)

    async def of_commit(
        self, workspace: WorkspaceId, tasks: Mapping[TaskId, Task], commit: Sequence[HistoryEntry]
    ) -> Sequence[HistoryEntry]:
        """Return of the entries of a commit those that are about tasks which were in the lists before and after it.

        What brought a task in is left out, since whoever undoes that would move it out again.
        """
        if not tasks or not commit:
            return ()
        later = await self._storage.list_history_since(workspace, tasks, after=commit[0].revision)
        came_later = {entry.task_id for entry in later if self._comes_in(entry)}
        return [
            entry
            for entry in commit
            if entry.task_id in tasks and entry.task_id not in came_later and not self._comes_in(entry)
        ]

    def goes_out(self, entry: HistoryEntry) -> bool:
        """Return whether this took a task out of the lists."""
        before, after = _moved(entry)
        return before in self._lists and after not in self._lists

    def _comes_in(self, entry: HistoryEntry) -> bool:
        before, after = _moved(entry)
        return before is not None and before not in self._lists and after in self._lists

    def _since_it_came_in(self, task: Task, entries: Iterable[HistoryEntry]) -> list[HistoryEntry]:
        shown: list[HistoryEntry] = []
        for entry in entries:
            if entry.revision > task.revision:
                continue  # of a later commit than the task was read at, which may have taken it away
            if self._comes_in(entry):
                _, after = _moved(entry)
                return [*shown, replace(entry, previous=0, changes=json_text({_LIST: [None, after]}))]
            shown.append(entry)
        return shown


def _moved(entry: HistoryEntry) -> tuple[Any, Any]:
    """Return the lists before and after; None twice if a task stayed where it was."""
    if f'"{_LIST}":' not in entry.changes:
        return None, None
    before, after = json.loads(entry.changes).get(_LIST, (None, None))
    return before, after
