"""The query parameters that say which tasks are meant, and how they are shown."""

from typing import Final

from taskharbor.application.saved_filters.saved_filter import filter_name_from
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.filter_ast import MAX_FILTER_LENGTH
from taskharbor.entrypoints.http.openapi.descriptions import Json
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.parameter import TEXT, Parameter, boolean, text
from taskharbor.entrypoints.http.requests.parameters import AFTER, AS_OF, LIMIT, SKIP, in_query, zone_for
from taskharbor.entrypoints.http.requests.validation import named
from taskharbor.entrypoints.http.schemas.documents import TaskDocument

URGENCY: Final = "urgency"

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
PAGE: Final = tuple(parameter.name for parameter in PAGE_PARAMETERS)
ALL: Final = (*QUESTION_PARAMETERS, *PAGE_PARAMETERS, SKIP, LIMIT, AFTER, AS_OF)


FILTER_NAME: Final = Parameter(
    name="name",
    where="path",
    schema=TEXT | {"minLength": 1, "maxLength": 64},
    description="The name of the saved filter, ignoring case.",
    parse=_filter_name,
    example="shopping",
    is_required=True,
)


TOTAL_COUNT: Final[Json] = {
    "X-Total-Count": {
        "description": "The total number of tasks, if `count` is true.",
        "schema": {"type": "integer"},
        "example": 120,
    }
}
