"""By what a task is found through an index of words: each store keeps these tokens in its own native one."""

from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.tags import tag_key
from taskharbor.domain.task import Task
from taskharbor.domain.task_words import words_of_task


def index_tokens(workspace: WorkspaceId, task: Task) -> set[str]:
    """Return the tokens of `task`. None of them has a control character.

    `@` and the workspace, so that the index need not be one for each workspace; `w` and a word of title, description,
    tags or comments; `t` and the key of a tag; `d` and the id of a task that it depends on.
    """
    tokens = {f"@{workspace}"}
    tokens.update([f"w{word}" for word in words_of_task(task)])
    tokens.update([f"t{tag_key(tag)}" for tag in task.tags])
    tokens.update([f"d{task_id}" for task_id in task.depends_on])
    return tokens
