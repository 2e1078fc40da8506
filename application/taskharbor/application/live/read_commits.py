"""Read the commits after a token, each as one event."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from taskharbor.application.live.changed_lists import all_lists, lists_by_commit
from taskharbor.application.live.commit_event import CommitBatch, CommitEvent, ListItem
from taskharbor.application.live.matching_items import matching_items
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.ports.storage import Storage
from taskharbor.application.search.criteria import TaskCriteria, resolve_criteria
from taskharbor.application.sync.list_changes import (
    EVERYTHING,
    ChangePage,
    ListChanges,
    list_changes,
    position_of,
)
from taskharbor.application.unit_of_work.record_repository import RecordRepository
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, WorkspaceId
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import Filter, asks_for_flag

PAGE_SIZE: Final = 500
"""How many changed tasks are read at once."""


@frozen(kw_only=True)
class WatchedCommits(TaskCriteria):
    """Which commits are to be told: those that change a task that matches, or did before.

    `now` and `today` in a filter mean the time of the commit. `blocked` cannot be asked for: it changes with other
    tasks.

    Attributes:
        lists: whether those that change lists are told, too.
    """

    lists: bool = False


async def read_commits(
    asked: WatchedCommits,
    since: str,
    storage: Storage,
    workspace: WorkspaceId,
    *,
    reader: FilterParser,
    now: datetime,
    page_size: int = PAGE_SIZE,
) -> CommitBatch:
    """Return the next commits after those that led to the token `since`, with up to `page_size` changed tasks.

    Raises:
        InvalidFilter, InvalidValue: if the filter cannot be understood or answered, or the token is not of this
            workspace.
        FilterNotFound: if there is no saved filter of this name.
        TokenExpired: if something since then can no longer be told.
    """
    condition = await filter_of(asked, storage, workspace, reader=reader, now=now)
    page = await list_changes(ListChanges(since=since, limit=page_size), storage, workspace)
    revision = position_of(page.next).revision
    events = [
        CommitEvent(revision=commit.items[-1].revision, items=commit.items, next=commit.next, more=commit.more)
        for commit in page.by_commit()
        if commit.items
    ]
    if condition is not None:
        events = await _matching(events, page, condition, storage, workspace, since=since)
    if asked.lists:
        events = _with_lists(events, await _lists(page, since, revision, storage, workspace), page, revision)
    return CommitBatch(
        events=[event for event in events if event.items or event.lists],
        revision=revision,
        next=page.next,
        more=page.more,
    )


async def filter_of(
    asked: WatchedCommits, storage: Storage, workspace: WorkspaceId, *, reader: FilterParser, now: datetime
) -> Filter | None:
    """Return the filter that is asked for, or None for all tasks.

    Raises:
        InvalidFilter, InvalidValue, FilterNotFound: as `read_commits` does.
    """
    terms = await resolve_criteria(asked, RecordRepository(storage, workspace), reader)
    condition = terms.filter(reader, now)
    if condition is not None and asks_for_flag(condition, Field.BLOCKED):
        raise InvalidValue("filter", "cannot ask for blocked here: it changes with other tasks, and in no commit")
    return condition


async def _matching(
    events: list[CommitEvent],
    page: ChangePage,
    filter: Filter,
    storage: Storage,
    workspace: WorkspaceId,
    *,
    since: str,
) -> list[CommitEvent]:
    new_until = page.begun or 0
    found = await matching_items(page.items, filter, storage, workspace, since=position_of(since), new_until=new_until)
    return [replace(event, items=[found[item.id] for item in event.items if item.id in found]) for event in events]


async def _lists(
    page: ChangePage, since: str, revision: Revision, storage: Storage, workspace: WorkspaceId
) -> Mapping[Revision, list[ListItem]]:
    if since == EVERYTHING:
        upto = revision if page.begun is None else page.begun
        return {0: await all_lists(storage, workspace, upto=upto)}
    after = max(position_of(since).revision, page.begun or 0)
    return await lists_by_commit(storage, workspace, after=after, upto=revision)


def _with_lists(
    events: list[CommitEvent], lists: Mapping[Revision, list[ListItem]], page: ChangePage, revision: Revision
) -> list[CommitEvent]:
    """Add lists to the first event that is not before them: only those of tasks have tokens of their own."""
    if max(lists, default=-1) > (events[-1].revision if events else -1):
        if events:  # else the last commit of tasks would have the token of the one of lists that follows
            events[-1] = replace(events[-1], next=page.token_after(page.items[-1]), more=True)
        events = [*events, CommitEvent(revision=revision, items=[], next=page.next, more=page.more)]
    told: list[CommitEvent] = []
    seen: Revision = -1
    for event in events:
        due = [one for of in sorted(lists) if seen < of <= event.revision for one in lists[of]]
        told.append(replace(event, lists=due))
        seen = event.revision
    return told
