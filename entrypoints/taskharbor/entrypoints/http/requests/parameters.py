"""Path and query parameters. Anything that is not known is refused, and a number has one spelling."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Scope

from taskharbor.application.progress.list_occurrences import DEFAULT_OCCURRENCES, ListOccurrences
from taskharbor.application.saved_filters.saved_filter import filter_name_from
from taskharbor.application.sync.list_changes import DEFAULT_CHANGES, EVERYTHING, ListChanges
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT, ListTasks
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID, TaskId
from taskharbor.domain.values.time_zone import time_zone_from
from taskharbor.entrypoints.http.requests.errors import ErrorDetail, InvalidRequest
from taskharbor.entrypoints.http.requests.validation import encodable, named

_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,18}", re.ASCII)
OF_OCCURRENCE: Final = ("occurrence", "time_zone")
"""Parameters of completing or skipping an occurrence."""

_ID: Final = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)

Choices: TypeAlias = Mapping[str, Sequence[str]]
"""Parameters, and what each can be."""

# What the article's app reads as a truth value.
_TRUE: Final = frozenset({"true", "1", "t", "yes", "y", "on"})
_FALSE: Final = frozenset({"false", "0", "f", "no", "n", "off"})


def task_id_of(request: Request) -> TaskId:
    """Return the task that the path names.

    Raises:
        InvalidRequest: if no task can ever have this id.
    """
    return number_in_path(request, "task_id")


def number_in_path(request: Request, name: str) -> int:
    """Return the number that stands in the path under this name.

    Raises:
        InvalidRequest: if nothing can ever have it as its id.
    """
    return number_from(request.path_params[name], f"path.{name}")


def filter_name_in_path(request: Request) -> str:
    """Return the name of the saved filter that the path names.

    Raises:
        InvalidRequest: if none can ever have it.
    """
    try:
        return filter_name_from(request.path_params["name"])
    except InvalidValue as invalid:
        raise InvalidRequest.at("path.name", invalid.reason, code=invalid.code) from None


def number_from(text: str, location: str) -> int:
    """Return an id that a path or a query has.

    Raises:
        InvalidRequest: if nothing can ever have it.
    """
    if _ID.fullmatch(text) and (found := int(text)) <= MAX_ID:
        return found
    raise InvalidRequest.at(location, f"must be an integer from 1 to {MAX_ID}", code="invalid_value")


def refuse_query(scope: Scope) -> None:
    """Make sure that there are no query parameters.

    Raises:
        InvalidRequest: if there are.
    """
    if scope["query_string"]:
        parameters_of(scope, ())


def list_query_of(scope: Scope) -> ListTasks:
    """Return which page is asked for.

    Raises:
        InvalidRequest: if a parameter is unknown or no number.
        InvalidValue: if a number is out of its range.
    """
    if not scope["query_string"]:
        return _FIRST_PAGE
    numbers = integers(parameters_of(scope, ("skip", "limit", "after")))
    return ListTasks(limit=numbers.get("limit", DEFAULT_LIMIT), skip=numbers.get("skip", 0), after=numbers.get("after"))


def changes_query_of(scope: Scope) -> ListChanges:
    """Return which changes are asked for.

    Raises:
        InvalidRequest: if a parameter is unknown, or the limit is no number.
        InvalidValue: if the limit is out of its range, or `since` is no token.
    """
    found = parameters_of(scope, ("since", "limit"))
    since = found.pop("since", EVERYTHING)
    return ListChanges(since=since, limit=integers(found).get("limit", DEFAULT_CHANGES))


def occurrences_query_of(request: Request) -> ListOccurrences:
    """Return which occurrences are asked for.

    Raises:
        InvalidRequest: if a parameter is unknown, or the limit is no number.
    """
    found = parameters_of(request.scope, ("from", "to", "limit"))
    since, before = found.pop("from", None), found.pop("to", None)
    limit = integers(found).get("limit", DEFAULT_OCCURRENCES)
    return ListOccurrences(id=task_id_of(request), since=since, before=before, limit=limit)


def completed_of(scope: Scope, choices: Choices, texts: tuple[str, ...] = ()) -> tuple[bool | None, dict[str, Any]]:
    """Return what `?completed=` says, or None if it is not there, and what `choices_of` does.

    Raises:
        InvalidRequest: if it is neither true nor false, or there is another parameter or choice.
    """
    if not scope["query_string"]:
        return None, {}
    found = parameters_of(scope, ("completed", *texts, *choices))
    text = found.pop("completed", None)
    return None if text is None else boolean("completed", text), _said(found, choices, texts)


def choices_of(scope: Scope, choices: Choices, texts: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return which of the `choices` of each parameter was made, and what the `texts` say: a `time_zone` must be one.

    Raises:
        InvalidRequest: if a parameter is unknown, or has another value.
    """
    if not scope["query_string"]:
        return {}
    return _said(parameters_of(scope, (*texts, *choices)), choices, texts)


def _said(found: dict[str, str], choices: Choices, texts: tuple[str, ...]) -> dict[str, Any]:
    said = {name: found.pop(name) for name in texts if name in found}
    try:
        time_zone_from("query.time_zone", said.get("time_zone", "UTC"))
    except InvalidValue as refusal:
        raise InvalidRequest.at(refusal.field, refusal.reason, code=refusal.code) from None
    return said | chosen(found, choices)


def chosen(found: Mapping[str, str], choices: Choices) -> dict[str, Any]:
    """Return parameters that have one of a few values.

    Raises:
        InvalidRequest: if one has another.
    """
    places = [
        ErrorDetail(
            location=f"query.{name}", message=f"must be one of {', '.join(choices[name])}", code="invalid_value"
        )
        for name, text in found.items()
        if text not in choices[name]
    ]
    if places:
        raise InvalidRequest(places)
    return dict(found)


def boolean(name: str, text: str) -> bool:
    """Return what a parameter says.

    Raises:
        InvalidRequest: if it is neither true nor false.
    """
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise InvalidRequest.at(f"query.{name}", "must be true or false", code="wrong_type")


def integers(parameters: Mapping[str, str]) -> dict[str, int]:
    """Return parameters as numbers.

    Raises:
        InvalidRequest: if one is none.
    """
    wrong = [name for name, text in parameters.items() if not _INTEGER.fullmatch(text)]
    if wrong:
        raise InvalidRequest(
            [ErrorDetail(location=f"query.{name}", message="must be an integer", code="wrong_type") for name in wrong]
        )
    return {name: int(text) for name, text in parameters.items()}


def parameters_of(scope: Scope, known: tuple[str, ...]) -> dict[str, str]:
    """Return the query parameters.

    Raises:
        InvalidRequest: if one is unknown, given more than once, or not UTF-8.
    """
    text = scope["query_string"].decode("utf-8", "surrogateescape")
    pairs = parse_qsl(text, keep_blank_values=True, errors="surrogateescape")
    found = dict(pairs)
    places = [
        ErrorDetail(location=f"query.{named(name)}", message="is not a parameter of this operation", code="unknown")
        for name in found
        if name not in known
    ]
    names = [name for name, _ in pairs if name in known]
    places += [
        ErrorDetail(location=f"query.{name}", message="must be given once", code="duplicate")
        for name in known
        if names.count(name) > 1
    ]
    places += [
        ErrorDetail(location=f"query.{named(name)}", message="must be UTF-8", code="invalid_value")
        for name, value in found.items()
        if encodable(value) != value
    ]
    if places:
        raise InvalidRequest(places)
    return found


_FIRST_PAGE: Final = ListTasks()
