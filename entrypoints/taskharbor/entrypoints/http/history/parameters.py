"""The parameters that only the operations on what was have."""

import re
from typing import Final

from taskharbor.application.history.list_history import DEFAULT_ENTRIES
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.values.instant import instant_as_json, instant_of
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.parameter import TEXT, integer
from taskharbor.entrypoints.http.requests.parameters import id_in_path, in_query, limit_of, number_from

_PLACE: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z)\.([1-9]\d{0,15})", re.ASCII)


def place_text(position: DeletedPosition) -> str:
    """Return a place in the trash as `before` takes it."""
    return f"{instant_as_json(position.deleted)}.{position.task_id}"


def _place(text: str, location: str) -> DeletedPosition:
    found = _PLACE.fullmatch(text)
    try:
        if found and int(found[2]) <= MAX_ID:
            return DeletedPosition(instant_of(found[1]), int(found[2]))
    except ValueError:
        pass
    raise InvalidRequest.at(location, "must come from the `next` link of an earlier page", code="invalid_value")


HISTORY_LIMIT: Final = limit_of("entries", default=DEFAULT_ENTRIES)
BEFORE_REVISION: Final = in_query("before", "Only entries with a lower revision.", number_from(1), integer)
BEFORE_PLACE: Final = in_query(
    "before", "Where to continue: taken from the `next` link.", TEXT, _place, example="2026-03-15T18:00:00Z.42"
)
REVISION: Final = id_in_path("revision", "The revision of the commit.", example=8)
