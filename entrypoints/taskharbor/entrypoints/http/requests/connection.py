"""What our own server tells a long answer about its connection; under another server there is nothing to be told."""

from collections.abc import Callable
from typing import Final, Protocol

from starlette.types import Scope

_KEY: Final = "taskharbor.connection"


class Connection(Protocol):
    """The connection that a request came on."""

    def is_lost(self) -> bool:
        """Return whether nothing that is sent arrives any more."""
        ...

    def abort(self) -> None:
        """Close it without sending what is left."""
        ...

    def when_stopping(self, stop: Callable[[], None] | None) -> None:
        """Have `stop` called as soon as the server begins to stop, or nothing any more."""
        ...


def note_connection(scope: Scope, connection: Connection) -> None:
    """Let a request know its connection."""
    scope[_KEY] = connection


def connection_of(scope: Scope) -> Connection | None:
    """Return the connection of a request, if the server has noted it."""
    found: Connection | None = scope.get(_KEY)
    return found
