"""The tokens by which a task is found through a full-text index, native to each store."""

from base64 import b32encode
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import Final

from taskharbor.domain.access.members import MemberId
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.search.words import words_of_task
from taskharbor.domain.tasks.tags import tag_key
from taskharbor.domain.tasks.task import Task

SCOPE_LENGTH: Final = 4
"""With how many characters, of `a-z 2-7`, each token of a workspace begins."""


def index_tokens(workspace: WorkspaceId, task: Task) -> list[str]:
    """Return the tokens of `task`, all different. None of them has a control character.

    They are a `word_token` of each word of title, description, tags and comments, a `tag_token` of each tag, a
    `dependency_token` of each task that it depends on, and an `assignee_token` of each assignee.
    """
    scope = _scope_of(workspace)
    return [*[f"{scope}w{word}" for word in words_of_task(task)], *_further_tokens(scope, task)]


def joined_tokens(workspace: WorkspaceId, task: Task, between: str, written: Callable[[str], str] = str) -> str:
    """Return the `index_tokens` of `task` with some text between them.

    Those of words stand as they are, and are joined in one step, since there are many. The others are `written` so.
    """
    scope = _scope_of(workspace)
    words, beginning = words_of_task(task), f"{scope}w"
    texts = [beginning + f"{between}{beginning}".join(words)] if words else []
    return between.join([*texts, *map(written, _further_tokens(scope, task))])


def _further_tokens(scope: str, task: Task) -> list[str]:
    """Return the tokens that are not of words."""
    return [
        *[f"{scope}t{tag_key(tag)}" for tag in task.tags],
        *[f"{scope}d{task_id}" for task_id in task.depends_on],
        *[f"{scope}a{member}" for member in task.assignees],
    ]


def word_token(workspace: WorkspaceId, word: str) -> str:
    """Return the token of a word. That of a beginning of the word is a beginning of it."""
    return f"{_scope_of(workspace)}w{word}"


def tag_token(workspace: WorkspaceId, key: str) -> str:
    """Return the token of the tag with this key."""
    return f"{_scope_of(workspace)}t{key}"


def dependency_token(workspace: WorkspaceId, task_id: TaskId) -> str:
    """Return the token of what depends on a task."""
    return f"{_scope_of(workspace)}d{task_id}"


def assignee_token(workspace: WorkspaceId, member: MemberId) -> str:
    """Return the token of what a member is to do."""
    return f"{_scope_of(workspace)}a{member}"


@lru_cache(10_000)
def _scope_of(workspace: WorkspaceId) -> str:
    """Return what the tokens of a workspace begin with, so that one index serves all and finds what is of this one.

    It is computed from the name alone. There are a million such prefixes: a workspace that
    shares its own with another is rare, and finds some tasks too many, which is why a store must still compare the
    workspace of what the index finds.
    """
    return b32encode(sha256(workspace.encode()).digest())[:SCOPE_LENGTH].decode().lower()


_told_by: Final = attrgetter("title", "description", "tags", "comments", "depends_on", "assignees")


def same_tokens(before: Task, after: Task) -> bool:
    """Return whether both have the same `index_tokens`."""
    return bool(_told_by(before) == _told_by(after))
