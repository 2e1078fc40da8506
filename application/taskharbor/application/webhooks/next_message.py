"""What a webhook is to be told next."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import TokenExpired
from taskharbor.application.live.commit_event import CommitBatch, CommitEvent, EventItem
from taskharbor.application.live.read_commits import read_commits
from taskharbor.application.ports.change_feed import Tombstone
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.sync.list_changes import latest_token, position_of
from taskharbor.application.turns import in_turns
from taskharbor.application.webhooks.delivery_state import DeliveryState
from taskharbor.application.webhooks.message import Message, item_as_json, list_item_as_json, message_of
from taskharbor.application.webhooks.webhook import EventKind, Webhook
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.progress import Progress

MOST_TASKS: Final = 100
"""How many changed tasks one delivery tells at most. An endpoint that lags gets several commits at once."""


@frozen
class Found:
    """What was looked at.

    Attributes:
        message: what is to be told, or None.
        token: up to where.
        more: whether there is more already.
    """

    message: Message | None
    token: str
    more: bool


async def next_message(
    webhook: Webhook, state: DeliveryState, token: str, storage: Storage, *, reader: FilterParser, now: datetime
) -> Found:
    """Return what comes after the token: what the filter lets through of the events that the webhook wants.

    Where something since the token can no longer be told, that is a message of its own, of the type `reset`.

    Raises:
        TaskharborError: if the filter can no longer be answered.
    """
    try:
        batch = await read_commits(
            webhook.asked, token, storage, webhook.workspace, reader=reader, now=now, page_size=MOST_TASKS
        )
    except (TokenExpired, InvalidValue) as error:
        if isinstance(error, InvalidValue) and error.field != "since":  # else the store was put back before it
            raise
        return await _reset(webhook, state, storage, now)
    items = await _items_of(webhook, batch, token, storage)
    lists = [list_item_as_json(one) for event in batch.events for one in event.lists]
    if not items and not lists:
        return Found(None, batch.next, more=batch.more)
    revision = max(event.revision for event in batch.events)
    body = message_of(
        "commits",
        webhook,
        now,
        previous=state.revision,
        revision=revision,
        items=items,
        lists=lists,
        more=batch.more,
    )
    name = f"{webhook.id}.{state.replays}.{state.revision}.{_end_of(batch.next)}"
    message = Message(id=name, body=body, token=batch.next, revision=revision, since=_made(batch.events[0], now))
    return Found(message, batch.next, more=batch.more)


def _end_of(token: str) -> str:
    """Return what is the same in all tokens of a place: in the midst of a commit they tell what came after it, too."""
    end = position_of(token)
    return token if end.task_id is None else f"{end.revision}.{end.task_id}"


async def _reset(webhook: Webhook, state: DeliveryState, storage: Storage, now: datetime) -> Found:
    token = await latest_token(storage, webhook.workspace)
    revision = position_of(token).revision
    body = message_of("reset", webhook, now, previous=state.revision, revision=revision)
    name = f"{webhook.id}.{state.replays}.reset.{token}"
    return Found(Message(id=name, body=body, token=token, revision=revision, since=now), token, more=False)


def _made(event: CommitEvent, now: datetime) -> datetime:
    """Return when a commit was made, as its tasks say, of which a parent that counts anew is not updated."""
    updated = [item.updated for item in event.items if isinstance(item, TaskView)]
    deleted = [item.deleted for item in event.items if isinstance(item, Tombstone)]
    return max(updated + deleted, default=now)


async def _items_of(webhook: Webhook, batch: CommitBatch, token: str, storage: Storage) -> list[object]:
    changed = [item for event in batch.events for item in event.items]
    entries = await _history_of([item.id for item in changed], batch, token, webhook, storage)
    found: list[object] = []
    async for item in in_turns(changed):
        kinds = _kinds_of(item, entries.get(item.id, ()))
        if any(kind in webhook.events for kind in kinds):
            found.append(item_as_json(item, kinds))
    return found


async def _history_of(
    ids: Sequence[TaskId], batch: CommitBatch, token: str, webhook: Webhook, storage: Storage
) -> Mapping[TaskId, list[HistoryEntry]]:
    entries: defaultdict[TaskId, list[HistoryEntry]] = defaultdict(list)
    if ids:
        seen = position_of(token).told_from
        for entry in await storage.list_history_since(webhook.workspace, ids, after=seen):
            if entry.revision <= batch.revision:
                entries[entry.task_id].append(entry)
    return entries


def _kinds_of(item: EventItem, entries: Sequence[HistoryEntry]) -> list[EventKind]:
    if isinstance(item, Tombstone):
        return [EventKind.TASK_DELETED]
    kinds = [EventKind.TASK_CREATED if any(not entry.previous for entry in entries) else EventKind.TASK_CHANGED]
    if any(_completes(entry) for entry in entries):
        kinds.append(EventKind.TASK_COMPLETED)
    return kinds


def _completes(entry: HistoryEntry) -> bool:
    _, after = json.loads(entry.changes).get("progress", (None, None))
    return bool(after == Progress.COMPLETED.value)
