"""The words by which a task is found."""

from taskharbor.domain.search.words import Words, words_of
from taskharbor.domain.tasks.task import Task


def words_of_task(task: Task) -> Words:
    """Return the words of the title, the tags, the description and the comments, in this order."""
    return words_of(task.title, *task.tags, task.description or "", *(comment.text for comment in task.comments))
