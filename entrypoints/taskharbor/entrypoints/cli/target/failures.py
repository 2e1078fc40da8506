"""From the errors of calls to one sentence and an exit code."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from taskharbor.entrypoints.cli.failure import CommandFailed

if TYPE_CHECKING:
    from taskharbor.domain.errors import TaskharborError

_DENIED: Final = frozenset({401, 403})
_RULE: Final = re.compile(r"\b(subtasks|dependencies)=([a-z]+)")
"""What a caller of the API passes, and a user of the command as an option."""


@contextmanager
def call_failures() -> Iterator[None]:
    """Turn what calls raise within the block into `CommandFailed`."""
    from taskharbor.domain.errors import TaskharborError  # noqa: PLC0415  # whoever asks for help needs none

    try:
        yield
    except TaskharborError as error:
        raise failure_of(error) from None
    except ImportError as missing:
        raise CommandFailed(_missing(missing), exit_code=CommandFailed.USAGE) from None


def failure_of(error: "TaskharborError") -> CommandFailed:
    """Return what a command says of an error."""
    from taskharbor.application.errors import BatchRefused  # noqa: PLC0415
    from taskharbor.application.search.change_matching import MatchRefused  # noqa: PLC0415

    while isinstance(error, BatchRefused | MatchRefused):
        error = error.refusal
    return CommandFailed(_sentence(error), exit_code=_exit_code(error))


def _exit_code(error: "TaskharborError") -> int:
    from taskharbor.application import errors  # noqa: PLC0415
    from taskharbor.domain.errors import InvalidValue  # noqa: PLC0415

    if isinstance(error, errors.StoreUnavailable | errors.StoreNotReady):
        return CommandFailed.STORE
    if isinstance(error, errors.Unauthenticated | errors.PermissionDenied) or getattr(error, "status", 0) in _DENIED:
        return CommandFailed.DENIED
    if isinstance(error, InvalidValue | errors.MissingDependency):
        return CommandFailed.USAGE
    return CommandFailed.NOT_FOUND if isinstance(error, LookupError) else CommandFailed.REFUSED


def _sentence(error: "TaskharborError") -> str:
    from taskharbor.domain.errors import InvalidValue, TaskNotFound  # noqa: PLC0415

    if isinstance(error, InvalidValue):
        return f"{error.field} {error.reason}"
    if isinstance(error, TaskNotFound) and error.task_id:
        return f"there is no task {error.task_id}"
    return _RULE.sub(r"--\1 \2", str(error))


def _missing(missing: ImportError) -> str:
    if missing.name == "httpx":
        return "a server needs httpx: pip install 'taskharbor[client]'"
    return str(missing)
