"""The use cases on comments as plain calls on one workspace."""

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.tasks.comments import (
    AddComment,
    CommentPage,
    CommentView,
    DeleteComment,
    EditComment,
)
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.comment import CommentId
from taskharbor.entrypoints.embedded.scope import HarborScope, fence_from


class CommentCalls(HarborScope):
    """Comments on tasks. `if_match` is the revision of the task."""

    async def add_comment(
        self,
        id: TaskId,
        text: str,
        *,
        author: str | None = None,
        if_match: Revision | None = None,
        fence: Revision | None = None,
        idempotency_key: str | None = None,
    ) -> CommentView:
        """Add a comment to a task, in Markdown.

        Raises:
            InvalidValue: if it is too long, or there are too many comments.
        """
        command = AddComment(id=id, text=text, author=author, if_match=if_match, fence=fence_from(fence))
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def edit_comment(
        self,
        id: TaskId,
        comment_id: CommentId,
        text: str,
        *,
        if_match: Revision | None = None,
        fence: Revision | None = None,
        idempotency_key: str | None = None,
    ) -> CommentView:
        """Edit a comment.

        Raises:
            CommentNotFound: if the task has no such comment.
        """
        command = EditComment(id=id, comment_id=comment_id, text=text, if_match=if_match, fence=fence_from(fence))
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def delete_comment(
        self,
        id: TaskId,
        comment_id: CommentId,
        *,
        if_match: Revision | None = None,
        fence: Revision | None = None,
        idempotency_key: str | None = None,
    ) -> TaskView:
        """Delete a comment for good; return its task.

        Raises:
            CommentNotFound: if the task has no such comment.
        """
        command = DeleteComment(id=id, comment_id=comment_id, if_match=if_match, fence=fence_from(fence))
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def list_comments(self, id: TaskId) -> CommentPage:
        """Return all comments of a task, oldest first."""
        return await self._use_cases.list_comments(id, workspace=self._workspace)
