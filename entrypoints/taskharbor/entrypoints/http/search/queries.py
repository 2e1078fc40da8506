"""Which tasks a request is about, by its query parameters."""

from collections.abc import Awaitable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

from starlette.types import Scope

from taskharbor.application.history.as_of import ListTasksAsOf
from taskharbor.application.search.count_tasks import CountFacets, CountTasks
from taskharbor.application.search.find_tasks import FindTasks
from taskharbor.application.search.find_tasks_as_of import FindTasksAsOf
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT, ListTasks
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.search.filter_ast import InvalidFilter
from taskharbor.entrypoints.http.requests.errors import ErrorDetail, InvalidRequest
from taskharbor.entrypoints.http.requests.parameter import read_query, texts_of
from taskharbor.entrypoints.http.requests.parameters import AS_OF
from taskharbor.entrypoints.http.search.parameters import ALL, PAGE, QUESTION, QUESTION_PARAMETERS, URGENCY

T = TypeVar("T")

_LONGEST_REMEMBERED: Final = 500
_PLAIN: Final = frozenset({"skip", "limit", "after", "fields"})
"""All that can be asked of the plain list."""


@frozen(kw_only=True)
class ListPage:
    """A page of the plain list.

    Attributes:
        query: the use case's part.
        fields: what of each task is shown, or None for all.
        link: what the link to the next page says of the fields: encoded, with an ampersand; empty for all.
    """

    query: ListTasks
    fields: tuple[str, ...] | None = None
    link: str = ""


_FIRST_PAGE: Final = ListPage(query=ListTasks())


@frozen(kw_only=True)
class SearchPage:
    """What is asked for.

    Attributes:
        query: the use case's part; of past states, if `as_of` is there.
        fields: what of each task is shown, or None for all.
        counted: the question how many there are, if that is asked too.
        link: all parameters but `skip` and `cursor`, encoded, with what leads to a cursor; for the next page.
    """

    query: FindTasks | FindTasksAsOf
    fields: tuple[str, ...] | None
    counted: CountTasks | None
    link: str


def tasks_page_of(scope: Scope) -> ListPage | ListTasksAsOf | SearchPage:
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


def _page_of(query_string: bytes) -> ListPage | ListTasksAsOf | SearchPage:
    scope = {"query_string": query_string}
    given = read_query(scope, *ALL)
    fields = given.get("fields")
    if given.keys() <= _PLAIN and (fields is None or URGENCY not in fields):
        place = {name: number for name, number in given.items() if name != "fields"}
        return ListPage(query=ListTasks(**place), fields=fields, link="" if fields is None else _link_with(fields))
    if not given.keys().isdisjoint((*QUESTION, *PAGE)):
        return _search_page_of(given, scope)
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
        _refuse_for_past_states({"skip": "skip" in given, "count": with_count, "fields": with_urgency})
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


_remembered_page: Final = lru_cache(2_048)(_page_of)


def _link_of(given: Mapping[str, str]) -> str:
    kept = {name: text for name, text in given.items() if name not in {"skip", "cursor"}}
    return urlencode(kept | {"cursor": ""}, quote_via=quote)


def _link_with(fields: Iterable[str]) -> str:
    return f"&fields={quote(','.join(fields))}"


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


def _refuse_for_past_states(asked: Mapping[str, bool]) -> None:
    for name, why in _NOT_FOR_PAST_STATES.items():
        if asked[name]:
            raise InvalidRequest.at(f"query.{name}", why, code="invalid_value")


def _in_query(invalid: InvalidValue) -> InvalidValue | InvalidRequest:
    if invalid.field not in _QUERY:
        return invalid
    column = invalid.column if isinstance(invalid, InvalidFilter) else None
    place = ErrorDetail(location=f"query.{invalid.field}", message=invalid.reason, code=invalid.code, column=column)
    return InvalidRequest([place])


_NO_INDEX: Final = "past states are not indexed"
_NOT_FOR_PAST_STATES: Final = {
    "skip": f"cannot be combined with as_of: {_NO_INDEX}; follow the next link",
    "count": f"cannot be combined with as_of: {_NO_INDEX}",
    "fields": "cannot include urgency with as_of: which tasks were blocking others then is not known",
}
_QUERY: Final = frozenset({*QUESTION, *PAGE, "skip", "limit"})
