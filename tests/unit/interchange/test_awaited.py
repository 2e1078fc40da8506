"""Order does not matter: a task may come before those that it names, in another file too."""

import json

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.interchange import import_tasks as importing
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from unit.interchange.odd_calendars import calendar, todo

PARENT, CHILD, NEEDED = (f"0190b1f4-1234-7abc-8def-0123456789a{digit}" for digit in "123")


def line(uid: str, **members: object) -> str:
    return json.dumps({"uid": uid, "title": uid} | members)


FILES = {
    "jsonl": [line(CHILD, parent_uid=PARENT, depends_on_uids=[NEEDED]), line(PARENT), line(NEEDED)],
    "icalendar": [
        calendar(todo("child", "SUMMARY:c", "RELATED-TO:the parent", "RELATED-TO;RELTYPE=DEPENDS-ON:needed")),
        calendar(todo("the parent", "SUMMARY:p")),
        calendar(todo("needed", "SUMMARY:n")),
    ],
}
TASKWARRIOR = [
    json.dumps([{"uuid": CHILD, "description": "c", "depends": [NEEDED]}]),
    json.dumps([{"uuid": NEEDED, "description": "n"}]),
]


async def take(harbor, format: str, *files: str):
    return [await harbor.import_tasks(file.encode(), format=format) for file in files]


async def export(harbor, format: str) -> str:
    return b"".join([piece async for piece in harbor.export_tasks(format=format)]).decode().replace("\r\n ", "")


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 1, 0)])
@pytest.mark.parametrize("format", FILES)
async def test_files_may_come_in_any_order(format: str, order: tuple[int, ...]):
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        reports = await take(harbor, format, *(FILES[format][at] for at in order))
        assert sum(report.refused for report in reports) == 0
        child = next(task for task in (await harbor.find_tasks()).items if task.depends_on)
        assert child.parent is not None
        assert '"awaited"' not in await export(harbor, "jsonl")
        again = await take(harbor, format, *FILES[format])
        assert sum(report.created + report.updated for report in again) == 0


@pytest.mark.parametrize("format", FILES)
async def test_what_has_not_come_goes_out_as_it_was_named(format: str):
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, format, FILES[format][0])
        out = await export(harbor, format)
        names = ("the parent", "needed") if format == "icalendar" else (PARENT, NEEDED)
        assert all(name in out for name in names)
        (again,) = await take(harbor, format, FILES[format][0])
        assert (again.updated, again.unchanged) == (0, 1)


async def test_dependencies_of_taskwarrior_may_come_later():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, "taskwarrior", TASKWARRIOR[0])
        assert json.loads(await export(harbor, "taskwarrior"))[0]["depends"] == [NEEDED]
        await take(harbor, "taskwarrior", TASKWARRIOR[1])
        assert [bool(task.depends_on) for task in (await harbor.find_tasks(sort="id")).items] == [True, False]


async def test_a_parent_that_a_task_was_given_meanwhile_stays():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, "jsonl", FILES["jsonl"][0])
        (child,) = (await harbor.find_tasks()).items
        other = await harbor.create_task(title="other")
        await harbor.change_task(child.id, parent=other.id)
        await take(harbor, "jsonl", FILES["jsonl"][1])
        assert (await harbor.get_task(child.id)).parent == other.id


async def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importing, "MAX_CHUNK", 1)
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        (report,) = await take(harbor, "jsonl", "\n".join(FILES["jsonl"]))
        assert (report.created, report.remarked) == (3, 0)
