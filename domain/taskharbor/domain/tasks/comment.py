"""Comments on tasks. RFC 5545 section 3.8.1.4, an annotation of Taskwarrior."""

from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias

from taskharbor.domain.errors import CommentNotFound, InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.values.instant import instant_as_json
from taskharbor.domain.values.primitives import string_from
from taskharbor.domain.values.text import multiline_from

CommentId: TypeAlias = int
"""A positive integer, unique within its task and never reused."""

MAX_COMMENT_LENGTH: Final = 10_000
"""In code points."""

MAX_COMMENTS: Final = 200
MAX_COMMENTS_LENGTH: Final = 100_000
"""In code points, all comments of a task together."""

MAX_AUTHOR_LENGTH: Final = 200


@frozen(kw_only=True)
class Comment:
    """A comment on a task.

    Attributes:
        id: its number within the task.
        text: Markdown, 1 to 10,000 characters.
        author: who wrote it, or None.
        created: when it was written. Instants are aware, in UTC.
        updated: when it was last edited.
    """

    id: CommentId
    text: str
    author: str | None
    created: datetime
    updated: datetime

    def as_json(self) -> dict[str, object]:
        """Return the wire form."""
        return {
            "id": self.id,
            "text": self.text,
            "author": self.author,
            "created": instant_as_json(self.created),
            "updated": instant_as_json(self.updated),
        }


Comments: TypeAlias = tuple[Comment, ...]
"""Comments, oldest first."""


def comment_text_from(field: str, value: object) -> str:
    """Return `value` as the text of a comment: trimmed, 1 to 10,000 characters.

    Raises:
        InvalidValue: for `field`.
    """
    text = string_from(field, value).strip()
    if not 1 <= len(text) <= MAX_COMMENT_LENGTH:
        raise InvalidValue(field, f"must have 1 to {MAX_COMMENT_LENGTH} characters, has {len(text)}")
    return multiline_from(field, text)


def author_from(field: str, value: object) -> str | None:
    """Return `value` as the name of an author, or None.

    Raises:
        InvalidValue: for `field`.
    """
    if value is None:
        return None
    name = string_from(field, value).strip()
    if not 1 <= len(name) <= MAX_AUTHOR_LENGTH:
        raise InvalidValue(field, f"must have 1 to {MAX_AUTHOR_LENGTH} characters, has {len(name)}")
    return multiline_from(field, name)


def comment_from(comment_id: CommentId, text: object, author: object, *, at: datetime) -> Comment:
    """Return a new comment, written at this instant.

    Raises:
        InvalidValue: for `text` or `author`.
    """
    said, by = comment_text_from("text", text), author_from("author", author)
    return Comment(id=comment_id, text=said, author=by, created=at, updated=at)


def comments_with(comments: Comments, new: Comment) -> Comments:
    """Return the comments and another one after them.

    Raises:
        InvalidValue: for `comments` or `text`, if there would be too many of them, or too much of it.
    """
    if len(comments) >= MAX_COMMENTS:
        raise InvalidValue("comments", f"must be at most {MAX_COMMENTS} of a task")
    return _bounded((*comments, new))


def comments_with_text(
    comments: Comments, comment_id: CommentId, text: object, *, task_id: int, at: datetime
) -> Comments:
    """Return the comments, one of them with another text.

    Raises:
        CommentNotFound: if it is not there.
        InvalidValue: for `text`, also if there would be too much of it.
    """
    text = comment_text_from("text", text)
    old = comment_with(comments, comment_id, task_id=task_id)
    if old.text == text:
        return comments
    new = replace(old, text=text, updated=max(at, old.updated))
    return _bounded(tuple(new if comment is old else comment for comment in comments))


def comments_without(comments: Comments, comment_id: CommentId, *, task_id: int) -> Comments:
    """Return the comments but one.

    Raises:
        CommentNotFound: if it is not there.
    """
    old = comment_with(comments, comment_id, task_id=task_id)
    return tuple(comment for comment in comments if comment is not old)


def comment_with(comments: Comments, comment_id: CommentId, *, task_id: int) -> Comment:
    """Return the comment with this id.

    Raises:
        CommentNotFound: if it is not there.
    """
    for comment in comments:
        if comment.id == comment_id:
            return comment
    raise CommentNotFound(task_id, comment_id)


def _bounded(comments: Comments) -> Comments:
    length = sum(len(comment.text) for comment in comments)
    if length > MAX_COMMENTS_LENGTH:
        raise InvalidValue(
            "text", f"must leave the comments of the task at most {MAX_COMMENTS_LENGTH} characters, they have {length}"
        )
    return comments
