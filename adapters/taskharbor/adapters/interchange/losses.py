"""What gets lost on the way into a format, in words for users, and what is still to come."""

import json
import re
from typing import Any, Final, cast

from taskharbor.domain.tasks.foreign_data import AWAITED
from taskharbor.domain.tasks.rank import natural_rank
from taskharbor.domain.tasks.task import Task


def order_lost(task: Task) -> list[str]:
    """Return `order` if the task has been moved among its neighbours."""
    return [] if task.rank == natural_rank(task.id) else ["order"]


def assignees_lost(task: Task) -> list[str]:
    """Return `assignees` if the task has any: they are members of a workspace, of which files know nothing."""
    return ["assignees"] if task.assignees else []


def foreign_lost(task: Task, *, but: str | None) -> list[str]:
    """Return what is kept for the programs of other formats than `but`."""
    return [f"what {name} programs say of it" for name, _ in task.foreign if name not in {but, AWAITED}]


def awaited_parent(task: Task) -> str | None:
    """Return the uid of the parent that has not come yet, if the task has no other."""
    parent = _awaited(task).get("parent")
    return parent if isinstance(parent, str) and task.parent is None and _UID.fullmatch(parent) else None


def awaited_dependencies(task: Task) -> list[str]:
    """Return the uids of dependencies that have not come yet."""
    uids: Any = _awaited(task).get("depends_on")
    found: list[Any] = uids if isinstance(uids, list) else []
    return [uid for uid in found if isinstance(uid, str) and _UID.fullmatch(uid)]


def _awaited(task: Task) -> dict[str, Any]:
    data: Any = next((json.loads(text) for name, text in task.foreign if name == AWAITED), None)
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}


_UID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
