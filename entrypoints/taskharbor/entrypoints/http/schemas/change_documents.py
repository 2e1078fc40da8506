"""The responses about changes as OpenAPI describes them."""

from datetime import datetime
from typing import Annotated, cast

import msgspec
from pydantic import Field

from taskharbor.application.documents.encoded_tasks import EncodedTasks
from taskharbor.application.ports.change_feed import Change, Tombstone
from taskharbor.application.sync.list_changes import ChangePage
from taskharbor.entrypoints.http.schemas.documents import (
    Alerted,
    Assigned,
    Claimed,
    Document,
    Id,
    TaskContent,
    TaskRevision,
    Uid,
)


class ChangedTaskDocument(TaskContent):
    """A task in the feed of changes: without `blocked`, which changes when other tasks do."""

    revision: TaskRevision
    assignees: Assigned = None
    claim: Claimed = None
    alerts: Alerted = ()


class TombstoneDocument(Document):
    """What is left of a deleted task."""

    id: Id
    uid: Uid
    revision: TaskRevision
    deleted: Annotated[datetime, Field(description="When it was deleted, in UTC.")]


class ChangesDocument(Document):
    """Some changes, in the order in which they were committed."""

    items: Annotated[
        list[ChangedTaskDocument | TombstoneDocument],
        Field(description="Each changed task once, as it is now or as a tombstone."),
    ]
    next: Annotated[str, Field(description="The token to continue with: now if `more` is true, else later.")]
    more: Annotated[
        bool,
        Field(
            description="Whether there are more changes. If false, a client that has applied every page has an "
            "exact copy."
        ),
    ]


def changes_document(page: ChangePage) -> ChangesDocument:
    """Return the document of a page of changes."""
    if isinstance(page.items, EncodedTasks):
        items = cast("list[ChangedTaskDocument | TombstoneDocument]", msgspec.Raw(b"[%b]" % page.items.text))
    else:
        items = [change_document(change) for change in page.items]
    return ChangesDocument(items, page.next, page.more)


def change_document(change: Change) -> ChangedTaskDocument | TombstoneDocument:
    """Return an item of the feed."""
    if isinstance(change, Tombstone):
        return TombstoneDocument(change.id, change.uid, change.revision, change.deleted)
    return cast("ChangedTaskDocument", msgspec.Raw(change.as_json().encode()))
