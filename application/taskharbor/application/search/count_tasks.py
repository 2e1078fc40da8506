"""Count tasks, all together or by what they are like."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.ports.storage import Storage
from taskharbor.application.search.criteria import TaskCriteria, resolve_criteria
from taskharbor.application.unit_of_work.record_repository import RecordRepository
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import ListId, WorkspaceId
from taskharbor.domain.search.due_buckets import due_buckets
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.tags import tag_key

MAX_COUNTED_TAGS: Final = 1000


@frozen(kw_only=True)
class CountTasks(TaskCriteria):
    """Ask how many tasks are meant."""


@frozen(kw_only=True)
class CountFacets(TaskCriteria):
    """Ask how many of the tasks that are meant there are of each sort."""


@frozen(kw_only=True)
class Facets:
    """How many tasks there are of each sort.

    Attributes:
        total: all of them.
        progress: by progress, each of them, even if there is none.
        lists: by the id of their list, where there are some.
        tags: by tag, the most used first, of equally many by their keys; the 1,000 most used at most. Of several
            spellings of a tag it is there once, in the most used one.
        due: by when they are due, in the time zone of the caller: `past` (before today), `today`, `tomorrow`,
            `this_week` (after that), `next_week`, `later`, `none`; each of them, even if there is none.
    """

    total: int
    progress: Mapping[Progress, int]
    lists: Mapping[ListId, int]
    tags: Mapping[str, int]
    due: Mapping[str, int]


async def count_tasks(
    query: CountTasks, storage: Storage, workspace: WorkspaceId, *, reader: FilterParser, now: datetime
) -> int:
    """Answer `query`.

    Raises:
        InvalidFilter: if the filter cannot be understood; it says at which column.
        InvalidValue: if a value is wrong.
        FilterNotFound: if there is no saved filter of this name.
    """
    terms = await resolve_criteria(query, RecordRepository(storage, workspace), reader)
    return await storage.count_tasks(workspace, await terms.filter_in_turn(reader, now))


async def count_facets(
    query: CountFacets, storage: Storage, workspace: WorkspaceId, *, reader: FilterParser, now: datetime
) -> Facets:
    """Answer `query`.

    Raises:
        InvalidFilter: if the filter cannot be understood; it says at which column.
        InvalidValue: if a value is wrong.
        FilterNotFound: if there is no saved filter of this name.
    """
    terms = await resolve_criteria(query, RecordRepository(storage, workspace), reader)
    buckets = due_buckets(terms.here(now))
    found = await storage.count_facets(workspace, await terms.filter_in_turn(reader, now), buckets)
    return Facets(
        total=sum(found.progress.values()),
        progress={progress: found.progress.get(progress, 0) for progress in Progress},
        lists=dict(sorted(found.lists.items())),
        tags=_by_use(found.tags),
        due={name: found.due.get(name, 0) for name in buckets},
    )


def _by_use(spellings: Mapping[str, int]) -> dict[str, int]:
    by_key: dict[str, dict[str, int]] = {}
    for spelling, how_many in spellings.items():
        by_key.setdefault(tag_key(spelling), {})[spelling] = how_many
    counted = sorted((-sum(variants.values()), key) for key, variants in by_key.items())
    return {_most_used(by_key[key]): -negative for negative, key in counted[:MAX_COUNTED_TAGS]}


def _most_used(variants: Mapping[str, int]) -> str:
    return min(variants, key=lambda spelling: (-variants[spelling], spelling))
