"""Tasks as a command shows them."""

from collections.abc import Sequence

from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.identifiers import INBOX, ListId
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.entrypoints.cli.output.documents import task_documents
from taskharbor.entrypoints.cli.output.formats import TABLE
from taskharbor.entrypoints.cli.output.output import Output
from taskharbor.entrypoints.embedded.harbor import Harbor

_PAGE = 1_000


async def all_lists(harbor: Harbor) -> list[TaskList]:
    """Return all lists."""
    found: list[TaskList] = []
    after: ListId | None = 0
    while after is not None:
        page = await harbor.list_lists(after=after, limit=_PAGE)
        found += page.items
        after = page.next_after
    return found


async def show_tasks(harbor: Harbor, out: Output, tasks: Sequence[TaskView], *, single: bool = False) -> None:
    """Write tasks, with the names of their lists in a table."""
    names: dict[ListId, str] = {}
    if out.format == TABLE and any(task.list != INBOX for task in tasks):
        names = {each.id: each.name for each in await all_lists(harbor)}

    def table() -> object:
        from taskharbor.entrypoints.cli.output.table import task_table  # noqa: PLC0415  # rich takes time to load

        return task_table(tasks, names, now=out.now, zone=out.zone, width=out.width)

    out.show(lambda: task_documents(tasks), table, single=single)
