"""Imports and exports as use cases, on the store in memory."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from taskharbor.adapters.interchange.formats import format_named
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.interchange import export_tasks as exporting
from taskharbor.application.interchange import import_at_once
from taskharbor.application.interchange import import_tasks as importing
from taskharbor.application.interchange import read_drafts as reading
from taskharbor.application.interchange.import_command import ImportTasks
from taskharbor.application.interchange.import_report import ImportRefused, ImportReport
from taskharbor.application.ports.change_feed import Position
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.testing import FakeClock, FakeUids
from unit.interchange.files import drafts

UIDS = [f"0190b1f4-1234-7abc-8def-{number:012}" for number in range(50)]


class Desk:
    """A store, and what is done with files there."""

    def __init__(self) -> None:
        self.storage = InMemoryStorage()
        self.clock = FakeClock()
        self.use_cases = UseCases(self.storage, clock=self.clock, uids=FakeUids())

    async def take(self, *lines: dict[str, object] | str, atomic: bool = False) -> ImportReport:
        text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
        command = ImportTasks(format=format_named("jsonl"), atomic=atomic)
        return await self.use_cases.import_tasks(command, pieces(text.encode()))

    async def tasks(self) -> dict[str, object]:
        page = await self.use_cases.list_tasks(ListTasks(limit=100))
        return {view.title: view for view in page.items}

    async def revision(self) -> int:
        return (await self.storage.list_changes("default", after=Position(0), limit=1)).revision


async def pieces(data: bytes, size: int = 100) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_tasks_are_made_with_the_past_that_they_had(desk: Desk):
    report = await desk.take(
        {"uid": UIDS[1], "title": "a", "progress": "completed", "created": "2020-01-01T00:00:00Z",
         "updated": "2021-01-01T00:00:00Z", "completed": "2020-06-01T00:00:00Z"}
    )  # fmt: skip
    assert (report.created, report.refused) == (1, 0)
    found = (await desk.tasks())["a"]
    assert found.created == datetime(2020, 1, 1, tzinfo=UTC)
    assert found.updated == datetime(2021, 1, 1, tzinfo=UTC)
    assert found.completed == datetime(2020, 6, 1, tzinfo=UTC)


async def test_importing_again_writes_nothing(desk: Desk):
    lines = [{"uid": uid, "title": uid, "list_name": "Errands", "tags": ["a"]} for uid in UIDS]
    await desk.take(*lines)
    before = await desk.revision()
    report = await desk.take(*lines)
    assert (report.created, report.updated, report.unchanged) == (0, 0, len(UIDS))
    assert await desk.revision() == before


async def test_only_what_a_file_says_anew_is_changed(desk: Desk):
    await desk.take({"uid": UIDS[1], "title": "a", "description": "kept", "priority": 1})
    report = await desk.take({"uid": UIDS[1], "title": "b"})
    assert report.updated == 1
    found = (await desk.tasks())["b"]
    assert (found.description, found.priority) == ("kept", 1)


async def test_a_format_that_holds_less_takes_nothing_away(desk: Desk):
    await desk.take(
        {"uid": UIDS[1], "title": "a", "description": "kept", "due": {"localDateTime": "2026-12-01T09:00:00",
         "timeZone": "Europe/Berlin"}, "priority": 2, "reminders": [{"offset": "-PT5M", "relativeTo": "due"}]}
    )  # fmt: skip
    export = desk.use_cases.export_tasks(format_named("todotxt"))
    line = b"".join([piece async for piece in export])
    assert export.losses == {"the description": 1, "the time and zone of its due": 1, "reminders": 1}
    command = ImportTasks(format=format_named("todotxt"))
    assert (await desk.use_cases.import_tasks(command, pieces(line))).unchanged == 1
    changed = line.replace(b"(B)", b"(C)")
    assert (await desk.use_cases.import_tasks(command, pieces(changed))).updated == 1
    found = (await desk.tasks())["a"]
    assert (found.priority, found.description, len(found.reminders)) == (3, "kept", 1)
    assert found.due.as_json()["timeZone"] == "Europe/Berlin"


async def test_a_deleted_task_comes_back(desk: Desk):
    await desk.take({"uid": UIDS[1], "title": "a"})
    await desk.use_cases.execute(DeleteTask(id=1))
    assert (await desk.take({"uid": UIDS[1], "title": "a"})).updated == 1
    assert "a" in await desk.tasks()


async def test_what_cannot_be_taken_is_named_with_its_place_and_the_rest_is_taken(desk: Desk):
    report = await desk.take(
        {"uid": UIDS[1], "title": "good"},
        "no json",
        {"uid": UIDS[2]},
        {"uid": UIDS[3], "title": "late", "start": {"date": "2026-12-02"}, "due": {"date": "2026-12-01"}},
        {"uid": UIDS[4], "title": "also good"},
    )
    assert [(each.place, each.message[:29]) for each in report.problems] == [
        ("line 2", "it is not JSON: Expecting val"),
        ("line 3 (title)", "is required"),
    ]
    assert [(each.place, each.message) for each in report.remarks] == [
        ("line 4 (start)", "must not be after due: kept, and not read")
    ]
    assert (await desk.tasks()).keys() == {"good", "late", "also good"}


async def test_all_or_nothing_is_nothing_if_one_line_is_wrong(desk: Desk):
    with pytest.raises(ImportRefused) as refused:
        await desk.take({"uid": UIDS[1], "title": "good"}, {"uid": UIDS[2]}, atomic=True)
    assert refused.value.report.problems[0].place == "line 2 (title)"
    assert refused.value.report.created == 0
    with pytest.raises(ImportRefused):
        await desk.take({"uid": UIDS[1], "title": "good"}, "{", atomic=True)
    assert await desk.tasks() == {}


async def test_all_or_nothing_takes_one_revision(desk: Desk):
    report = await desk.take(*[{"uid": uid, "title": uid} for uid in UIDS], atomic=True)
    assert report.created == len(UIDS)
    assert await desk.revision() == 1


async def test_all_or_nothing_is_refused_above_its_maximum(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(import_at_once, "MAX_ATOMIC", 10)
    with pytest.raises(ImportRefused, match="an import of all or nothing takes at most 10 tasks"):
        await desk.take(*[{"uid": uid, "title": uid} for uid in UIDS], atomic=True)


async def test_parents_and_dependencies_may_come_later_in_the_file(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importing, "MAX_CHUNK", 2)
    lines = [
        {"uid": UIDS[1], "title": "child", "parent_uid": UIDS[9], "updated": "2020-01-01T00:00:00Z"},
        {"uid": UIDS[2], "title": "waits", "depends_on_uids": [UIDS[1], UIDS[9]]},
        {"uid": UIDS[3], "title": "other"},
        {"uid": UIDS[9], "title": "parent", "list_name": "Errands"},
    ]
    report = await desk.take(*lines)
    assert (report.created, report.refused) == (4, 0)
    found = await desk.tasks()
    assert found["child"].parent == found["parent"].id
    assert found["child"].list == found["parent"].list
    assert found["child"].updated == datetime(2020, 1, 1, tzinfo=UTC)
    assert found["parent"].subtask_count == 1
    assert set(found["waits"].depends_on) == {found["child"].id, found["parent"].id}
    before = await desk.revision()
    assert (await desk.take(*lines)).unchanged == 4
    assert await desk.revision() == before


async def test_a_circle_is_left_out_where_it_closes_and_kept_and_the_rest_is_taken(desk: Desk):
    lines = [
        {"uid": UIDS[1], "title": "a", "depends_on_uids": [UIDS[2], UIDS[3]], "parent_uid": UIDS[2]},
        {"uid": UIDS[2], "title": "b", "depends_on_uids": [UIDS[1]], "parent_uid": UIDS[1]},
        {"uid": UIDS[3], "title": "c", "parent_uid": UIDS[3]},
    ]
    report = await desk.take(*lines)
    assert (report.created, report.refused) == (3, 0)
    assert [each.place for each in report.remarks] == ["line 1 (depends_on)", "line 2 (parent)", "line 3 (parent)"]
    found = await desk.tasks()
    assert (found["a"].parent, found["a"].depends_on, found["b"].depends_on) == (
        found["b"].id,
        (found["c"].id,),
        (found["a"].id,),
    )
    for name in ("jsonl", "icalendar", "taskwarrior"):
        exported = b"".join([piece async for piece in desk.use_cases.export_tasks(format_named(name))])
        for draft, line in zip(drafts(name, exported), lines, strict=True):
            assert name == "taskwarrior" or draft.parent == line["parent_uid"]
            assert set(draft.depends_on) == set(line.get("depends_on_uids", []))
    before = await desk.revision()
    assert (await desk.take(*lines)).unchanged == 3
    assert await desk.revision() == before


async def test_a_chain_of_subtasks_is_no_longer_than_it_may_be_in_whatever_order_it_comes(desk: Desk):
    upwards = [{"uid": uid, "title": uid, "parent_uid": above} for uid, above in pairwise(UIDS)]
    report = await desk.take(*upwards, {"uid": UIDS[-1], "title": "top"})
    assert (report.problems, report.remarks[0].place) == ([], "line 32 (parent)")
    assert report.created == len(UIDS)


async def test_a_task_that_is_named_and_not_there_is_told(desk: Desk):
    report = await desk.take({"uid": UIDS[1], "title": "a", "parent_uid": UIDS[2]})
    reason = "which is not there yet: kept, and made good when it comes"
    assert report.remarks[0].message == f"it names the task {UIDS[2]}, {reason}"
    assert "a" in await desk.tasks()


async def test_lists_are_found_by_name_or_made_once(desk: Desk):
    await desk.take(*[{"uid": uid, "title": uid, "list_name": f"L{place % 2}"} for place, uid in enumerate(UIDS)])
    assert len({view.list for view in (await desk.tasks()).values()}) == 2
    await desk.take({"uid": UIDS[0], "title": UIDS[0], "list_name": None})
    assert (await desk.tasks())[UIDS[0]].list == 1


async def test_an_import_stops_after_too_many_tasks(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "MAX_TASKS", 5)
    report = await desk.take(*[{"uid": uid, "title": uid} for uid in UIDS])
    assert (report.created, report.problems[0].place) == (5, "line 6")


async def test_an_import_gives_up_on_what_is_another_format(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "MAX_REFUSED", 5)
    report = await desk.take(*["x"] * 100)
    assert report.refused == 6


async def test_the_history_says_that_it_was_an_import(desk: Desk):
    await desk.take({"uid": UIDS[1], "title": "a"})
    (entry,) = await desk.storage.list_history("default", 1, before=100, limit=10)
    assert entry.command == "import_tasks"


async def test_a_format_that_is_only_written_cannot_be_imported():
    with pytest.raises(InvalidValue, match="format: must be one that can be read: csv is only written"):
        ImportTasks(format=format_named("csv"))


async def test_an_export_comes_in_pages_and_counts(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "PAGE", 20)
    await desk.take(*[{"uid": uid, "title": uid} for uid in UIDS])
    export = desk.use_cases.export_tasks(format_named("jsonl"))
    parts = [part async for part in export]
    assert export.count == len(UIDS)
    assert len([part for part in parts if part]) == 3
    assert [json.loads(line)["uid"] for line in b"".join(parts).splitlines()] == UIDS


@pytest.mark.parametrize("atomic", [False, True])
async def test_a_task_of_a_list_that_is_archived_here_comes_into_the_inbox(desk: Desk, atomic: bool):
    await desk.take({"kind": "list", "name": "Old", "archived": True})
    report = await desk.take({"title": "a", "list_name": "Old"}, atomic=atomic)
    assert (report.created, report.refused) == (1, 0)
    assert [(each.place, each.message) for each in report.remarks] == [
        ("line 1 (list_name)", "must not be archived: an archived list takes no tasks: left out")
    ]
    assert (await desk.tasks())["a"].list == 1
