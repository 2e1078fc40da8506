"""The tools that change something. Each answers the revision of its commit, by which it can be undone."""

from typing import Any

from taskharbor.application.batch.commands import Command
from taskharbor.application.batch.references import ByName
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import AddComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.agents.rows import row_of, within_budget
from taskharbor.entrypoints.agents.session import AgentSession
from taskharbor.entrypoints.agents.values import fields_from


async def add(session: AgentSession, arguments: dict[str, Any]) -> dict[str, Any]:
    """Create tasks in one commit."""
    where = session.zone_of(arguments)
    commands: list[Command | ByName] = []
    for place, item in enumerate(arguments["tasks"]):
        fields = fields_from(item, f"tasks[{place}]", where)
        title = fields.pop("title")
        match item.get("list"):
            case str() as name:
                commands.append(ByName(command=CreateTask(title=title, **fields), list=name))
            case int() as number:
                commands.append(CreateTask(title=title, list=number, **fields))
            case _:
                commands.append(CreateTask(title=title, **fields))
    return await _together(session, commands, arguments)


async def change(session: AgentSession, arguments: dict[str, Any]) -> dict[str, Any]:
    """Change, comment on, delete and restore tasks in one commit."""
    where = session.zone_of(arguments)
    commands: list[Command | ByName] = []
    for place, item in enumerate(arguments["tasks"]):
        commands += _changes(item, f"tasks[{place}]", where)
    return await _together(session, commands, arguments)


async def complete(session: AgentSession, arguments: dict[str, Any]) -> dict[str, Any]:
    """Complete tasks, or give them another progress, in one commit."""
    kind = {"completed": CompleteTask, "cancelled": CancelTask, "in-process": StartTask, "needs-action": ReopenTask}[
        arguments.get("progress", "completed")
    ]
    where = session.zone_of(arguments)
    commands: list[Command | ByName] = []
    for item in arguments["tasks"]:
        known = {"id": item["id"], "if_match": item.get("if_revision")}
        if "fence" in item:
            known["fence"] = item["fence"]
        if kind is CompleteTask:
            known["time_zone"] = where
        commands.append(kind(**known))
    return await _together(session, commands, arguments)


async def claim(session: AgentSession, arguments: dict[str, Any]) -> dict[str, Any]:
    """Claim a task, renew a claim or release one."""
    harbor, key = session.harbor, arguments.get("key")
    known = {"fence": arguments["fence"]} if "fence" in arguments else {}
    lease = {"lease": arguments["lease"]} if "lease" in arguments else {}
    match arguments.get("action", "take"), arguments.get("id"):
        case "take", None:
            criteria = {name: arguments[name] for name in ("filter", "q", "sort") if name in arguments}
            taken = await harbor.claim_next_task(
                **criteria,
                **lease,
                time_zone=session.zone_of(arguments),
                holder=session.holder,
                wait=arguments.get("wait", 0),
                idempotency_key=key,
            )
            return session.dated({"task": None}, arguments) if taken is None else _one(session, taken, arguments)
        case "take", int() as task_id:
            taken = await harbor.claim_task(task_id, **lease, holder=session.holder, idempotency_key=key)
            return _one(session, taken, arguments)
        case "renew", int() as task_id:
            return _one(session, await harbor.renew_claim(task_id, **known, **lease, idempotency_key=key), arguments)
        case "release", int() as task_id:
            return _one(session, await harbor.release_claim(task_id, **known, idempotency_key=key), arguments)
        case action, _:
            raise InvalidValue("id", f"is required to {action} a claim")


async def undo(session: AgentSession, arguments: dict[str, Any]) -> dict[str, Any]:
    """Undo a commit in another one."""
    outcome = await session.harbor.undo_commit(arguments["undo"], idempotency_key=arguments.get("key"))
    return {
        "revision": outcome.revision,
        "undone": [{"id": one.task, "fields": list(one.fields)} for one in outcome.undone],
        "not_undone": [{"id": one.task, "fields": list(one.fields), "why": one.why} for one in outcome.conflicts],
    }


def _changes(item: dict[str, Any], place: str, where: str) -> list[Command | ByName]:
    task_id, if_match = item["id"], item.get("if_revision")
    if item.get("delete"):
        return [DeleteTask(id=task_id, if_match=if_match)]
    commands: list[Command | ByName] = []
    if item.get("restore"):
        commands.append(RestoreTask(id=task_id, if_match=if_match))
        if_match = None
    fields = fields_from(item, place, where)
    known = {"fence": item["fence"]} if "fence" in item else {}
    if fields:
        commands.append(ChangeTask(id=task_id, if_match=if_match, **known, **fields))
        if_match = None  # it has another revision by then, and a batch is one commit
    match item.get("list"):
        case str() as name:
            commands.append(ByName(command=MoveTask(id=task_id, if_match=if_match), list=name))
        case int() as number:
            commands.append(MoveTask(id=task_id, if_match=if_match, list=number))
        case _:
            pass
    if "comment" in item:
        commands.append(AddComment(id=task_id, text=item["comment"]))
    if not commands:
        raise InvalidValue(place, "names nothing to change")
    return commands


async def _together(
    session: AgentSession, commands: list[Command | ByName], arguments: dict[str, Any]
) -> dict[str, Any]:
    outcome = await session.harbor.run_batch(commands, idempotency_key=arguments.get("key"))
    changed = {one.id: one for one in outcome.results if isinstance(one, TaskView)}
    rows = within_budget(row_of(task) for task in changed.values())
    answer: dict[str, Any] = {"revision": outcome.revision, "tasks": rows}
    if outcome.revision is not None:
        answer["undo"] = outcome.revision
    if len(rows) < len(changed):
        answer["not_shown"] = len(changed) - len(rows)
    return session.dated(answer, arguments)


def _one(session: AgentSession, task: TaskView, arguments: dict[str, Any]) -> dict[str, Any]:
    return session.dated({"revision": task.revision, "undo": task.revision, "task": row_of(task)}, arguments)
