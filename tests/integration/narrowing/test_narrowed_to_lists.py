"""A caller who is narrowed to lists sees and touches these, whatever others do to the tasks of the workspace.

Whatever is written of a task while it is elsewhere has `secret` in it, and is replaced before the task comes in.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskharbor.application.narrowing import narrowed_changes
from taskharbor.application.ports.change_feed import Tombstone
from taskharbor.application.principal import Principal, PrincipalKind
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.embedded import (
    ChangeTask,
    Harbor,
    MoveTask,
    OpenDependencies,
    PermissionDenied,
    TaskharborError,
    TaskNotFound,
    TokenExpired,
    open_taskharbor,
)

INBOX = 1


@pytest.fixture(autouse=True, scope="module", params=[3, pytest.param(500, marks=pytest.mark.long)])
def at_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """How many changes of the whole workspace one read looks at: few, so that some reads are needed, and as usual."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(narrowed_changes, "AT_ONCE", request.param)
        yield


Step: TypeAlias = tuple[str, int]


@asynccontextmanager
async def a_workspace():
    """Give all calls, those of somebody who is narrowed to a list, this list, and another one."""
    async with open_taskharbor("memory://") as harbor:
        mine, other = await harbor.create_list(name="Mine"), await harbor.create_list(name="secret plans")
        yield harbor, narrowed(harbor, mine.id), mine.id, other.id


def narrowed(harbor: Harbor, *lists: int, permission: Permission = Permission.WRITE) -> Harbor:
    principal = Principal(
        kind=PrincipalKind.TOKEN,
        id="t1",
        actor="token t1",
        workspace=harbor.workspace,
        permission=permission,
        lists=frozenset(lists),
    )
    return harbor.acting_as(principal)


class Scene:
    """What others do, step by step, and a copy of the list that is kept by the feed."""

    def __init__(self, harbor: Harbor, seer: Harbor, mine: int, other: int) -> None:
        self.harbor, self.seer, self.mine, self.other = harbor, seer, mine, other
        self.tasks: list[int] = []
        self.copy: dict[int, str] = {}
        self.token = "*"
        self.steps: dict[str, Callable[[int], Awaitable[Any]]] = {
            "create here": self.create_here,
            "create elsewhere": self.create_elsewhere,
            "move in": self.move_in,
            "move out": self.move_out,
            "write": self.write,
            "delete": lambda id_: self.harbor.delete_task(id_, subtasks="delete"),
            "restore": self.harbor.restore_task,
            "complete": lambda id_: self.harbor.complete_task(id_, subtasks="complete"),
            "their undo": self.their_undo,
            "their change": lambda id_: self.seer.change_task(id_, title="by the token"),
            "sync": lambda _: self.sync(limit=2),
        }

    async def take(self, step: Step) -> None:
        name, number = step
        with suppress(TaskharborError):
            await self.steps[name](self.tasks[number % len(self.tasks)] if self.tasks else 0)

    async def create_here(self, _: int) -> None:
        self.tasks.append((await self.harbor.create_task(title="plain", list=self.mine)).id)

    async def create_elsewhere(self, _: int) -> None:
        task = await self.harbor.create_task(title="secret", description="secret", tags=["secret"], list=self.other)
        self.tasks.append(task.id)

    async def move_in(self, id_: int) -> None:
        if (await self.harbor.get_task(id_)).list == self.other:
            await self.harbor.run_batch(
                [
                    ChangeTask(id=id_, title="plain", description=None, tags=[]),
                    MoveTask(id=id_, list=self.mine),
                ]
            )

    async def move_out(self, id_: int) -> None:
        await self.harbor.move_task(id_, list=self.other)
        await self.harbor.change_task(id_, title="secret", description="secret")

    async def write(self, id_: int) -> None:
        is_here = (await self.harbor.get_task(id_)).list == self.mine
        await self.harbor.change_task(id_, title="plain, changed" if is_here else "secret, changed")

    async def their_undo(self, id_: int) -> None:
        await self.seer.undo_commit(id_ % 7 + 1)

    async def sync(self, *, limit: int = 100) -> None:
        page = await self.seer.list_changes(self.token, limit=limit)
        for change in page.items:
            if isinstance(change, Tombstone):
                self.copy.pop(change.id, None)
            else:
                self.copy[change.id] = change.content_as_json()
        self.token = page.next
        if page.more:
            await self.sync(limit=limit)

    async def everything_shown(self) -> str:
        """Return all that the narrowed caller is ever answered, as one text."""
        answers: list[object] = []

        async def ask(answer: Awaitable[object]) -> None:
            with suppress(TaskharborError):
                answers.append(await answer)

        await ask(self.seer.list_tasks(limit=500))
        await ask(self.seer.find_tasks(q="secret"))
        await ask(self.seer.find_tasks(filter="tags:secret OR title:secret"))
        await ask(self.seer.count_facets())
        await ask(self.seer.list_lists())
        await ask(self.seer.list_trash())
        await ask(self.seer.list_changes("*"))
        await ask(exported(self.seer))
        for id_ in self.tasks:
            await ask(self.seer.get_task(id_))
            await ask(self.seer.task_history(id_))
            await ask(self.seer.list_comments(id_))
            await ask(self.seer.get_urgency(id_))
        for revision in range(1, (await self.harbor.list_changes("*")).items[-1].revision + 1 if self.tasks else 1):
            await ask(self.seer.list_tasks_as_of(revision))
        return "\n".join(map(told, answers))


def told(answer: object) -> str:
    items = getattr(answer, "items", None)
    return repr(answer) if items is None or callable(items) else repr(list(items))


async def exported(harbor: Harbor) -> str:
    export = harbor.export_tasks(format="jsonl")
    return b"".join([piece async for piece in export]).decode()


async def test_what_went_out_is_told_though_it_changed_again_before_it_was_reached():
    async with a_workspace() as (harbor, seer, mine, other):
        scene = Scene(harbor, seer, mine, other)
        for step in ("create here", "create here", "sync", "move out"):
            await scene.take((step, 0))
        await scene.take(("write", 1))
        await scene.take(("write", 0))
        await scene.sync(limit=1)
        assert sorted(scene.copy) == scene.tasks[1:]


# Some more often, as what matters is that tasks come and go while a copy is kept.
OFTEN = ("move in", "move out", "sync")
SELDOM = ("create here", "create elsewhere", "write", "delete", "restore", "complete", "their undo", "their change")
STEPS = st.lists(st.tuples(st.sampled_from((*OFTEN, *OFTEN, *SELDOM)), st.integers(0, 20)), min_size=4, max_size=25)


@given(STEPS)
@settings(max_examples=60)
def test_nothing_of_other_lists_is_shown_and_a_copy_kept_by_the_feed_is_that_of_the_list(steps: Sequence[Step]) -> None:
    async def play() -> None:
        async with a_workspace() as (harbor, seer, mine, other):
            scene = Scene(harbor, seer, mine, other)
            for step in steps:
                await scene.take(step)
            assert "secret" not in await scene.everything_shown()
            await scene.sync()
            here = {task.id: task.content_as_json() async for task in harbor.iter_tasks() if task.list == mine}
            assert scene.copy == here
            assert {task.id: task.content_as_json() async for task in seer.iter_tasks()} == here
            assert await seer.count_tasks() == len(here)

    asyncio.run(play())


async def test_a_task_elsewhere_is_as_if_there_were_none() -> None:
    async with a_workspace() as (harbor, seer, _, other):
        there = await harbor.create_task(title="secret", list=other)
        for call in (seer.get_task, seer.complete_task, seer.delete_task, seer.restore_task, seer.task_history):
            with pytest.raises(TaskNotFound) as refused:
                await call(there.id)
            assert str(refused.value) == str(TaskNotFound(there.id))


async def test_nothing_is_moved_out_or_made_elsewhere() -> None:
    async with a_workspace() as (harbor, seer, mine, other):
        task = await seer.create_task(title="plain", list=mine)
        for call in (
            seer.move_task(task.id, list=INBOX),
            seer.create_task(title="plain"),
            seer.create_list(name="Another"),
            seer.save_filter(name="mine", filter="is_open"),
        ):
            with pytest.raises(PermissionDenied):
                await call
        with pytest.raises(TaskharborError, match="list"):
            await seer.move_task(task.id, list=other)
        assert (await harbor.get_task(task.id)).list == mine
        assert await harbor.count_tasks() == 1


async def test_what_it_takes_to_manage_is_refused_whatever_the_permission_says() -> None:
    async with a_workspace() as (harbor, _, mine, _):
        manager = narrowed(harbor, mine, permission=Permission.MANAGE)
        with pytest.raises(PermissionDenied, match="narrowed to lists"):
            await manager.purge()


async def test_a_dependency_elsewhere_may_be_open_so_it_is_said_to_be_in_the_way() -> None:
    async with a_workspace() as (harbor, seer, mine, other):
        needed = await harbor.create_task(title="secret", list=other)
        task = await harbor.create_task(title="plain", list=mine, depends_on=[needed.id])
        with pytest.raises(OpenDependencies):
            await seer.complete_task(task.id)
        assert (await seer.complete_task(task.id, dependencies="ignore")).is_completed


async def test_no_cycle_is_closed_through_tasks_elsewhere() -> None:
    async with a_workspace() as (harbor, seer, mine, other):
        first = await harbor.create_task(title="first", list=mine)
        hidden = await harbor.create_task(title="secret", list=other, depends_on=[first.id])
        last = await harbor.create_task(title="last", list=mine, depends_on=[hidden.id])
        with pytest.raises(TaskharborError, match="outside of the caller's lists"):
            await seer.change_task(first.id, depends_on=[last.id])


async def test_the_uid_of_a_task_elsewhere_is_refused_without_naming_it() -> None:
    async with a_workspace() as (harbor, seer, mine, other):
        there = await harbor.create_task(title="secret", list=other)
        with pytest.raises(TaskharborError) as refused:
            await seer.create_task(title="plain", list=mine, uid=there.uid)
        assert f"task {there.id}" not in str(refused.value)
        assert "secret" not in str(refused.value)


async def test_a_copy_is_told_of_a_task_that_goes_out_as_of_one_that_is_gone() -> None:
    async with a_workspace() as (harbor, seer, mine, other):
        task = await harbor.create_task(title="plain", list=mine)
        before = await seer.list_changes("*")
        await harbor.move_task(task.id, list=other)
        await harbor.change_task(task.id, title="secret")
        (gone,) = (await seer.list_changes(before.next)).items
        assert isinstance(gone, Tombstone)
        assert (gone.id, gone.uid) == (task.id, task.uid)
        assert list((await seer.list_changes("*")).items) == []


async def test_a_token_older_than_the_history_expires_as_moves_since_then_are_forgotten() -> None:
    async with a_workspace() as (harbor, seer, mine, other):
        task = await harbor.create_task(title="plain", list=mine)
        before = await seer.list_changes("*")
        await harbor.move_task(task.id, list=other)
        await harbor.change_task(task.id, title="secret")
        await harbor.create_task(title="plain", list=mine)
        await harbor.purge(history_retention=timedelta(0))
        with pytest.raises(TokenExpired):
            await seer.list_changes(before.next)


async def test_the_history_of_a_task_begins_when_it_comes_in_on_every_page() -> None:
    async with a_workspace() as (harbor, seer, mine, other):
        task = await harbor.create_task(title="secret", list=other)
        for number in range(3):
            await harbor.change_task(task.id, title=f"secret {number}")
        await harbor.change_task(task.id, title="plain")
        await harbor.move_task(task.id, list=mine)
        await seer.change_task(task.id, title="by the token")
        first = await seer.task_history(task.id, limit=1)
        second = await seer.task_history(task.id, limit=1, before=first.next_before)
        assert [entry.command for entry in (*first.items, *second.items)] == ["change_task", "move_task"]
        assert second.items[0].previous == 0
        earlier = await seer.task_history(task.id, before=second.items[0].revision)
        assert earlier.items == []
        for before in range(1, second.items[0].revision):
            assert (await seer.task_history(task.id, before=before)).items == []


async def test_a_stream_of_commits_tells_of_the_lists_alone_and_that_a_task_has_gone_out() -> None:
    async with a_workspace() as (harbor, seer, mine, other):
        task = await harbor.create_task(title="plain", list=mine)
        stream = seer.follow_commits("*", lists=True)
        told = [await anext(stream)]
        await harbor.create_task(title="secret", list=other)
        await harbor.change_list(other, name="secret, renamed")
        await harbor.move_task(task.id, list=other)
        told.append(await anext(stream))
        await harbor.change_task(task.id, title="secret")
        await harbor.create_task(title="plain, too", list=mine)
        told.append(await anext(stream))
        await stream.aclose()
        assert "secret" not in repr(told)
        assert [[item.id for item in event.items] for event in told[:2]] == [[task.id], [task.id]]
        assert isinstance(told[1].items[0], Tombstone)


async def test_narrowed_calls_share_the_access_of_the_whole_store() -> None:
    async with open_taskharbor("memory://") as harbor:
        use_cases = harbor._use_cases
        assert use_cases.narrowed_to(frozenset({INBOX})).access is use_cases.access
