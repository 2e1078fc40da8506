"""How many tasks there are of each kind: each task is looked at once, and its document once at most."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, SmallInteger, Text, case, literal_column, select

from taskharbor.adapters.sqlalchemy.search.conditions import condition_of
from taskharbor.adapters.sqlalchemy.search.pages import Rows
from taskharbor.adapters.sqlalchemy.search.search_dialect import SearchDialect
from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.application.ports.task_search import TaskFacets
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.tasks.progress import Progress

_NONE: Final = literal_column("0", SmallInteger)


def facet_rows(live: ColumnElement[bool], buckets: DueBuckets, dialect: SearchDialect, places: Iterator[int]) -> Rows:
    """Return progress, list, due bucket and the JSON text of the tags, NULL if there are none, of each task."""
    bucket = case(
        *(
            (condition_of(bucket, dialect, places), literal_column(f"'{name}'", Text))
            for name, bucket in buckets.items()
        )
    )
    return select(
        tasks.c.progress.label("progress"),
        tasks.c.list.label("list"),
        bucket.label("due"),
        case((tasks.c.tag_count != _NONE, dialect.tags(tasks.c.document))).label("tags"),
    ).where(live)


def facets_from_rows(rows: Sequence[Sequence[Any]]) -> TaskFacets:
    """Return the facets in rows of a facet's name, a value of it and how many tasks have that."""
    counts: dict[str, dict[str, int]] = {"progress": {}, "list": {}, "due": {}, "tag": {}}
    for facet, value, how_many in rows:
        counts[facet][value] = how_many
    return TaskFacets(
        progress={Progress(name): how_many for name, how_many in counts["progress"].items()},
        lists={int(number): how_many for number, how_many in counts["list"].items()},
        tags=counts["tag"],
        due=counts["due"],
    )
