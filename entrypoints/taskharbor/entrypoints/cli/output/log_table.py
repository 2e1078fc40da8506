"""The history and the feed of changes, for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.table import Table
from rich.text import Text

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.history.list_history import changes_of
from taskharbor.application.ports.change_feed import Tombstone
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.domain.identifiers import TaskId
from taskharbor.entrypoints.cli.output.due_words import ago_in_words
from taskharbor.entrypoints.cli.output.table import MARKS
from taskharbor.entrypoints.cli.output.text import harmless

_OF_COURSE = frozenset({"updated", "created", "uid", "id", "rank", "is_completed"})


def log_table(entries: Sequence[HistoryEntry], titles: Mapping[TaskId, str], *, now: datetime) -> Table:
    """Return the table of what was done."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1), show_edge=False)
    for name, style in (
        ("revision", "cyan"),
        ("when", ""),
        ("command", ""),
        ("task", ""),
        ("fields", "dim"),
        ("by", ""),
    ):
        table.add_column(name, style=style, overflow="fold", no_wrap=name in {"revision", "when"})
    for entry in entries:
        names = [name for name in changes_of(entry) if name not in _OF_COURSE]
        table.add_row(
            str(entry.revision),
            ago_in_words(entry.at, now),
            entry.command,
            Text(f"{entry.task_id} {harmless(titles.get(entry.task_id, ''))}"),
            ", ".join(names) if entry.previous else "",
            Text(harmless(entry.actor or "")),
        )
    return table


def change_line(change: object) -> Text:
    """Return a line on a task that has changed, or gone."""
    if isinstance(change, Tombstone):
        return Text.assemble((f"{change.revision:>6} ", "dim"), (f"{change.id} ", "cyan"), ("deleted", "red"))
    if not isinstance(change, TaskView):
        raise TypeError(change)
    mark = MARKS[change.progress]
    return Text.assemble(
        (f"{change.revision:>6} ", "dim"), (f"{change.id} ", "cyan"), f"{mark} {harmless(change.title)}"
    )
