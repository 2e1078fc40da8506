"""What is known of a command."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.frozen import frozen

Handler: TypeAlias = Callable[[Any, UnitOfWork], Awaitable[Any]]
Result: TypeAlias = Callable[..., Awaitable[Any]]


@frozen
class CommandType:
    """What is known of all commands of one type.

    Attributes:
        command: their class.
        name: what the history calls them; the fingerprint of an idempotency key spells it `stored_name`. It is part of
            the format of the store, like the name of a column: it stays whatever becomes of the class.
        needs: what callers must be permitted to.
        handler: carries one out in a unit of work, but for the commit, and returns what it made of it; or the command
            with which to go on in another unit of work, once this one is committed. None if it takes a stream: then
            its use case calls `begin` in each unit of work that it takes.
        result: makes the answer of what the handler returned, after the commit; without one that is a task, and the
            answer its view.
        wire: what they are called in the body of a batch; None if they cannot be in one.
        in_batch: carries one out as a part of a batch, where `handler` does so only alone.
        in_directory: whether it changes the directory of the service, and no task; then its answer is what the handler
            returned.
    """

    command: type[Any]
    name: str
    needs: Permission
    handler: Handler | None = None
    result: Result | None = None
    wire: str | None = None
    in_batch: Handler | None = None
    in_directory: bool = False

    @property
    def stored_name(self) -> str:
        """`create_task` as `CreateTask`."""
        return "".join(word.capitalize() for word in self.name.split("_"))
