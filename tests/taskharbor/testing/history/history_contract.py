"""What the commits did, written with them in one step: `TaskHistory`."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from taskharbor.application.batch.run_batch import ByName, RunBatch
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.testing.scenes.bench import LATER, Bench, retitled
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.scenes.refusals import refused_without_a_trace
from taskharbor.testing.strategies.text import HOSTILE

WRITERS = 4


class HistoryContract(Contract):
    """Each entry is returned as written, with the revision of its commit; refused commits leave none."""

    async def test_an_entry_is_returned_as_written_with_the_revision_of_its_commit(self, here: Bench) -> None:
        task = await here.add()
        exact = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
        written: list[HistoryEntry] = []
        for actor in (None, "", *HOSTILE):
            changes = json.dumps({"title": [actor, "x" * 1000]}, ensure_ascii=False)
            entry = replace(recorded(task, actor=actor), at=exact, changes=changes)
            written.append(replace(entry, revision=await here.commit(changed=[task], history=[entry])))
            task = task.committed(written[-1].revision)
        assert await here.history(task.id) == written[::-1]

    async def test_the_latest_entries_come_first_and_in_pages(self, here: Bench) -> None:
        task = await here.add()
        revisions: list[Revision] = []
        for n in range(7):
            changed = retitled(task, f"title {n}")
            revisions.append(await here.commit(changed=[changed], history=[recorded(changed, task)]))
            task = changed.committed(revisions[-1])
        pages = [[entry.revision for entry in await here.history(task.id, limit=3)]]
        while pages[-1] and len(pages) < 5:
            page = await here.history(task.id, before=pages[-1][-1], limit=3)
            pages.append([entry.revision for entry in page])
        revisions.reverse()
        assert pages == [revisions[:3], revisions[3:6], revisions[6:], []]

    async def test_what_a_commit_did_is_listed_by_task_id(self, here: Bench) -> None:
        tasks = [await here.new_task(f"task {n}") for n in range(5)]
        entries = [recorded(task) for task in tasks]
        revision = await here.commit(added=tasks, history=entries[::-1])
        other = await here.new_task("in another commit")
        await here.commit(added=[other], history=[recorded(other)])
        expected = [replace(entry, revision=revision) for entry in entries]
        assert list(await here.storage.list_commit(here.workspace, revision)) == expected

    async def test_what_never_was_has_no_history(self, here: Bench) -> None:
        assert await here.history(1) == []
        assert list(await here.storage.list_commit(here.workspace, 1)) == []
        task = await here.new_task()
        revision = await here.commit(added=[task], history=[recorded(task)])
        assert await here.history(task.id + 1) == []
        assert list(await here.storage.list_commit(here.workspace, revision + 1)) == []
        assert list(await here.storage.list_commit(here.workspace, 0)) == []

    async def test_a_refused_commit_records_nothing(self, here: Bench) -> None:
        stale = await here.add()
        await here.change(stale.begin(at=LATER))
        new, late = await here.new_task("new"), retitled(stale, "too late")
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(added=[new], changed=[late], history=[recorded(new), recorded(late, stale)])
        assert await here.history(new.id) == []
        assert await here.history(stale.id) == []

    async def test_the_history_of_another_workspace_is_not_returned(self, here: Bench, elsewhere: Bench) -> None:
        mine, theirs = await here.new_task("mine"), await elsewhere.new_task("theirs")
        revision = await here.commit(added=[mine], history=[recorded(mine)])
        await elsewhere.commit(added=[theirs], history=[recorded(theirs)])
        expected = [replace(recorded(mine), revision=revision)]
        assert await here.history(mine.id) == expected
        assert list(await here.storage.list_commit(here.workspace, revision)) == expected

    async def test_a_thousand_entries_fit_into_one_commit(self, here: Bench) -> None:
        tasks = [await here.new_task(f"task {n}") for n in range(1000)]
        revision = await here.commit(added=tasks, history=[recorded(task) for task in tasks])
        assert [entry.task_id for entry in await here.storage.list_commit(here.workspace, revision)] == [
            task.id for task in tasks
        ]

    async def test_every_command_records_what_it_did_before_and_after(self, here: Bench, use_cases: UseCases) -> None:
        workspace = here.workspace
        task = await use_cases.execute(CreateTask(title="one"), workspace=workspace)
        await use_cases.execute(ChangeTask(id=task.id, title="two", priority=1), workspace=workspace)
        await use_cases.execute(CompleteTask(id=task.id), workspace=workspace)
        await use_cases.execute(DeleteTask(id=task.id), workspace=workspace)
        await use_cases.execute(RestoreTask(id=task.id), workspace=workspace)
        entries = (await here.history(task.id))[::-1]
        assert [entry.command for entry in entries] == [
            "create_task",
            "change_task",
            "complete_task",
            "delete_task",
            "restore_task",
        ]
        assert [entry.previous for entry in entries] == [0, *(entry.revision for entry in entries[:-1])]
        changes = [json.loads(entry.changes) for entry in entries]
        assert changes[0]["title"] == [None, "one"]
        assert {name: changes[1][name] for name in ("title", "priority")} == {
            "title": ["one", "two"],
            "priority": [0, 1],
        }
        assert changes[2]["progress"] == ["needs-action", "completed"]
        assert changes[3]["deleted"][0] is None
        assert changes[4]["deleted"] == changes[3]["deleted"][::-1]

    async def test_a_command_that_changes_nothing_records_nothing(self, here: Bench, use_cases: UseCases) -> None:
        task = await use_cases.execute(CreateTask(title="one"), workspace=here.workspace)
        await use_cases.execute(ChangeTask(id=task.id, title="one"), workspace=here.workspace)
        assert [entry.command for entry in await here.history(task.id)] == ["create_task"]

    async def test_a_batch_lists_each_task_once(self, here: Bench, use_cases: UseCases) -> None:
        uid = (await here.new_task()).uid
        first = CreateTask(title="one", uid=uid), ByName(uid=uid, command=CompleteTask(id=0))
        batch = RunBatch(commands=[*first, CreateTask(title="two")])
        outcome = await use_cases.execute(batch, workspace=here.workspace)
        assert outcome.revision is not None
        entries = await here.storage.list_commit(here.workspace, outcome.revision)
        assert [json.loads(entry.changes)["title"] for entry in entries] == [[None, "one"], [None, "two"]]
        assert json.loads(entries[0].changes)["progress"] == [None, "completed"]

    async def test_a_reader_of_a_task_sees_its_history_up_to_there_under_concurrent_writes(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        task = await use_cases.execute(CreateTask(title="a task"), workspace=here.workspace)

        async def write(n: int) -> None:
            for m in range(10):
                change = ChangeTask(id=task.id, title=f"title {n} {m}")
                with suppress(ConcurrentUpdate):  # where commits take long, one can lose too many races
                    await use_cases.execute(change, workspace=here.workspace)

        async with asyncio.timeout(PATIENCE):
            writing = [asyncio.create_task(write(n)) for n in range(WRITERS)]
            while not all(each.done() for each in writing):
                await self._check_history_of(here, task.id)
                await asyncio.sleep(0)
            await asyncio.gather(*writing)
        await self._check_history_of(here, task.id)

    async def _check_history_of(self, here: Bench, task_id: TaskId) -> None:
        task = await here.load(task_id)
        assert task is not None
        entries = await here.history(task_id, before=task.revision + 1)
        assert entries[0].revision == task.revision
        assert json.loads(entries[0].changes)["title"][1] == task.title
        assert [entry.previous for entry in entries] == [*(entry.revision for entry in entries[1:]), 0]
