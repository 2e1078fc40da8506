"""The words by which a task is found."""

from taskharbor.domain.task import Task
from taskharbor.domain.words import Words, words_of


def words_of_task(task: Task) -> Words:
    """Return the words of the title, the tags, the description and the comments, in this order."""
    return words_of(task.title, *task.tags, task.description or "", *(comment.text for comment in task.comments))
