import subprocess
import sys
from datetime import UTC, datetime
from functools import partial

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import PreconditionFailed, UidTaken
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.uids import Uids
from taskharbor.domain.errors import InvalidValue, TaskNotFound
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.uid import Uid
from taskharbor.entrypoints.embedded.opening import open_taskharbor

UID = "0190b1f4-1234-7abc-8def-0123456789ab"


async def test_a_task_is_created_and_found(harbor):
    created = await harbor.create_task(title=" Buy milk ", description="Two litres", uid=UID)
    assert (created.title, created.description, created.uid) == ("Buy milk", "Two litres", UID)
    assert await harbor.get_task(created.id) == created


async def test_a_create_with_a_uid_can_be_repeated(harbor):
    once = await harbor.create_task(title="Once", uid=UID)
    assert await harbor.create_task(title="Once", uid=UID) == once
    with pytest.raises(UidTaken):
        await harbor.create_task(title="Twice", uid=UID)


async def test_a_task_goes_through_every_progress(harbor):
    task = await harbor.create_task(title="Buy milk")
    steps = [harbor.start_task, harbor.complete_task, harbor.reopen_task, harbor.cancel_task]
    assert [(await step(task.id)).progress for step in steps] == [
        Progress.IN_PROCESS,
        Progress.COMPLETED,
        Progress.NEEDS_ACTION,
        Progress.CANCELLED,
    ]


async def test_only_what_is_named_is_changed(harbor):
    task = await harbor.create_task(title="Buy milk", description="Two litres")
    assert (await harbor.change_task(task.id, title="Buy bread")).description == "Two litres"
    assert (await harbor.change_task(task.id, description=None)).description is None
    changed = await harbor.change_task(task.id, is_completed=True)
    assert (changed.title, changed.description, changed.progress) == ("Buy bread", None, Progress.COMPLETED)
    assert (await harbor.change_task(task.id, progress=Progress.IN_PROCESS)).progress is Progress.IN_PROCESS


async def test_a_deleted_task_is_gone_until_it_is_restored(harbor):
    task = await harbor.create_task(title="Buy milk")
    await harbor.delete_task(task.id)
    with pytest.raises(TaskNotFound):
        await harbor.get_task(task.id)
    assert (await harbor.restore_task(task.id)).title == "Buy milk"
    assert (await harbor.get_task(task.id)).title == "Buy milk"


async def test_a_change_of_an_outdated_revision_is_refused_by_every_command(harbor):
    task = await harbor.create_task(title="Buy milk")
    await harbor.start_task(task.id, if_match=task.revision)
    for command in (
        partial(harbor.change_task, title="Buy bread"),
        harbor.complete_task,
        harbor.reopen_task,
        harbor.start_task,
        harbor.cancel_task,
        harbor.delete_task,
        harbor.restore_task,
    ):
        with pytest.raises(PreconditionFailed) as refused:
            await command(task.id, if_match=task.revision)
        assert vars(refused.value) == {"task_id": task.id, "expected": 1, "current": 2}


async def test_pages_and_the_iterator_go_through_the_same_tasks(harbor):
    ids = [(await harbor.create_task(title=f"Task {number}")).id for number in range(5)]
    first = await harbor.list_tasks(limit=2)
    assert [task.id for task in first.items] == ids[:2]
    second = await harbor.list_tasks(limit=2, after=first.next_after)
    assert [task.id for task in second.items] == ids[2:4]
    assert [task.id for task in (await harbor.list_tasks(skip=4)).items] == ids[4:]
    for page_size in (1, 2, 5, 1000):
        assert [task.id async for task in harbor.iter_tasks(page_size=page_size)] == ids


async def test_the_iterator_meets_tasks_that_are_added_before_its_last_page(harbor):
    ids = [(await harbor.create_task(title="There before")).id for _ in range(3)]
    seen = []
    async for task in harbor.iter_tasks(page_size=2):
        seen.append(task.id)
        if len(seen) == 1:
            ids.append((await harbor.create_task(title="Added meanwhile")).id)
    assert seen == ids


async def test_workspaces_do_not_see_each_other(own_harbor):
    task = await own_harbor.create_task(title="Mine")
    team = own_harbor.in_workspace("team")
    assert (own_harbor.workspace, team.workspace) == ("default", "team")
    with pytest.raises(TaskNotFound):
        await team.get_task(task.id)
    assert [each async for each in team.iter_tasks()] == []


async def test_a_workspace_with_an_impossible_name_is_refused_before_anything_is_opened(tmp_path):
    with pytest.raises(InvalidValue, match="workspace"):
        async with open_taskharbor(f"sqlite:///{tmp_path}/tasks.db", workspace="No Name"):
            pass
    assert not list(tmp_path.iterdir())


async def test_a_file_keeps_its_tasks(tmp_path):
    url = f"sqlite:///{tmp_path}/tasks.db"
    async with open_taskharbor(url, workspace="home") as harbor:
        task = await harbor.create_task(title="Buy milk")
    async with open_taskharbor(url, workspace="home") as harbor:
        assert [each async for each in harbor.iter_tasks()] == [task]


class NoticingStorage(InMemoryStorage):
    def __init__(self):
        super().__init__()
        self.events = []

    async def open(self):
        self.events.append("open")

    async def aclose(self):
        self.events.append("close")


async def test_a_storage_of_ones_own_is_opened_and_closed_even_after_an_error():
    storage = NoticingStorage()

    async def use_it():
        async with open_taskharbor(storage=storage) as harbor:
            assert storage.events == ["open"]
            await harbor.get_task(1)

    with pytest.raises(TaskNotFound):
        await use_it()
    assert storage.events == ["open", "close"]


class LeapDay(Clock):
    def now(self):
        return datetime(2024, 2, 29, tzinfo=UTC)


class OneUid(Uids):
    def new(self):
        return Uid(UID)


async def test_clock_and_uids_can_be_ones_own():
    async with open_taskharbor("memory://", clock=LeapDay(), uids=OneUid()) as harbor:
        task = await harbor.create_task(title="Leap")
    assert (task.uid, task.created) == (UID, datetime(2024, 2, 29, tzinfo=UTC))


def test_embedding_in_memory_loads_nothing_but_the_standard_library():
    code = """
import asyncio, sys
from taskharbor.entrypoints.embedded.opening import open_taskharbor

async def main():
    async with open_taskharbor("memory://") as harbor:
        await harbor.create_task(title="Buy milk")

asyncio.run(main())
files = {name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}
print({name.partition(".")[0] for name, file in files.items() if "site-packages" in file} - {"_distutils_hack"})
print({"taskharbor.application.interchange.import_tasks", "taskharbor.entrypoints.container"} & files.keys())
print("logging configured" if __import__("logging").getLogger().handlers else "logging untouched")
"""
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["set()", "set()", "logging untouched"]
