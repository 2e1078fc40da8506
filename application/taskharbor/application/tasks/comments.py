"""Comment on a task."""

from datetime import datetime
from typing import Self

from taskharbor.application.ports.task_store import TaskStore
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId, is_task_id
from taskharbor.domain.tasks.comment import Comment, CommentId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET, Unset


@frozen(kw_only=True)
class AddComment:
    """Say something of a task, in Markdown."""

    id: TaskId
    text: str
    author: str | None = None
    if_match: Revision | None = None
    fence: Revision | Unset = UNSET


@frozen(kw_only=True)
class EditComment:
    """Give a comment another text."""

    id: TaskId
    comment_id: CommentId
    text: str
    if_match: Revision | None = None
    fence: Revision | Unset = UNSET


@frozen(kw_only=True)
class DeleteComment:
    """Take a comment away for good."""

    id: TaskId
    comment_id: CommentId
    if_match: Revision | None = None
    fence: Revision | Unset = UNSET


@frozen(kw_only=True)
class CommentView:
    """A comment as readers see it.

    Attributes:
        id: its number, unique within its task and never reused.
        text: Markdown.
        author: who says it, or None.
        created: when it was first said. Instants are aware and in UTC.
        updated: when it was last edited.
        task_id: the task of which it is said.
        revision: the revision that last changed that task.
    """

    id: CommentId
    text: str
    author: str | None
    created: datetime
    updated: datetime
    task_id: TaskId
    revision: Revision

    @classmethod
    def of(cls, comment: Comment, task: Task) -> Self:
        """Return what readers see of a comment of `task`."""
        return cls(
            id=comment.id,
            text=comment.text,
            author=comment.author,
            created=comment.created,
            updated=comment.updated,
            task_id=task.id,
            revision=task.revision,
        )


@frozen(kw_only=True)
class CommentPage:
    """All comments of a task.

    Attributes:
        items: in the order in which they were made.
        revision: the revision that last changed the task.
    """

    items: list[CommentView]
    revision: Revision


async def add_comment(command: AddComment, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        InvalidValue: for `text`, `author` or `comments`.
    """
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    return uow.tasks.save(task.add_comment(command.text, author=command.author, at=uow.now))


async def edit_comment(command: EditComment, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        CommentNotFound: if it has no such comment.
        PreconditionFailed: if `if_match` is not the task's revision.
        InvalidValue: for `text`.
    """
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    return uow.tasks.save(task.edit_comment(command.comment_id, command.text, at=uow.now))


async def delete_comment(command: DeleteComment, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        CommentNotFound: if it has no such comment.
        PreconditionFailed: if `if_match` is not the task's revision.
    """
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    return uow.tasks.save(task.delete_comment(command.comment_id, at=uow.now))


async def list_comments(task_id: TaskId, store: TaskStore, workspace: WorkspaceId) -> CommentPage:
    """Return all comments of a live task.

    Raises:
        TaskNotFound: if there is no such live task.
    """
    loaded = await store.load_tasks(workspace, (task_id,)) if is_task_id(task_id) else {}
    task = loaded.get(task_id)
    if task is None or task.is_deleted:
        raise TaskNotFound(task_id)
    return CommentPage(items=[CommentView.of(comment, task) for comment in task.comments], revision=task.revision)
