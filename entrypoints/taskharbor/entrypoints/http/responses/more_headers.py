"""Headers that the answer to a request has too, whoever makes it."""

from collections.abc import Iterable
from typing import Final

from starlette.types import Scope

ADDED_HEADERS: Final = "taskharbor.headers_of_answer"
"""In the scope of a request to whose answer headers were added: these."""


def add_headers(scope: Scope, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Have the answer carry these headers, besides those that were added before."""
    scope[ADDED_HEADERS] = (*scope.get(ADDED_HEADERS, ()), *headers)
