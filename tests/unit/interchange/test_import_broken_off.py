"""An import with an idempotency key that breaks off, and is then made again: nothing is taken twice."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping

import pytest

from taskharbor.adapters.interchange.formats import format_named
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.idempotency.recorded_calls import KIND
from taskharbor.application.interchange import import_tasks as importing
from taskharbor.application.interchange.import_command import ImportTasks
from taskharbor.application.interchange.import_report import ImportReport
from taskharbor.application.lists.manage_lists import ListLists
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision, WorkspaceId
from taskharbor.testing import FakeClock, FakeUids

TITLES = [f"task {number}" for number in range(5)]
UID = "0190b1f4-1234-7abc-8def-0123456789ab"
FILES = {
    "todotxt": "".join(f"{title} +Garden\n" for title in TITLES),
    "jsonl": "".join(
        f"{json.dumps(line)}\n"
        for line in (
            {"kind": "list", "name": "Garden", "archived": True},
            {"title": TITLES[0], "parent_uid": UID, "list_name": "Garden"},
            *({"title": title, "list_name": "Garden"} for title in TITLES[1:4]),
            {"uid": UID, "title": TITLES[4], "list_name": "Garden"},
        )
    ),
    "icalendar": "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Garden\r\n"
    + "".join(f"BEGIN:VTODO\r\nUID:{title}@example.com\r\nSUMMARY:{title}\r\nEND:VTODO\r\n" for title in TITLES)
    + "END:VCALENDAR\r\n",
}
each_file = pytest.mark.parametrize("name", FILES)


class BreakingOff(InMemoryStorage):
    """Cannot be reached at a certain commit, the first being 1, or when an answer is to be kept."""

    def __init__(self) -> None:
        super().__init__()
        self.breaks_at: int | None = None
        self.keeps_answers = True
        self.waits_for_answers = False
        self.waiting = asyncio.Event()
        self.commits = 0

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        if self.waits_for_answers and self.commits and any(key.kind == KIND for key in keys):
            self.waiting.set()
            await asyncio.Event().wait()
        return await super().load_records(workspace, keys)

    async def commit(self, changes: Changeset) -> Revision:
        keeps_an_answer = any(record.kind == KIND for record in changes.records)
        if self.commits + 1 == self.breaks_at or (keeps_an_answer and not self.keeps_answers):
            raise StoreUnavailable("on purpose")
        self.commits += 1
        return await super().commit(changes)


class Desk:
    """A store that breaks off, and what is taken into it."""

    def __init__(self, name: str) -> None:
        self.storage = BreakingOff()
        self._use_cases = UseCases(self.storage, clock=FakeClock(), uids=FakeUids())
        self._name = name

    async def take(self) -> ImportReport:
        async def pieces() -> AsyncIterator[bytes]:
            yield FILES[self._name].encode()

        command = ImportTasks(format=format_named(self._name))
        return await self._use_cases.import_tasks(command, pieces(), idempotency_key="k")

    async def holds(self) -> object:
        tasks = await self._use_cases.list_tasks(ListTasks(limit=100))
        lists = await self._use_cases.list_lists(ListLists())
        names = {one.id: one.name for one in lists.items}
        return (
            sorted((task.title, str(task.uid), task.parent is None, names[task.list]) for task in tasks.items),
            [(one.name, one.archived) for one in lists.items],
        )


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MAX_CHUNK", 2)


async def unbroken(name: str) -> tuple[object, int]:
    """Return what is there after an import that did not break off, and how many commits that took."""
    desk = Desk(name)
    assert (await desk.take()).created == len(TITLES)
    return await desk.holds(), desk.storage.commits


async def same_in_the_end(desk: Desk, name: str) -> None:
    report = await desk.take()
    assert (report.created + report.unchanged + report.updated, report.refused) == (len(TITLES), 0)
    assert await desk.holds() == (await unbroken(name))[0]
    assert await desk.take() == report


@each_file
async def test_an_import_that_broke_off_at_any_commit_is_taken_once_when_it_is_made_again(name: str) -> None:
    _, commits = await unbroken(name)
    assert commits > 3
    for number in range(1, commits + 1):
        desk = Desk(name)
        desk.storage.breaks_at = number
        with pytest.raises(StoreUnavailable):
            await desk.take()
        assert desk.storage.commits == number - 1
        desk.storage.breaks_at = None
        await same_in_the_end(desk, name)


@each_file
async def test_an_import_whose_answer_could_not_be_kept_makes_nothing_when_it_is_made_again(name: str) -> None:
    desk = Desk(name)
    desk.storage.keeps_answers = False
    with pytest.raises(StoreUnavailable):
        await desk.take()
    assert await desk.holds() == (await unbroken(name))[0]
    desk.storage.keeps_answers = True
    report = await desk.take()
    assert (report.created, report.updated, report.unchanged) == (0, 0, len(TITLES))
    await same_in_the_end(desk, name)


@each_file
async def test_an_import_that_was_cancelled_before_its_answer_was_kept_is_taken_once(name: str) -> None:
    desk = Desk(name)
    desk.storage.waits_for_answers = True
    call = asyncio.create_task(desk.take())
    await desk.storage.waiting.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    desk.storage.waits_for_answers = False
    await same_in_the_end(desk, name)
