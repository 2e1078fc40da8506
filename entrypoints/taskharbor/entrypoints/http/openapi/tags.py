"""What the operations are about: the headings under which `/docs` shows them, in the order of a reader's needs."""

from typing import Final

from taskharbor.domain.frozen import frozen


@frozen
class Tag:
    """A tag of OpenAPI."""

    name: str
    description: str

    def as_json(self) -> dict[str, str]:
        """Describe it as OpenAPI does."""
        return {"name": self.name, "description": self.description}


TASKS: Final = Tag(
    "tasks", "Create, read, change and delete tasks; list them with filters, search, sorting and paging."
)
PROGRESS: Final = Tag("progress", "Start, complete, cancel and reopen. A recurring task advances to its next date.")
CLAIMS: Final = Tag("claims", "Work on a task alone, for a while: a queue for bots and agents.")
REMINDERS: Final = Tag("reminders", "Reminders to come; snooze and dismiss those that have fired.")
STRUCTURE: Final = Tag("structure", "The place of a task (list, parent, rank) and its urgency.")
COMMENTS: Final = Tag("comments", "Comments on tasks, in Markdown.")
LISTS: Final = Tag("lists", "Every task is in one list, by default the inbox.")
SEARCH: Final = Tag("search", "Count the tasks that match a filter or words, and change all of them in one commit.")
SAVED_FILTERS: Final = Tag("saved filters", "Named filters, usable wherever a filter is.")
BATCH: Final = Tag("batch", "Many commands in one commit, all or nothing.")
HISTORY: Final = Tag("history", "What each commit did, by whom and when; the trash; undo.")
SYNC: Final = Tag("sync", "Keep a complete copy up to date.")
WEBHOOKS: Final = Tag("webhooks", "Commits sent to other services, signed, in order and at least once.")
INTERCHANGE: Final = Tag("interchange", "iCalendar, Taskwarrior, todo.txt, JSON Lines and CSV, import and export.")
ACCESS: Final = Tag("access", "Workspaces, their members, invitations, API tokens and the audit.")
SERVICE: Final = Tag("service", "Whether the process is alive and its store responds.")

OPENAPI_TAGS: Final = (
    TASKS,
    PROGRESS,
    CLAIMS,
    REMINDERS,
    STRUCTURE,
    COMMENTS,
    LISTS,
    SEARCH,
    SAVED_FILTERS,
    BATCH,
    HISTORY,
    SYNC,
    WEBHOOKS,
    INTERCHANGE,
    ACCESS,
    SERVICE,
)
