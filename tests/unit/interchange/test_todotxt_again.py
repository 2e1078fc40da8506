"""A todo.txt that is read again after people and programs have worked on it."""

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.domain.identifiers import INBOX
from taskharbor.entrypoints.embedded.opening import open_taskharbor


@pytest.mark.parametrize("line", ["@errands", "+garden due:2026-01-01", "due:2026-01-01", "+a +b @c k:v", "x @home"])
async def test_a_line_without_a_text_comes_out_as_it_came_however_often(line: str):
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        for _ in range(3):
            await harbor.import_tasks(line.encode(), format="todotxt")
            exported = b"".join([piece async for piece in harbor.export_tasks(format="todotxt")])
            assert exported.decode() == f"{line}\n"


AGAIN = [
    ("archived", "x 2026-01-05 R +a\nR +b\nR +c\n", "R +b\nR +c\n", ["R +a", "R +b", "R +c"], (0, 0, 2)),
    ("reordered", "R +a\nR +b\nR +c\n", "R +c\nR +a\nR +b\n", ["R +a", "R +b", "R +c"], (0, 0, 3)),
    ("moved", "R +a\nR +b\n", "R +d\nR +b\n", ["R +b", "R +d"], (0, 1, 1)),
    ("done and recurring", "W due:2026-01-05 rec:1w\n",
     "x 2026-01-05 W due:2026-01-05 rec:1w\nW due:2026-01-12 rec:1w\n",
     ["W due:2026-01-05", "W due:2026-01-12"], (1, 1, 0)),
    ("done, and a new one of the same name", "x 2026-01-05 W due:2026-01-05\n", "W due:2026-01-12\n",
     ["W due:2026-01-05", "W due:2026-01-12"], (1, 0, 0)),
    ("opened again", "x 2026-01-05 W due:2026-01-05\n", "W due:2026-01-05\n", ["W due:2026-01-05"], (0, 1, 0)),
    ("one more", "S\nS\n", "S\nS\nS\n", ["S", "S", "S"], (1, 0, 2)),
    ("edited", "R +a\nR +b\n", "(A) R +a due:2026-02-01\nR +b\n", ["R +a due:2026-02-01", "R +b"], (0, 1, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("what", "first", "second", "tasks", "counts"), AGAIN)
async def test_a_file_that_was_edited_changes_only_what_was_edited(what, first, second, tasks, counts):
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await harbor.import_tasks(first.encode(), format="todotxt")
        report = await harbor.import_tasks(second.encode(), format="todotxt")
        assert (report.created, report.updated, report.unchanged) == counts, what
        again = await harbor.import_tasks(second.encode(), format="todotxt")
        assert (again.created, again.updated) == (0, 0)
        lists_ = {each.id: each.name for each in (await harbor.list_lists()).items}
        found = [
            each.title
            + (f" +{lists_[each.list]}" if each.list != INBOX else "")
            + (f" due:{each.due.local}" if each.due else "")
            for each in (await harbor.find_tasks(limit=100)).items
        ]
        assert sorted(found) == tasks
