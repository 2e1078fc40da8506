"""The numbers and names by which the service knows things."""

import re
from typing import Final, TypeAlias

from taskharbor.domain.errors import InvalidValue

TaskId: TypeAlias = int
"""A positive integer, unique within its workspace and never reused."""

Revision: TypeAlias = int
"""How many units of work the workspace has committed: 1 is the first. 0 means not committed yet."""

ListId: TypeAlias = int
"""The number of a list, unique among the lists of its workspace and never reused."""

WorkspaceId: TypeAlias = str
"""The name of a tenant: 1 to 64 of `a-z 0-9 . _ -`, starting with a letter or a digit."""

MAX_ID: Final = 2**53 - 1
"""The greatest integer that every JSON reader keeps exact (RFC 8259 section 6)."""

DEFAULT_WORKSPACE: Final = "default"

SERVICE_WORKSPACE: Final = "taskharbor.service"
"""Where the service keeps what is its own, such as the key of cursors. Callers cannot use it."""

INBOX: Final[ListId] = 1
"""The list that every workspace has, and in which a task is that was put nowhere else."""

_WORKSPACE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def is_task_id(number: int) -> bool:
    """Return whether a task can have this id. No store need be asked for another one, and some cannot hold it."""
    return 1 <= number <= MAX_ID


def is_workspace_id(name: str) -> bool:
    """Return whether a workspace of a caller can have this id."""
    return _WORKSPACE.fullmatch(name) is not None and name != SERVICE_WORKSPACE


def workspace_from(name: str) -> WorkspaceId:
    """Return `name` as the id of a workspace.

    Raises:
        InvalidValue: for `workspace`.
    """
    if not _WORKSPACE.fullmatch(name):
        raise InvalidValue("workspace", "must be 1 to 64 of a-z 0-9 . _ - and start with a letter or digit")
    if name == SERVICE_WORKSPACE:
        raise InvalidValue("workspace", f"must not be {SERVICE_WORKSPACE}, which the service keeps for itself")
    return name
