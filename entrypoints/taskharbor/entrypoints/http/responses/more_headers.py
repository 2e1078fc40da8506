"""Headers that the answer to a request has too, whoever makes it."""

from collections.abc import Iterable, Sequence
from typing import Final

from starlette.types import Scope

_MORE: Final = "taskharbor.headers_of_answer"


def add_headers(scope: Scope, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Have the answer carry these headers, besides those that were added before."""
    scope[_MORE] = (*scope.get(_MORE, ()), *headers)


def added_headers(scope: Scope) -> Sequence[tuple[bytes, bytes]]:
    """Return all headers that were added."""
    added: Sequence[tuple[bytes, bytes]] = scope.get(_MORE, ())
    return added
