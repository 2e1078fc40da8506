"""The parameters that only operations on claims have."""

from typing import Final

from taskharbor.application.claims.waiting import LONGEST_WAIT
from taskharbor.entrypoints.http.requests.parameter import boolean, integer
from taskharbor.entrypoints.http.requests.parameters import in_query

WAIT: Final = in_query(
    "wait",
    "How many seconds to wait for a task if there is none.",
    {"type": "integer", "minimum": 0, "maximum": int(LONGEST_WAIT), "default": 0},
    integer,
    example=20,
)
FORCE: Final = in_query(
    "force", "Whether to end the claim whoever holds it.", {"type": "boolean", "default": False}, boolean
)
