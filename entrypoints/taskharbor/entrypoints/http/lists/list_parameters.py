"""The parameters of operations on lists."""

from typing import Any

from starlette.types import Scope

from taskharbor.application.lists.manage_lists import DEFAULT_LISTS, ListLists
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.parameters import chosen, integers, number_from, parameters_of


def lists_query_of(scope: Scope) -> ListLists:
    """Return which page of lists is asked for.

    Raises:
        InvalidRequest: if a parameter is unknown or no number.
        InvalidValue: if a number is out of its range.
    """
    numbers = integers(parameters_of(scope, ("limit", "after")))
    return ListLists(limit=numbers.get("limit", DEFAULT_LISTS), after=numbers.get("after", 0))


def tasks_of_deleted_list(scope: Scope) -> dict[str, Any]:
    """Return what `DeleteList` wants to know of the tasks: `?move_to=1` or `?tasks=delete`.

    Raises:
        InvalidRequest: if a parameter is unknown or has another value, or both are there, or none.
    """
    found = parameters_of(scope, ("move_to", "tasks"))
    if len(found) != 1:
        raise InvalidRequest.at("query", "must say either move_to=<list> or tasks=delete", code="missing")
    if "tasks" in found:
        chosen(found, {"tasks": ("delete",)})
        return {"delete_tasks": True}
    return {"move_to": number_from(found["move_to"], "query.move_to")}
