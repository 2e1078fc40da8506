"""Search, bulk changes and saved filters as plain calls on one workspace."""

from collections.abc import Sequence
from typing import TypeAlias, Unpack

from taskharbor.application.history.snapshot import AsOf
from taskharbor.application.saved_filters.manage_saved_filters import (
    ChangeSavedFilter,
    DeleteSavedFilter,
    SaveFilter,
)
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.change_matching import ChangeMatching, MatchingOutcome
from taskharbor.application.search.count_tasks import CountFacets, CountTasks, Facets
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.application.search.find_tasks import FindTasks, FoundTasks
from taskharbor.application.search.find_tasks_as_of import FindTasksAsOf
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT
from taskharbor.domain.identifiers import Revision
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.entrypoints.embedded.fields import TaskFields
from taskharbor.entrypoints.embedded.scope import HarborScope

FilterInput: TypeAlias = str | Filter
"""A filter as text in the grammar of AIP-160, which needs the extra `filter`, or put together by hand."""


class SearchCalls(HarborScope):
    """Looking for tasks, and changing all that match.

    `filter` is a filter, `q` has words to search for, `saved` names a saved filter; all that are given must match.
    `time_zone` determines where days begin and end; the default is that of the saved filter, or UTC. All methods raise
    `InvalidValue` if one of these is wrong (for a filter `InvalidFilter`, which has the column), and `FilterNotFound`
    if there is no such saved filter.
    """

    async def find_tasks(
        self,
        filter: FilterInput | None = None,
        *,
        q: str | None = None,
        saved: str | None = None,
        time_zone: str | None = None,
        sort: str | None = None,
        cursor: str | None = None,
        skip: int = 0,
        limit: int = DEFAULT_LIMIT,
        with_urgency: bool = False,
    ) -> FoundTasks:
        """Return up to `limit` of the matching tasks, sorted by fields such as `due,-priority`, ties broken by id.

        Continue with the `next_cursor` of a page and the same arguments: every task that keeps its place is visited
        exactly once, even under concurrent writes. Nothing is held between pages. `with_urgency` fills in
        `TaskView.urgency`, as sorting by `urgency` does.
        """
        query = FindTasks(
            filter=filter,
            q=q,
            saved=saved,
            time_zone=time_zone,
            sort=sort,
            cursor=cursor,
            skip=skip,
            limit=limit,
            with_urgency=with_urgency,
        )
        return await self._use_cases.search.find_tasks(query, workspace=self._workspace)

    async def find_tasks_as_of(
        self,
        as_of: AsOf,
        filter: FilterInput | None = None,
        *,
        q: str | None = None,
        saved: str | None = None,
        time_zone: str | None = None,
        sort: str | None = None,
        cursor: str | None = None,
        limit: int = DEFAULT_LIMIT,
    ) -> FoundTasks:
        """Return up to `limit` of the tasks that matched then, as they were, by ascending id.

        `as_of` is a revision, an aware instant, or the text of one of the two. A page examines at most 1,000 tasks,
        so it can be short or empty and still have a `next_cursor`: continue with it and the same arguments. A saved
        filter and the names of lists are taken as they are now; `now` and `today` mean the instant, or the moment of
        the revision. `sort` is `id`, said only where a saved filter says something else.

        Raises:
            HistoryForgotten: if the history of that time has been purged.
        """
        query = FindTasksAsOf(
            as_of=as_of, filter=filter, q=q, saved=saved, time_zone=time_zone, sort=sort, cursor=cursor, limit=limit
        )
        return await self._use_cases.search.find_tasks_as_of(query, workspace=self._workspace)

    async def count_tasks(
        self,
        filter: FilterInput | None = None,
        *,
        q: str | None = None,
        saved: str | None = None,
        time_zone: str | None = None,
    ) -> int:
        """Return how many tasks match."""
        query = CountTasks(filter=filter, q=q, saved=saved, time_zone=time_zone)
        return await self._use_cases.search.count_tasks(query, workspace=self._workspace)

    async def count_facets(
        self,
        filter: FilterInput | None = None,
        *,
        q: str | None = None,
        saved: str | None = None,
        time_zone: str | None = None,
    ) -> Facets:
        """Count the matching tasks by progress, list, tag and due date."""
        query = CountFacets(filter=filter, q=q, saved=saved, time_zone=time_zone)
        return await self._use_cases.search.count_facets(query, workspace=self._workspace)

    async def change_matching(
        self,
        filter: FilterInput | None = None,
        *,
        max_affected: int,
        q: str | None = None,
        saved: str | None = None,
        time_zone: str | None = None,
        dry_run: bool = False,
        idempotency_key: str | None = None,
        **fields: Unpack[TaskFields],
    ) -> MatchingOutcome:
        """Change all matching tasks in one commit, or none of them.

        At least one criterion and one field are required. With `dry_run` nothing is written. In `time_zone` days begin
        and end; it also determines the current day for recurring tasks without a zone that are completed.

        Raises:
            TooManyMatches: if more match than `max_affected`, 1 to 1,000; it says how many. Nothing was changed.
            MatchRefused: if one of them cannot have the values; it says which one and why. Nothing was changed.
        """
        command = ChangeMatching(
            question=TaskCriteria(filter=filter, q=q, saved=saved, time_zone=time_zone),
            changes=TaskChanges(**fields),
            max_affected=max_affected,
            dry_run=dry_run,
        )
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def save_filter(
        self,
        name: str,
        *,
        filter: str | None = None,
        q: str | None = None,
        sort: str | None = None,
        time_zone: str | None = None,
        idempotency_key: str | None = None,
    ) -> SavedFilter:
        """Save a filter, words to search for, or both, under a name.

        Raises:
            FilterNameTaken: if one with this name exists.
        """
        command = SaveFilter(name=name, filter=filter, q=q, sort=sort, time_zone=time_zone)
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def get_saved_filter(self, name: str) -> SavedFilter:
        """Return one saved filter."""
        return await self._use_cases.search.get_saved_filter(name, workspace=self._workspace)

    async def list_saved_filters(self) -> Sequence[SavedFilter]:
        """Return all saved filters by name."""
        return await self._use_cases.search.list_saved_filters(workspace=self._workspace)

    async def change_saved_filter(
        self,
        name: str,
        *,
        new_name: str | Unset = UNSET,
        filter: str | Unset | None = UNSET,
        q: str | Unset | None = UNSET,
        sort: str | Unset | None = UNSET,
        time_zone: str | Unset | None = UNSET,
        if_match: Revision | None = None,
        idempotency_key: str | None = None,
    ) -> SavedFilter:
        """Change the named values of a saved filter.

        Raises:
            FilterNameTaken: if another one has the new name.
            FilterPreconditionFailed: if `if_match` is given and is not its revision.
        """
        command = ChangeSavedFilter(
            name=name, new_name=new_name, filter=filter, q=q, sort=sort, time_zone=time_zone, if_match=if_match
        )
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def delete_saved_filter(
        self, name: str, *, if_match: Revision | None = None, idempotency_key: str | None = None
    ) -> SavedFilter:
        """Delete a saved filter; return it with the revision of its deletion.

        Raises:
            FilterPreconditionFailed: if `if_match` is given and is not its revision.
        """
        command = DeleteSavedFilter(name=name, if_match=if_match)
        return await self._use_cases.execute(command, **self._context(idempotency_key))
