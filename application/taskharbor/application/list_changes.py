"""List what has changed since somebody last looked: the read side of synchronisation."""

import re
from dataclasses import dataclass
from typing import Final

from taskharbor.application.list_tasks import MAX_LIMIT
from taskharbor.application.ports.change_feed import Change, ChangeFeed, Position
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import WorkspaceId

EVERYTHING: Final = "*"
"""The token of somebody who has seen nothing yet."""

DEFAULT_CHANGES: Final = 100

_TOKEN = re.compile(r"(0|[1-9][0-9]{0,15})(?:\.([1-9][0-9]{0,15}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanges:
    """Ask for up to `limit` changes after those that led to the token `since`.

    Raises:
        InvalidValue: if the limit is out of its range, or `since` is not a token.
    """

    since: str = EVERYTHING
    limit: int = DEFAULT_CHANGES

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise InvalidValue("limit", f"must be from 1 to {MAX_LIMIT}")
        if self.since != EVERYTHING and not _TOKEN.fullmatch(self.since):
            raise InvalidValue("since", f"must be {EVERYTHING} or the `next` of an earlier answer")


@dataclass(slots=True, kw_only=True)
class ChangePage:
    """Some changes, in the order in which they were committed.

    Attributes:
        items: each changed task once, as it is now, or its tombstone.
        next: the token to go on with, now if there is `more`, or whenever something may have changed.
        more: whether there was more to see. When there was not, whoever has applied every page has an exact copy
            of the workspace as it was at the revision that `next` names.
    """

    items: list[Change]
    next: str
    more: bool


async def list_changes(query: ListChanges, feed: ChangeFeed, workspace: WorkspaceId) -> ChangePage:
    """Answer `query`.

    Raises:
        InvalidValue: if the token names a revision that the workspace has not reached.
    """
    after = _position_from(query.since)
    found = await feed.list_changes(workspace, after=after, limit=query.limit + 1)
    if after.revision > found.revision:
        # The token is another workspace's, or the store was put back to an earlier state: going on from it would
        # skip what is committed until then.
        raise InvalidValue("since", f"names revision {after.revision}, the workspace has reached {found.revision}")
    items = found.items[: query.limit]
    if len(found.items) > query.limit:
        return ChangePage(items=items, next=f"{items[-1].revision}.{items[-1].id}", more=True)
    return ChangePage(items=items, next=str(found.revision), more=False)


def _position_from(token: str) -> Position:
    found = _TOKEN.fullmatch(token)
    if found is None:
        return Position(0)
    revision, task_id = found.groups()
    return Position(int(revision), int(task_id) if task_id else None)
