"""What the operations are about: the headings under which `/docs` shows them, in the order of a reader's needs."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of OpenAPI."""

    name: str
    description: str

    def as_json(self) -> dict[str, str]:
        """Describe it as OpenAPI does."""
        return {"name": self.name, "description": self.description}


TASKS: Final = Tag("tasks", "Create, read, change and delete tasks; list them with filter, words, order and pages.")
PROGRESS: Final = Tag(
    "progress", "Start, complete, cancel and reopen. A task that comes again moves on to its next date."
)
STRUCTURE: Final = Tag(
    "structure", "Where a task is: its list, its parent, its rank among the others; and how urgent it is."
)
COMMENTS: Final = Tag("comments", "What people say of a task, in Markdown.")
LISTS: Final = Tag("lists", "Each task is in one list; without another word, in the inbox.")
SEARCH: Final = Tag(
    "search", "Count what a filter or words find, by what it is like, and change all of it in one commit."
)
SAVED_FILTERS: Final = Tag("saved filters", "Filters kept under names, to be used wherever a filter is.")
BATCH: Final = Tag("batch", "Many commands in one commit: all of them, or none.")
HISTORY: Final = Tag("history", "What each commit did, by whom and when; the trash; and undo.")
SYNC: Final = Tag("sync", "Keep a copy that misses nothing.")
INTERCHANGE: Final = Tag("interchange", "iCalendar, Taskwarrior, todo.txt, JSON Lines and CSV, in and out.")
SERVICE: Final = Tag("service", "Whether the process is alive, and whether its store answers.")

OPENAPI_TAGS: Final = (
    TASKS,
    PROGRESS,
    STRUCTURE,
    COMMENTS,
    LISTS,
    SEARCH,
    SAVED_FILTERS,
    BATCH,
    HISTORY,
    SYNC,
    INTERCHANGE,
    SERVICE,
)
