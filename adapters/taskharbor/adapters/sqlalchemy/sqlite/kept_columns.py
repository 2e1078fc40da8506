"""Which columns a change of a task leaves alone.

SQLite writes each index anew that an UPDATE names a column of, or of its condition, be the value the same, and calls
triggers. So a change of the title alone touches two of the indexes: that of the revision and that of the last change.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Final, NamedTuple

from taskharbor.application.store_kit.search_tokens import same_tokens
from taskharbor.domain.tasks.task import Task


class Kept(NamedTuple):
    """Which groups of columns stay as they are.

    Attributes:
        place: those by which tasks are found and sorted, which most changes leave alone.
        progress: how far a task has come.
        life: whether it is deleted, and what it depends on.
        words: the text of which the full-text index finds it.
    """

    place: bool = False
    progress: bool = False
    life: bool = False
    words: bool = False

    @property
    def columns(self) -> set[str]:
        """The names of the columns that stay."""
        return {name for names, stays in zip(_COLUMNS, self, strict=True) if stays for name in names}


NOTHING: Final = Kept()


def kept(before: Task, after: Task) -> Kept:
    """Return what a change leaves as it is."""
    return Kept(
        _place_of(before) == _place_of(after),
        _progress_of(before) == _progress_of(after),
        _life_of(before) == _life_of(after),
        same_tokens(before, after),
    )


_COLUMNS: Final = (
    ("uid", "list", "parent", "rank", "due_wall", "due_utc", "due_key"),
    ("progress", "is_open", "percent_complete", "completed"),
    ("deleted", "depends_on"),
    ("words",),
)
"""What each of the groups has."""

_Values = Callable[[Task], tuple[object, ...]]
_place_of: Final[_Values] = attrgetter("uid", "list", "parent", "rank", "due")
_progress_of: Final[_Values] = attrgetter("progress", "percent_complete", "completed")
_life_of: Final[_Values] = attrgetter("deleted", "depends_on")
