"""JSON Lines carry lists, with all that is said of them."""

import json

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from unit.interchange.files import readings, refusal


async def export(harbor) -> bytes:
    return b"".join([piece async for piece in harbor.export_tasks(format="jsonl")])


def members_of(lists):
    return [(each.name, each.colour, each.description, each.archived, each.created, each.updated) for each in lists]


async def filled(harbor) -> None:
    await harbor.change_list(1, colour="#010203")
    await harbor.create_list(name="Empty")
    errands = await harbor.create_list(name="Errands", colour="#ff0000", description="Small ones")
    old = await harbor.create_list(name="Old")
    await harbor.create_task(title="milk", list=errands.id)
    await harbor.create_task(title="done long ago", list=old.id)
    await harbor.change_list(old.id, archived=True)


@pytest.mark.parametrize("atomic", [False, True])
async def test_lists_come_out_and_go_in_with_every_field(atomic: bool):
    async with open_taskharbor(storage=InMemoryStorage()) as here, open_taskharbor(storage=InMemoryStorage()) as there:
        await filled(here)
        data = await export(here)
        report = await there.import_tasks(data, format="jsonl", atomic=atomic)
        assert (report.created, report.refused) == (2, 0)
        lists = [(await each.list_lists()).items for each in (here, there)]
        assert [each[:4] for each in members_of(lists[1])] == [each[:4] for each in members_of(lists[0])]
        assert [each.created for each in lists[1][1:]] == [each.created for each in lists[0][1:]]
        tasks = (await there.find_tasks()).items
        names = {each.id: each.name for each in lists[1]}
        assert {task.title: names[task.list] for task in tasks} == {"milk": "Errands", "done long ago": "Old"}
        revisions = [each.revision for each in lists[1]]
        again = await there.import_tasks(data, format="jsonl", atomic=atomic)
        assert (again.created, again.updated, again.refused) == (0, 0, 0)
        assert [each.revision for each in (await there.list_lists()).items] == revisions


async def test_a_list_that_is_there_is_changed_where_the_file_says_something_else():
    line = {"kind": "list", "name": "Errands", "colour": "#00ff00"}
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        made = await harbor.create_list(name="Errands", colour="#ff0000", description="Small ones")
        await harbor.import_tasks(json.dumps(line).encode(), format="jsonl")
        (_, found) = (await harbor.list_lists()).items
        assert (found.id, found.colour, found.description) == (made.id, "#00ff00", "Small ones")


async def test_a_list_that_cannot_be_is_refused_at_its_line_and_the_rest_goes_in():
    lines = ['{"kind": "list", "name": "Errands", "colour": "red"}', '{"title": "x", "list_name": "Errands"}']
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        report = await harbor.import_tasks("\n".join(lines).encode(), format="jsonl")
        assert [each.place for each in report.problems] == ["line 1 (colour)"]
        assert report.created == 1


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('{"kind": "shelf", "name": "x"}', "line 1 (kind)"),
        ('{"kind": "list"}', "line 1 (name)"),
        ('{"kind": "list", "name": "x", "size": 5}', "line 1 (line.size)"),
    ],
)
def test_what_is_wrong_with_a_list_is_named_with_its_line(line: str, place: str):
    assert refusal("jsonl", line).place == place


def test_a_task_has_no_kind():
    (found,) = readings("jsonl", '{"title": "x"}')
    assert found.place == "line 1"
