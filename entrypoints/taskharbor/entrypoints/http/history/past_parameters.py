"""Parameters of the operations that deal with what was."""

import re
from typing import Final

from starlette.requests import Request
from starlette.types import Scope

from taskharbor.application.history.as_of import ListTasksAsOf
from taskharbor.application.history.list_history import DEFAULT_ENTRIES, ListHistory
from taskharbor.application.history.trash import ListTrash
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId
from taskharbor.domain.values.instant import instant_as_json, instant_of
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.parameters import integers, parameters_of

_REVISION: Final = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)
_PLACE: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z)\.([1-9]\d{0,15})", re.ASCII)


def revision_of(request: Request) -> Revision:
    """Return the commit that the path names.

    Raises:
        InvalidRequest: if no commit can ever have this revision.
    """
    text = request.path_params["revision"]
    if _REVISION.fullmatch(text) and (revision := int(text)) <= MAX_ID:
        return revision
    raise InvalidRequest.at("path.revision", f"must be an integer from 1 to {MAX_ID}", code="invalid_value")


def asks_for_the_past(scope: Scope) -> bool:
    """Tell whether `as_of` is among the query parameters."""
    return b"as_of=" in scope["query_string"]


def as_of_of(scope: Scope) -> str:
    """Return what `as_of`, which is the only parameter, says.

    Raises:
        InvalidRequest: if another one is there, or it is there twice.
    """
    found = parameters_of(scope, ("as_of",))
    if "as_of" not in found:
        raise InvalidRequest.at("query.as_of", "is required", code="missing")
    return found["as_of"]


def past_query_of(scope: Scope) -> ListTasksAsOf:
    """Return which page of the past is asked for.

    Raises:
        InvalidRequest: if a parameter is unknown, given twice, or no number.
        InvalidValue: if a number is out of its range.
    """
    found = parameters_of(scope, ("as_of", "limit", "after"))
    if "as_of" not in found:
        raise InvalidRequest.at("query.as_of", "is required", code="missing")
    as_of = found.pop("as_of")
    numbers = integers(found)
    return ListTasksAsOf(as_of=as_of, limit=numbers.get("limit", DEFAULT_LIMIT), after=numbers.get("after", 0))


def history_query_of(scope: Scope, task_id: TaskId) -> ListHistory:
    """Return which entries of the history are asked for.

    Raises:
        InvalidRequest: if a parameter is unknown, given twice, no number, or out of its range.
    """
    numbers = integers(parameters_of(scope, ("before", "limit")))
    try:
        return ListHistory(id=task_id, before=numbers.get("before"), limit=numbers.get("limit", DEFAULT_ENTRIES))
    except InvalidValue as invalid:
        raise InvalidRequest.at(f"query.{invalid.field}", invalid.reason, code=invalid.code) from None


def trash_query_of(scope: Scope) -> ListTrash:
    """Return which deleted tasks are asked for.

    Raises:
        InvalidRequest: if a parameter is unknown, given twice, or malformed.
        InvalidValue: if the limit is out of its range.
    """
    found = parameters_of(scope, ("before", "limit"))
    before = _place_from(found.pop("before")) if "before" in found else None
    return ListTrash(before=before, limit=integers(found).get("limit", DEFAULT_LIMIT))


def place_text(position: DeletedPosition) -> str:
    """Return a place in the trash as `before` takes it."""
    return f"{instant_as_json(position.deleted)}.{position.task_id}"


def _place_from(text: str) -> DeletedPosition:
    found = _PLACE.fullmatch(text)
    try:
        if found and int(found[2]) <= MAX_ID:
            return DeletedPosition(instant_of(found[1]), int(found[2]))
    except ValueError:
        pass
    raise InvalidRequest.at("query.before", "must be that of the `next` link of an earlier page", code="invalid_value")
