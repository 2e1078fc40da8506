"""The past, on a server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import pairwise
from typing import Any

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.history.as_of import GetTaskAsOf, ListTasksAsOf, SnapshotPage
from taskharbor.application.history.list_history import HistoryPage, ListHistory
from taskharbor.application.history.purge import Purge
from taskharbor.application.history.trash import DeletedTask, ListTrash, TrashPage
from taskharbor.application.ports.housekeeping import Purged
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.sync.follow_changes import FollowChanges
from taskharbor.application.sync.list_changes import ChangePage, ListChanges
from taskharbor.application.sync.sync_tokens import SyncToken
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, TaskId, WorkspaceId
from taskharbor.domain.values.instant import instant_as_json, instant_of
from taskharbor.entrypoints.client.answers import change_of, task_of, tasks_of
from taskharbor.entrypoints.client.errors import NotServed
from taskharbor.entrypoints.client.messages import next_after
from taskharbor.entrypoints.client.reading import Reading
from taskharbor.entrypoints.client.wire import named_members


class RemoteHistory(Reading):
    """What `HistoryUseCases` does, by asking a server."""

    async def list_history(self, query: ListHistory, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> HistoryPage:
        """Return what was done to a task."""
        asked = {"before": query.before, "limit": query.limit}
        reply = await self._get(f"/tasks/{query.id}/history", workspace, asked, task_id=query.id)
        found: list[dict[str, Any]] = reply.json
        next_before = int(reply.next["before"]) if reply.next else None
        oldest = 0 if next_before is None else await self._revision_before(query.id, next_before, workspace)
        revisions = [*(each["revision"] for each in found), oldest]
        items = [
            _entry(each, query.id, previous) for each, (_, previous) in zip(found, pairwise(revisions), strict=True)
        ]
        return HistoryPage(items=items, next_before=next_before)

    async def get_task_as_of(self, query: GetTaskAsOf, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> TaskView:
        """Return a task as it was."""
        reply = await self._get(f"/tasks/{query.id}", workspace, {"as_of": query.as_of}, task_id=query.id)
        return task_of(reply.json)

    async def list_tasks_as_of(
        self, query: ListTasksAsOf, *, workspace: WorkspaceId = DEFAULT_WORKSPACE
    ) -> SnapshotPage:
        """Return a page of tasks as they were."""
        asked = {"as_of": query.as_of, "limit": query.limit, "after": query.after}
        reply = await self._get("/tasks/", workspace, asked)
        return SnapshotPage(
            items=tasks_of(reply.json), next_after=next_after(reply), revision=int(reply.located["as_of"])
        )

    async def list_trash(self, query: ListTrash, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> TrashPage:
        """Return a page of deleted tasks."""
        before = query.before and f"{instant_as_json(query.before.deleted)}.{query.before.task_id}"
        reply = await self._get("/trash", workspace, {"before": before, "limit": query.limit})
        items = [
            DeletedTask(task_of(one), instant_of(deleted)) for one in reply.json for deleted in [one.pop("deleted")]
        ]
        return TrashPage(items=items, next_before=_position(reply.next.get("before")))

    async def follow_changes(
        self, query: FollowChanges, *, workspace: WorkspaceId = DEFAULT_WORKSPACE
    ) -> AsyncIterator[ChangePage]:
        """Yield what has changed since a token, and what changes from now on."""
        since = query.since
        with self._connection.signals.listening(workspace) as heard:
            while True:
                heard.clear()  # before looking: a change that is made meanwhile is heard
                page = await self.list_changes(ListChanges(since=since, limit=query.page_size), workspace=workspace)
                since = page.next
                if page.items:
                    yield page
                if not page.more:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(query.poll):
                            await heard.wait()

    async def list_changes(self, query: ListChanges, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> ChangePage:
        """Return what has changed since a token."""
        found = (await self._get("/changes", workspace, named_members(query))).json
        return ChangePage(
            items=[change_of(one) for one in found["items"]],
            next=found["next"],
            more=found["more"],
            revision=SyncToken.from_text(found["next"]).newest,
        )

    async def purge(self, command: Purge, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> Purged:  # noqa: ARG002
        """Refuse.

        Raises:
            NotServed: always: a server purges by itself.
        """
        raise NotServed("purge", "it purges by itself, as its settings say")

    async def _revision_before(self, task_id: TaskId, revision: int, workspace: WorkspaceId) -> int:
        asked = {"before": revision, "limit": 1}
        found = (await self._get(f"/tasks/{task_id}/history", workspace, asked, task_id=task_id)).json
        return found[0]["revision"] if found else 0


def _entry(document: dict[str, Any], task_id: TaskId, previous: int) -> HistoryEntry:
    return HistoryEntry(
        task_id=task_id,
        revision=document["revision"],
        previous=previous,
        at=instant_of(document["at"]),
        command=document["command"],
        actor=document["actor"],
        changes=json_text(document["changes"]),
    )


def _position(text: str | None) -> DeletedPosition | None:
    if text is None:
        return None
    deleted, _, task_id = text.rpartition(".")
    return DeletedPosition(instant_of(deleted), int(task_id))
