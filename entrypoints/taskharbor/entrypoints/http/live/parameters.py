"""What a client of the stream can ask for."""

from typing import Final

from taskharbor.application.sync.list_changes import EVERYTHING
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.parameter import TEXT, Parameter, boolean, text
from taskharbor.entrypoints.http.requests.parameters import in_query
from taskharbor.entrypoints.http.requests.validation import named
from taskharbor.entrypoints.http.schemas.change_documents import ChangedTaskDocument

_FIELDS: Final = frozenset(ChangedTaskDocument.__struct_fields__)


def _fields(given: str, location: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in given.split(",")))
    unknown = [name for name in names if name not in _FIELDS]
    if unknown:
        shown = named(unknown[0]) or "nothing"
        raise InvalidRequest.at(location, f"must be fields of a changed task; {shown} is not one", code="invalid_value")
    return names


EVENT_FIELDS: Final = in_query(
    "fields", "The fields of each task to return, in this order.", TEXT, _fields, example="id,title,progress"
)
EVENT_LISTS: Final = in_query(
    "lists",
    "Whether to tell changes of lists, too.",
    {"type": "boolean", "default": False},
    boolean,
)
EVENTS_SINCE: Final = in_query(
    "since",
    f"Where to begin: the `next` of a response, or the `id` of an event; `{EVERYTHING}` tells all that there is first. "
    "Without it only what is still to come is told.",
    TEXT,
    text,
    example="7",
)
LAST_EVENT_ID: Final = Parameter(
    name="Last-Event-ID",
    where="header",
    schema=TEXT,
    description="The `id` of the last event, as `EventSource` sends it when it connects again. It wins over `since`.",
    parse=text,
    example="7",
)
