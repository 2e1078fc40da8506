"""The query parameters that say which tasks are meant, and how they are shown."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

from starlette.types import Scope

from taskharbor.application.history.as_of import ListTasksAsOf
from taskharbor.application.saved_filters.saved_filter import filter_name_from
from taskharbor.application.search.count_tasks import CountFacets, CountTasks
from taskharbor.application.search.find_tasks import FindTasks
from taskharbor.application.search.find_tasks_as_of import FindTasksAsOf
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT, ListTasks
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.filter_ast import MAX_FILTER_LENGTH, InvalidFilter
from taskharbor.entrypoints.http.openapi.descriptions import Json
from taskharbor.entrypoints.http.requests.errors import ErrorDetail, InvalidRequest
from taskharbor.entrypoints.http.requests.parameter import TEXT, Parameter, boolean, read_query, text, texts_of
from taskharbor.entrypoints.http.requests.parameters import AFTER, AS_OF, LIMIT, SKIP, in_query, zone_for
from taskharbor.entrypoints.http.requests.validation import named
from taskharbor.entrypoints.http.schemas.documents import TaskDocument

T = TypeVar("T")

URGENCY: Final = "urgency"

_LONGEST_REMEMBERED: Final = 500
_FIRST_PAGE: Final = ListTasks()

TASK_FIELDS: Final = frozenset({*TaskDocument.__struct_fields__, URGENCY})


def _fields(text: str, location: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    unknown = [name for name in names if name not in TASK_FIELDS]
    if unknown:
        shown = named(unknown[0]) or "nothing"
        raise InvalidRequest.at(location, f"must be fields of a task; {shown} is not one", code="invalid_value")
    return names


def _filter_name(text: str, location: str) -> str:
    try:
        return filter_name_from(text)
    except InvalidValue as invalid:
        raise InvalidRequest.at(location, invalid.reason, code=invalid.code) from None


FILTER: Final = in_query(
    "filter",
    "A filter in the grammar of AIP-160: fields with `= != < <= > >= :`, `AND`, "
    "`OR`, `NOT` or `-`, parentheses; dates such as `2026-12-01`, `today+7d`, `eow`. Write `+` as `%2B` in a URL.",
    TEXT | {"maxLength": MAX_FILTER_LENGTH},
    text,
    example="is_open AND due <= eow AND (tags:home OR priority <= 3)",
)
Q: Final = in_query(
    "q",
    "Words to search for; each must be the beginning of a word of the title, the description, a tag or a comment, "
    "ignoring case and accents.",
    TEXT | {"minLength": 1, "maxLength": 1000},
    text,
    example="water plan",
)
SAVED: Final = in_query("saved", "The name of a saved filter that must also match.", TEXT, text, example="shopping")
TIME_ZONE: Final = zone_for("The IANA name of the time zone in which days begin and end.", text)
SORT: Final = in_query(
    "sort",
    "Fields to sort by, with a minus for descending; tasks without a value come last unless `nulls first` is given. "
    "Ties are broken by id. `urgency` is as of the first page.",
    TEXT | {"default": "id"},
    text,
    example="due nulls first,-priority",
)
CURSOR: Final = in_query(
    "cursor",
    "Where to continue, from the `next` link of the previous page. Valid only with the same filter, q, sort, "
    "time_zone and as_of.",
    TEXT,
    text,
)
FIELDS: Final = in_query(
    "fields",
    "The fields of each task to return, in this order; `urgency` is included only if listed.",
    TEXT,
    _fields,
    example="id,title,due",
)
COUNT: Final = in_query(
    "count",
    "Whether to return the total number of tasks in `X-Total-Count`.",
    {"type": "boolean", "default": False},
    boolean,
)

QUESTION_PARAMETERS: Final = (FILTER, Q, SAVED, TIME_ZONE)
"""What says which tasks are meant."""

PAGE_PARAMETERS: Final = (SORT, CURSOR, FIELDS, COUNT)
"""What says how they are shown, beside `skip` and `limit`."""

QUESTION: Final = tuple(parameter.name for parameter in QUESTION_PARAMETERS)
_PAGE: Final = tuple(parameter.name for parameter in PAGE_PARAMETERS)
_ALL: Final = (*QUESTION_PARAMETERS, *PAGE_PARAMETERS, SKIP, LIMIT, AFTER, AS_OF)


FILTER_NAME: Final = Parameter(
    name="name",
    where="path",
    schema=TEXT | {"minLength": 1, "maxLength": 64},
    description="The name of the saved filter, ignoring case.",
    parse=_filter_name,
    example="shopping",
    is_required=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """What is asked for.

    Attributes:
        query: the use case's part; of the past, if `as_of` is there.
        fields: what of each task is shown, or None for all.
        counted: the question how many there are, if that is asked too.
        link: all parameters but `skip` and `cursor`, encoded, with what leads to a cursor; for the next page.
    """

    query: FindTasks | FindTasksAsOf
    fields: tuple[str, ...] | None
    counted: CountTasks | None
    link: str


def tasks_page_of(scope: Scope) -> ListTasks | ListTasksAsOf | SearchPage:
    """Return which page of tasks is asked for: of the plain list, of the list as it was, or of a search.

    Raises:
        InvalidRequest: if a parameter is unknown, given twice, or not what it must be.
        InvalidValue: if a number of a plain list is out of its range.
    """
    query_string: bytes = scope["query_string"]
    if not query_string:
        return _FIRST_PAGE
    # Most questions are asked again and again.
    return _remembered_page(query_string) if len(query_string) <= _LONGEST_REMEMBERED else _page_of(query_string)


def _page_of(query_string: bytes) -> ListTasks | ListTasksAsOf | SearchPage:
    scope = {"query_string": query_string}
    given = read_query(scope, *_ALL)
    if not given.keys().isdisjoint((*QUESTION, *_PAGE)):
        return _search_page_of(given, scope)
    if "as_of" not in given:
        return ListTasks(**given)
    if "skip" in given:
        raise InvalidRequest.at("query.skip", "is not a parameter of this operation", code="unknown")
    return ListTasksAsOf(**given)


def _search_page_of(given: Mapping[str, Any], scope: Scope) -> SearchPage:
    if "after" in given:
        raise InvalidRequest.at(
            "query.after",
            "is for unfiltered lists; continue with the next link, which has a cursor",
            code="invalid_value",
        )
    question = {name: given[name] for name in QUESTION if name in given}
    fields = given.get("fields")
    with_count = given.get("count", False)
    with_urgency = fields is not None and URGENCY in fields
    page = {name: given[name] for name in ("sort", "cursor") if name in given}
    if "as_of" in given:
        _refuse_of_the_past({"skip": "skip" in given, "count": with_count, "fields": with_urgency})
    limit = given.get("limit", DEFAULT_LIMIT)
    query: FindTasks | FindTasksAsOf
    try:
        if "as_of" in given:
            query = FindTasksAsOf(as_of=given["as_of"], **question, **page, limit=limit)
        else:
            query = FindTasks(**question, **page, skip=given.get("skip", 0), limit=limit, with_urgency=with_urgency)
    except InvalidValue as invalid:
        raise _in_query(invalid) from None
    return SearchPage(
        query=query,
        fields=fields,
        counted=CountTasks(**question) if with_count else None,
        link=_link_of(texts_of(scope, tuple(given))),
    )


_remembered_page: Final = lru_cache(512)(_page_of)


def _link_of(given: Mapping[str, str]) -> str:
    kept = {name: text for name, text in given.items() if name not in {"skip", "cursor"}}
    return urlencode(kept | {"cursor": ""}, quote_via=quote)


def facets_query_of(scope: Scope) -> CountFacets:
    """Return which tasks are to be counted.

    Raises:
        InvalidRequest: if a parameter is unknown or given twice, or they are to be counted as they were.
    """
    given = read_query(scope, *QUESTION_PARAMETERS, AS_OF)
    if "as_of" in given:
        raise InvalidRequest.at("query.as_of", f"is not available for facets: {_NO_INDEX}", code="invalid_value")
    return CountFacets(**given)


async def asked(answer: Awaitable[T]) -> T:
    """Return the answer to a question that the query parameters ask.

    Raises:
        InvalidRequest: if it cannot be understood; it says which parameter it is.
    """
    try:
        return await answer
    except InvalidValue as invalid:
        raise _in_query(invalid) from None


def _refuse_of_the_past(asked: Mapping[str, bool]) -> None:
    for name, why in _OF_THE_PAST.items():
        if asked[name]:
            raise InvalidRequest.at(f"query.{name}", why, code="invalid_value")


def _in_query(invalid: InvalidValue) -> InvalidValue | InvalidRequest:
    if invalid.field not in _QUERY:
        return invalid
    column = invalid.column if isinstance(invalid, InvalidFilter) else None
    place = ErrorDetail(location=f"query.{invalid.field}", message=invalid.reason, code=invalid.code, column=column)
    return InvalidRequest([place])


_NO_INDEX: Final = "past states are not indexed"
_OF_THE_PAST: Final = {
    "skip": f"cannot be combined with as_of: {_NO_INDEX}; follow the next link",
    "count": f"cannot be combined with as_of: {_NO_INDEX}",
    "fields": "cannot include urgency with as_of: which tasks were blocking others then is not known",
}
_QUERY: Final = frozenset({*QUESTION, *_PAGE, "skip", "limit"})


TOTAL_COUNT: Final[Json] = {
    "X-Total-Count": {
        "description": "The total number of tasks, if `count` is true.",
        "schema": {"type": "integer"},
        "example": 120,
    }
}
