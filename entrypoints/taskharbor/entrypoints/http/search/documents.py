"""The responses about searches."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Final

import msgspec
from pydantic import Field

from taskharbor.application.documents.encoded_tasks import joined
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.change_matching import MatchingOutcome
from taskharbor.application.search.count_tasks import Facets
from taskharbor.entrypoints.http.responses.page_body import PageBody
from taskharbor.entrypoints.http.schemas.documents import Document, TaskDocument, TaskRevision, task_document
from taskharbor.entrypoints.http.search.parameters import URGENCY


class FacetsDocument(Document):
    """How many tasks there are of each sort."""

    total: Annotated[int, Field(description="How many tasks match.")]
    progress: Annotated[dict[str, int], Field(description="By progress.")]
    lists: Annotated[dict[str, int], Field(description="By list id, without empty lists.")]
    tags: Annotated[dict[str, int], Field(description="By tag, most used first, at most 1,000.")]
    due: Annotated[
        dict[str, int],
        Field(
            description="By when they are due, in the time zone that was asked for: `past` (before today), `today`, "
            "`tomorrow`, `this_week` (after that; weeks begin on Monday), `next_week`, `later`, `none`."
        ),
    ]


class SavedFilterDocument(Document):
    """A filter with a name."""

    name: Annotated[str, Field(description="Names that differ only in case are the same.")]
    filter: Annotated[str | None, Field(description="The filter, or null.")]
    q: Annotated[str | None, Field(description="Words to search for, or null.")]
    sort: Annotated[str | None, Field(description="The default order of its tasks, or null.")]
    time_zone: Annotated[str | None, Field(description="The default time zone, or null.")]
    revision: TaskRevision


class BulkDocument(Document):
    """What became of a change of all tasks that match."""

    revision: Annotated[
        int | None, Field(description="The revision of the commit; null if nothing was changed or in a dry run.")
    ]
    matched: Annotated[int, Field(description="How many tasks matched.")]
    tasks: Annotated[list[TaskDocument], Field(description="The tasks that matched, as they are now, by id.")]


def facets_document(facets: Facets) -> FacetsDocument:
    """Return the document of facets."""
    return FacetsDocument(
        facets.total,
        {progress.value: how_many for progress, how_many in facets.progress.items()},
        {str(number): how_many for number, how_many in facets.lists.items()},
        dict(facets.tags),
        dict(facets.due),
    )


def saved_filter_document(saved: SavedFilter) -> SavedFilterDocument:
    """Return the document of a saved filter."""
    return SavedFilterDocument(saved.name, saved.filter, saved.q, saved.sort, saved.time_zone, saved.revision)


def bulk_document(outcome: MatchingOutcome) -> BulkDocument:
    """Return the document of a bulk change."""
    return BulkDocument(outcome.revision, len(outcome.tasks), [task_document(task) for task in outcome.tasks])


def selected(tasks: Iterable[TaskView], fields: tuple[str, ...] | None) -> PageBody:
    """Return tasks as a JSON array, of each only these fields, in this order; None means all."""
    if fields is None:
        return PageBody.of_tasks(tasks)
    if URGENCY not in fields:
        return PageBody.of(_encode(_decoder(fields).decode(b"[%b]" % joined(tasks))))
    documents = [{"claim": None, "alerts": None, **json.loads(task.as_json()), URGENCY: task.urgency} for task in tasks]
    return PageBody.of(_encode([{name: document[name] for name in fields} for document in documents]))


_NULL: Final = msgspec.Raw(b"null")
_encode: Final = msgspec.json.Encoder().encode


@lru_cache(64)
def _decoder(fields: tuple[str, ...]) -> msgspec.json.Decoder[list[msgspec.Struct]]:
    """Return what reads these fields of tasks, each as the text that it is, and passes over the others."""
    task = msgspec.defstruct("SelectedTask", [(name, msgspec.Raw, _NULL) for name in fields], kw_only=True)
    return msgspec.json.Decoder(list[task])  # type: ignore[valid-type]  # it is made here
