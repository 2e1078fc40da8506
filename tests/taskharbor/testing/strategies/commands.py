"""Commands of every kind on a few tasks, as Hypothesis draws them."""

from contextlib import suppress
from typing import Any, Final

from hypothesis import strategies as st

from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import AddComment, DeleteComment, EditComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import TaskId
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.strategies.tasks import fields, titles

_MOVES: Final = (CompleteTask, ReopenTask, StartTask, CancelTask, RestoreTask, DeleteTask)
_ON_COMMENTS: Final = (AddComment, EditComment, DeleteComment)
_COMMANDS: Final = (CreateTask, ChangeTask, *_ON_COMMENTS, *_MOVES)


async def do_something(use_cases: UseCases, here: Bench, ids: list[TaskId], data: st.DataObject) -> None:
    """Give some command on tasks with these `ids`, which may be refused; the id of a new task joins them."""
    workspace = here.workspace
    what = data.draw(st.sampled_from(_COMMANDS), label="command") if ids else CreateTask
    values = data.draw(fields(), label="fields") if what in {CreateTask, ChangeTask} else {}
    if ids and what in {CreateTask, ChangeTask}:
        some = st.sampled_from(ids)
        values |= data.draw(
            st.fixed_dictionaries({}, optional={"parent": st.none() | some, "depends_on": st.lists(some, max_size=2)}),
            label="structure",
        )
    with suppress(TaskharborError):
        if what is CreateTask:
            command = CreateTask(title=data.draw(titles(), label="title"), **values)
            ids.append((await use_cases.execute(command, workspace=workspace)).id)
            return
        task_id = data.draw(st.sampled_from(ids), label="task")
        if what in _ON_COMMENTS:
            await _comment(use_cases, here, task_id, what, data)
        elif what is ChangeTask:
            await use_cases.execute(ChangeTask(id=task_id, **values), workspace=workspace)
        else:
            move: Any = what
            await use_cases.execute(move(id=task_id), workspace=workspace)


async def _comment(use_cases: UseCases, here: Bench, task_id: TaskId, what: type[Any], data: st.DataObject) -> None:
    workspace = here.workspace
    if what is AddComment:
        text = data.draw(titles(), label="text")
        await use_cases.execute(AddComment(id=task_id, text=text), workspace=workspace)
        return
    comment_id = data.draw(st.integers(1, 2), label="comment")
    if what is DeleteComment:
        await use_cases.execute(DeleteComment(id=task_id, comment_id=comment_id), workspace=workspace)
        return
    text = data.draw(titles(), label="text")
    await use_cases.execute(EditComment(id=task_id, comment_id=comment_id, text=text), workspace=workspace)
