"""Whether a change can have changed the words by which a task is found: most do not."""

from operator import attrgetter
from typing import Final

from taskharbor.domain.tasks.task import Task

_told_by: Final = attrgetter("title", "description", "tags", "comments", "depends_on")


def keeps_words(before: Task, after: Task) -> bool:
    """Tell whether both are told alike by all of which `index_tokens` are made."""
    return bool(_told_by(before) == _told_by(after))
