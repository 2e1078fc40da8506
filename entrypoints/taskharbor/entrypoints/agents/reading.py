"""The tools that only read."""

from typing import Any, Final

from taskharbor.application.history.list_history import changes_of
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.tasks.comments import CommentView
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.values.instant import instant_as_json
from taskharbor.domain.values.time_zone import zone
from taskharbor.entrypoints.agents.rows import LONGEST_TEXT, row_of, size_of, whole_of, within_budget
from taskharbor.entrypoints.agents.session import AgentSession

USUAL: Final = 20
_MOST_NEXT: Final = 5
_MOST_LISTS: Final = 50
_OPEN: Final = "is_open"


async def find(session: AgentSession, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the tasks that match, as short rows, how many there are, and how to go on."""
    criteria = {name: arguments[name] for name in ("filter", "q") if name in arguments}
    where = session.zone_of(arguments)
    order = {name: arguments[name] for name in ("sort", "cursor") if name in arguments}
    limit = arguments.get("limit", USUAL)
    found = await session.harbor.find_tasks(**criteria, **order, time_zone=where, limit=limit)
    rows = within_budget(row_of(task) for task in found.items)
    cursor = found.next_cursor
    if len(rows) < len(found.items):
        # The same page once more, as long as there is room for: its cursor leads on from its end.
        shorter = await session.harbor.find_tasks(**criteria, **order, time_zone=where, limit=len(rows))
        rows, cursor = [row_of(task) for task in shorter.items], shorter.next_cursor
    answer = {"tasks": rows, "total": await session.harbor.count_tasks(**criteria, time_zone=where)}
    return session.dated(answer | ({"cursor": cursor} if cursor else {}), arguments)


async def get(session: AgentSession, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return whole tasks, as many as there is room for, and which are left."""
    tasks: list[dict[str, Any]] = []
    missing: list[int] = []
    for task_id in arguments["ids"]:
        try:
            task = await session.harbor.get_task(task_id)
        except TaskNotFound:
            missing.append(task_id)
            continue
        whole = whole_of(task, offset=arguments.get("offset", 0))
        if arguments.get("comments") and task.comment_count:
            whole["comments"] = [_comment(one) for one in (await session.harbor.list_comments(task_id)).items]
        tasks.append(whole)
    shown = within_budget(tasks)
    answer: dict[str, Any] = {"tasks": shown}
    if missing:
        answer["missing"] = missing
    if len(shown) < len(tasks):
        answer["left"] = [one["id"] for one in tasks[len(shown) :]]
    return session.dated(answer, arguments)


async def history_of(session: AgentSession, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return what was done to a task, the latest first."""
    page = await session.harbor.task_history(
        arguments["id"], before=arguments.get("before"), limit=arguments.get("limit", USUAL)
    )
    rows = within_budget(_entry(one) for one in page.items)
    answer: dict[str, Any] = {"history": rows}
    if len(rows) < len(page.items) or page.next_before is not None:
        answer["before"] = rows[-1]["revision"]
    return answer


async def now(session: AgentSession, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return what day it is, how much is open, and what to begin with."""
    where = session.zone_of(arguments)
    facets = await session.harbor.count_facets(_OPEN, time_zone=where)
    urgent = await session.harbor.find_tasks("is_open NOT blocked", sort="-urgency", limit=_MOST_NEXT, time_zone=where)
    lists = await session.harbor.list_lists(limit=_MOST_LISTS)
    moment = session.now().astimezone(zone(where)).replace(microsecond=0)
    answer = {
        "now": moment.isoformat(),
        "open": facets.total,
        "overdue": facets.due["past"],
        "due_today": facets.due["today"],
        "lists": [
            {"id": one.id, "name": one.name, "open": facets.lists.get(one.id, 0)}
            for one in lists.items
            if not one.archived
        ],
        "next": within_budget(row_of(task) for task in urgent.items),
    }
    return session.dated(answer, arguments)


def _comment(comment: CommentView) -> dict[str, Any]:
    author = {} if comment.author is None else {"author": comment.author}
    return {"id": comment.id, "at": instant_as_json(comment.created), "text": comment.text[:LONGEST_TEXT]} | author


def _entry(entry: HistoryEntry) -> dict[str, Any]:
    row: dict[str, Any] = {
        "revision": entry.revision,
        "at": instant_as_json(entry.at),
        "command": entry.command,
        "changes": {name: list(both) for name, both in changes_of(entry).items() if name not in {"updated", "rank"}},
    }
    if entry.actor is not None:
        row["actor"] = entry.actor
    if size_of(row) > LONGEST_TEXT:
        row["changes"] = dict.fromkeys(row["changes"], "too long to show")
    return row
