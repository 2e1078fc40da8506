"""An import is tried, and undone, as one."""

import json
from collections.abc import AsyncIterator

import pytest

from taskharbor.adapters.interchange.formats import format_named
from taskharbor.application.errors import ImportNotFound
from taskharbor.application.interchange import import_at_once
from taskharbor.application.interchange import import_tasks as importing
from taskharbor.application.interchange.import_command import ImportTasks
from taskharbor.application.interchange.import_report import ImportRefused
from taskharbor.application.lists.manage_lists import ListLists
from taskharbor.application.ports.interchange import ImportFile
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.undo.undo_import import UndoImport
from taskharbor.domain.values.uid import uid_from
from unit.interchange.files import vtodo
from unit.interchange.test_import_tasks import UIDS, Desk, desk, pieces  # noqa: F401


def lines(*members: dict[str, object]) -> bytes:
    return "".join(f"{json.dumps(line)}\n" for line in members).encode()


CHILD_FIRST = [
    {"kind": "list", "name": "Garden"},
    {"uid": UIDS[1], "title": "child", "parent_uid": UIDS[3], "list_name": "Garden"},
    {"uid": UIDS[2], "title": "other", "list_name": "Garden", "depends_on_uids": [UIDS[1]]},
    {"uid": UIDS[3], "title": "parent", "list_name": "Garden"},
]


@pytest.mark.parametrize("chunk", [1, 2, 1000])
async def test_an_import_of_many_commits_is_undone_as_one(
    desk: Desk,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    chunk: int,
):
    monkeypatch.setattr(importing, "MAX_CHUNK", chunk)
    await desk.take({"uid": UIDS[2], "title": "before"})
    report = await desk.take(*CHILD_FIRST)
    assert (report.created, report.updated) == (2, 1)
    undone = await desk.use_cases.undo_import(UndoImport(id=report.id))
    assert (undone.tasks, undone.conflicting) == (3, 0)
    assert [*(await desk.tasks())] == ["before"]
    assert len((await desk.use_cases.list_lists(ListLists())).items) == 1
    again = await desk.use_cases.undo_import(UndoImport(id=report.id))
    assert (again.tasks, again.revisions) == (0, [])
    assert [*(await desk.tasks())] == ["before"]


async def test_what_was_changed_since_stays_and_is_said(desk: Desk):  # noqa: F811
    report = await desk.take({"uid": UIDS[1], "title": "a"}, {"uid": UIDS[2], "title": "b"})
    await desk.use_cases.execute(ChangeTask(id=1, title="mine"))
    undone = await desk.use_cases.undo_import(UndoImport(id=report.id))
    assert (undone.tasks, undone.conflicting, undone.conflicts[0].code) == (1, 1, "changed_since")
    assert [*(await desk.tasks())] == ["mine"]


async def test_an_import_that_wrote_nothing_has_no_name(desk: Desk):  # noqa: F811
    await desk.take({"uid": UIDS[1], "title": "a"})
    assert (await desk.take({"uid": UIDS[1], "title": "a"})).id is None
    with pytest.raises(ImportNotFound):
        await desk.use_cases.undo_import(UndoImport(id=uid_from(UIDS[9])))


@pytest.mark.parametrize("atomic", [False, True])
async def test_a_dry_run_says_the_same_and_writes_nothing(desk: Desk, atomic: bool):  # noqa: F811
    await desk.take({"uid": UIDS[2], "title": "before"})
    before = await desk.revision()
    command = ImportTasks(format=format_named("jsonl"), atomic=atomic, dry_run=True)
    tried = await desk.use_cases.import_tasks(command, pieces(lines(*CHILD_FIRST)))
    assert await desk.revision() == before
    assert (tried.created, tried.updated, tried.unchanged, tried.id) == (2, 1, 0, None)
    done = await desk.take(*CHILD_FIRST)
    assert (done.created, done.updated, done.remarks) == (2, 1, tried.remarks)


async def test_a_dry_run_has_its_bounds_and_names_what_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    monkeypatch.setattr(import_at_once, "MAX_DRY_RUN", 2)
    command = ImportTasks(format=format_named("jsonl"), dry_run=True)
    report = await desk.use_cases.import_tasks(command, pieces(lines(*({"title": f"{n}"} for n in range(5)))))
    assert (report.created, report.refused) == (2, 1)
    assert report.problems[0].message == "a dry run takes at most 2 tasks"
    bad = ImportTasks(format=format_named("jsonl"), dry_run=True, atomic=True)
    with pytest.raises(ImportRefused):
        await desk.use_cases.import_tasks(bad, pieces(b"nonsense\n"))


@pytest.mark.parametrize("atomic", [False, True])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
async def test_files_of_several_formats_name_each_other_in_any_order(desk: Desk, atomic: bool, order: tuple[int, ...]):  # noqa: F811
    todo = vtodo(f"RELATED-TO:{UIDS[1]}", uid=UIDS[2]).replace("SUMMARY:Test", "SUMMARY:two")
    members = [
        ("jsonl", lines({"uid": UIDS[1], "title": "one"})),
        ("icalendar", todo.encode()),
        ("taskwarrior", json.dumps([{"uuid": UIDS[3], "description": "three", "depends": [UIDS[2]]}]).encode()),
    ]

    def files() -> list[ImportFile]:
        return [
            ImportFile(format=format_named(members[at][0]), data=pieces(members[at][1]), name=members[at][0])
            for at in order
        ]

    report = await desk.use_cases.import_tasks(ImportTasks(atomic=atomic), files())
    assert (report.created, report.problems) == (3, [])
    found = await desk.tasks()
    assert (found["two"].parent, found["three"].depends_on) == (found["one"].id, (found["two"].id,))
    again = await desk.use_cases.import_tasks(ImportTasks(atomic=atomic), files())
    assert (again.unchanged, again.updated, again.id) == (3, 0, None)


@pytest.mark.parametrize("chunk", [1, 2])
async def test_a_list_that_the_undo_of_another_import_takes_away_is_made_again(
    desk: Desk,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    chunk: int,
):
    monkeypatch.setattr(importing, "MAX_CHUNK", chunk)
    first = await desk.take({"title": "first", "list_name": "Garden"})

    async def second() -> AsyncIterator[bytes]:
        yield lines({"title": "a"}, {"title": "b"})
        await desk.use_cases.undo_import(UndoImport(id=first.id))
        yield lines({"title": "c", "list_name": "Garden"}, {"title": "d", "list_name": "Garden"})

    report = await desk.use_cases.import_tasks(ImportTasks(format=format_named("jsonl")), second())
    assert (report.created, report.refused, report.remarked) == (4, 0, 0)
    found, lists = await desk.tasks(), (await desk.use_cases.list_lists(ListLists())).items
    assert {found["c"].list, found["d"].list} == {each.id for each in lists if each.name == "Garden"}
    undone = await desk.use_cases.undo_import(UndoImport(id=first.id))
    assert undone.tasks == 0
    assert [*(await desk.tasks())] == ["a", "b", "c", "d"]


async def test_a_list_that_another_import_has_filled_stays_and_is_said(desk: Desk):  # noqa: F811
    first = await desk.take({"title": "first", "list_name": "Garden"})
    await desk.take({"title": "second", "list_name": "Garden"})
    undone = await desk.use_cases.undo_import(UndoImport(id=first.id))
    assert [each.code for each in undone.record_conflicts] == ["list_not_empty"]
    names = {each.id: each.name for each in (await desk.use_cases.list_lists(ListLists())).items}
    assert {title: names[task.list] for title, task in (await desk.tasks()).items()} == {"second": "Garden"}
