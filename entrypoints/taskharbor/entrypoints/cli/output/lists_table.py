"""Lists as a table."""

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from taskharbor.domain.identifiers import ListId
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.entrypoints.cli.output.text import harmless


def lists_table(lists: Sequence[TaskList], open_tasks: Mapping[ListId, int]) -> Table:
    """Return the table of lists."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1), show_edge=False)
    table.add_column("id", justify="right", style="cyan", no_wrap=True)
    table.add_column("name", overflow="fold")
    table.add_column("open", justify="right", no_wrap=True)
    table.add_column("")
    for each in lists:
        name = Text(harmless(each.name), style=each.colour or "")
        table.add_row(str(each.id), name, str(open_tasks.get(each.id, 0)), "archived" if each.archived else "")
    return table
