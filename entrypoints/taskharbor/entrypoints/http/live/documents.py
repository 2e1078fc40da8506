"""The events of a stream as documents, and as bytes."""

import json
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from pydantic import Field

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.live.commit_event import CommitEvent, EventItem, ListItem, NoLongerMatching, RemovedList
from taskharbor.application.turns import in_turns
from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.http.responses.problems import problem_for
from taskharbor.entrypoints.http.schemas.change_documents import ChangedTaskDocument, TombstoneDocument, change_document
from taskharbor.entrypoints.http.schemas.documents import Document, Id, ListDocument, TaskRevision, Uid, list_document

HEARTBEAT: Final = b":\n\n"


class NoLongerMatchingDocument(Document):
    """A task that matched the filter until now."""

    id: Id
    uid: Uid
    revision: TaskRevision
    matches: Annotated[bool, Field(description="False: it exists, and no longer matches the filter.")]


class RemovedListDocument(Document):
    """What is left of a deleted list."""

    id: Annotated[int, Field(description="The number that the list had.")]
    revision: TaskRevision
    deleted: Annotated[datetime, Field(description="When it was deleted, in UTC.")]


class EventDocument(Document, omit_defaults=True):
    """The `data` of an event: what `/changes` tells of one commit."""

    items: Annotated[
        list[ChangedTaskDocument | TombstoneDocument | NoLongerMatchingDocument],
        Field(description="Each changed task as it is now, as a tombstone, or as no longer matching."),
    ]
    next: Annotated[str, Field(description="The token to continue with; the `id` of the event.")]
    more: Annotated[bool, Field(description="Whether there are more commits already.")]
    lists: Annotated[
        list[ListDocument | RemovedListDocument],
        Field(description="The changed lists; only with `lists=true`, and if there are any."),
    ] = msgspec.field(default_factory=list)


async def event_document(event: CommitEvent, fields: tuple[str, ...] | None) -> EventDocument:
    """Return the document of a commit, with only these fields of each task; None means all."""
    items = [_item_document(item, fields) async for item in in_turns(event.items)]
    return EventDocument(items, event.next, event.more, [_list_item_document(one) for one in event.lists])


async def event_text(event: CommitEvent, fields: tuple[str, ...] | None) -> bytes:
    """Return a commit as an event of a stream (WHATWG HTML section 9.2)."""
    data = msgspec.json.encode(await event_document(event, fields))
    if b"\n" in data:  # between tokens of JSON only
        data = data.replace(b"\n", b"\ndata: ")
    return b"id: %b\ndata: %b\n\n" % (event.next.encode(), data)


def position_text(token: str) -> bytes:
    """Return what moves the position of a client and is no event to it: there is no data."""
    return b"id: %b\n\n" % token.encode()


def reset_text(error: TaskharborError) -> bytes:
    """Return the event that says why a stream cannot go on."""
    return b"event: reset\ndata: %b\n\n" % problem_for(error).model_dump_json(exclude_none=True).encode()


def retry_text(milliseconds: int) -> bytes:
    """Return what tells a client when to connect again."""
    return b"retry: %d\n\n" % milliseconds


def _item_document(item: EventItem, fields: tuple[str, ...] | None) -> Any:  # noqa: ANN401  # JSON, partly encoded
    if isinstance(item, NoLongerMatching):
        return NoLongerMatchingDocument(item.id, item.uid, item.revision, matches=False)
    if fields is None or not isinstance(item, TaskView):
        return change_document(item)
    members = json.loads(item.as_json())
    return {name: members[name] for name in fields}


def _list_item_document(item: ListItem) -> ListDocument | RemovedListDocument:
    if isinstance(item, RemovedList):
        return RemovedListDocument(item.id, item.revision, item.deleted)
    return list_document(item)
