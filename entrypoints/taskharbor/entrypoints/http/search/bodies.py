"""The JSON bodies of requests about tasks that match, and about saved filters."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, NotRequired

from pydantic import Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from taskharbor.application.search.change_matching import MAX_AFFECTED, ChangeMatching
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.entrypoints.http.requests.validation import validated
from taskharbor.entrypoints.http.schemas.bodies import CHANGE_TASK, NOT_CHANGEABLE, STRICT, ChangeTaskBody

FilterText = Annotated[str, Field(description="A filter in the grammar of AIP-160.", examples=["is_open due < today"])]
FilterWords = Annotated[
    str, Field(description="Words to search for; each must be the beginning of a word of the task.")
]
FilterSort = Annotated[str, Field(description="Fields, such as `due,-priority`.")]
FilterTimeZone = Annotated[str, Field(description="The IANA name of the time zone in which days begin and end.")]
FilterSaved = Annotated[str, Field(description="The name of a saved filter that must also match.")]


class MatchingBody(TypedDict):
    """Which tasks, and what becomes of them."""

    filter: NotRequired[FilterText]
    q: NotRequired[FilterWords]
    saved: NotRequired[FilterSaved]
    time_zone: NotRequired[
        Annotated[
            str,
            Field(
                description="The IANA name of your time zone. Days begin and end in it, and it determines the "
                "current day for recurring tasks without a time zone that are completed."
            ),
        ]
    ]
    changes: Annotated[
        Any, Field(description="The changes to each task, as in a PATCH.", json_schema_extra={"type": "object"})
    ]
    max_affected: Annotated[int, Field(description=f"If more tasks match, nothing is changed. 1 to {MAX_AFFECTED}.")]


@with_config(STRICT)
class BulkBody(MatchingBody):
    """Change all tasks that match. At least one of `filter`, `q` and `saved` must be given."""

    dry_run: NotRequired[Annotated[bool, Field(description="Whether to report what would happen without doing it.")]]


@with_config(STRICT)
class NewFilterBody(TypedDict):
    """A new saved filter: `filter`, `q` or both."""

    name: str
    filter: NotRequired[FilterText | None]
    q: NotRequired[FilterWords | None]
    sort: NotRequired[FilterSort | None]
    time_zone: NotRequired[FilterTimeZone | None]


@with_config(STRICT)
class ChangeFilterBody(TypedDict, total=False):
    """A JSON Merge Patch (RFC 7396): what is named changes, the rest stays."""

    name: str
    filter: FilterText | None
    q: FilterWords | None
    sort: FilterSort | None
    time_zone: FilterTimeZone | None


BULK: Final = TypeAdapter(BulkBody)
NEW_FILTER: Final = TypeAdapter(NewFilterBody)
CHANGE_FILTER: Final = TypeAdapter(ChangeFilterBody)

NOT_OF_A_FILTER: Final[Mapping[str, str]] = {"revision": "is set by the service, not by its callers"}


def bulk_from(body: object) -> ChangeMatching:
    """Return the command that a body describes.

    Raises:
        InvalidRequest: with what is wrong, each at its place such as `body.changes.title`.
        InvalidValue: if it asks nothing or changes nothing, or a number is out of its range.
    """
    found = validated(BULK, body, not_yours={})
    changes = changes_from(found["changes"], at="body.changes")
    return matching_from(found, changes, dry_run=found.get("dry_run", False))


def changes_from(body: object, *, at: str) -> ChangeTaskBody:
    """Return the fields that all tasks are given.

    Raises:
        InvalidRequest: with what is wrong.
    """
    changes: ChangeTaskBody = validated(CHANGE_TASK, body, not_yours=NOT_CHANGEABLE, at=at)
    return changes


def matching_from(found: MatchingBody, changes: ChangeTaskBody, *, dry_run: bool = False) -> ChangeMatching:
    """Return the command that a body describes.

    Raises:
        InvalidValue: if it asks nothing or changes nothing, or a number is out of its range.
    """
    return ChangeMatching(
        question=TaskCriteria(
            filter=found.get("filter"),
            q=found.get("q"),
            saved=found.get("saved"),
            time_zone=found.get("time_zone"),
        ),
        changes=TaskChanges(**changes),
        max_affected=found["max_affected"],
        dry_run=dry_run,
    )
