"""How the parameters of a search are described."""

from typing import Final

from taskharbor.domain.search.filter_ast import MAX_FILTER_LENGTH
from taskharbor.entrypoints.http.openapi.descriptions import Json
from taskharbor.entrypoints.http.openapi.parameters import TEXT, in_path, in_query, zone_for

FILTER: Final[Json] = in_query(
    "filter",
    "What the tasks must be like, in the grammar of AIP-160: fields with `= != < <= > >= :`, `AND`, "
    "`OR`, `NOT` or `-`, parentheses; dates such as `2026-12-01`, `today+7d`, `eow`. A `+` is written `%2B` in a URL.",
    TEXT | {"maxLength": MAX_FILTER_LENGTH},
    example="is_open AND due <= eow AND (tags:home OR priority <= 3)",
)
Q: Final[Json] = in_query(
    "q",
    "Words to look for: each must begin a word of the title, the description, a tag or a comment, "
    "whatever its case and accents.",
    TEXT | {"minLength": 1, "maxLength": 1000},
    example="water plan",
)
SAVED: Final[Json] = in_query("saved", "The name of a saved filter, which must hold too.", TEXT, example="shopping")
TIME_ZONE: Final[Json] = zone_for("The IANA name of the zone in which days begin and end.")
SORT: Final[Json] = in_query(
    "sort",
    "Fields to sort by, with a minus for descending; tasks without a value come last unless it says "
    "`nulls first`. The id comes last of all. `urgency` is as of the moment of the first page.",
    TEXT | {"default": "id"},
    example="due nulls first,-priority",
)
CURSOR: Final[Json] = in_query(
    "cursor",
    "Where to go on, from the `next` link of the page before. Good for the same filter, q, sort, time zone and as_of "
    "only.",
    TEXT,
)
FIELDS: Final[Json] = in_query(
    "fields",
    "Which fields of each task to answer with, in this order; `urgency` is there only if asked for.",
    TEXT,
    example="id,title,due",
)
COUNT: Final[Json] = in_query(
    "count",
    "Whether to tell, in `X-Total-Count`, how many tasks there are on all pages together.",
    {"type": "boolean", "default": False},
)

QUESTION_PARAMETERS: Final = (FILTER, Q, SAVED, TIME_ZONE)
PAGE_PARAMETERS: Final = (SORT, CURSOR, FIELDS, COUNT)

FILTER_NAME: Final[Json] = in_path(
    "name", "The name of the saved filter, in any case.", TEXT | {"minLength": 1, "maxLength": 64}, example="shopping"
)

TOTAL_COUNT: Final[Json] = {
    "X-Total-Count": {
        "description": "How many tasks there are on all pages together, if `count` asks for it.",
        "schema": {"type": "integer"},
        "example": 120,
    }
}
