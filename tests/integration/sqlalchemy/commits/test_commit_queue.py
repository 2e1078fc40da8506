import asyncio
from collections.abc import Sequence

import pytest

from taskharbor.adapters.sqlalchemy.commits.commit_groups import MAX_UNITS
from taskharbor.adapters.sqlalchemy.postgres.commit_queue import CommitQueue
from taskharbor.application.errors import ConcurrentUpdate, StoreUnavailable
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_store import Changeset


class Server:
    """Stands for the database: keeps the first group until it is let go, refuses what guards task 13."""

    def __init__(self) -> None:
        self.groups: list[Sequence[Changeset]] = []
        self.revision = 0
        self.arrived = asyncio.Event()
        self.second_arrived = asyncio.Event()
        self.go = asyncio.Event()
        self.down = False

    async def send(self, group: Sequence[Changeset]) -> int:
        self.groups.append(group)
        self.arrived.set()
        if len(self.groups) > 1:
            self.second_arrived.set()
        await self.go.wait()
        if self.down:
            raise StoreUnavailable("on purpose")
        if any(13 in changes.guarded for changes in group):
            raise ConcurrentUpdate
        self.revision += len(group)
        return self.revision


def guarding(*ids: int, workspace: str = "default") -> Changeset:
    return Changeset(workspace=workspace, guarded=dict.fromkeys(ids, 1))


def writing(key: str) -> Changeset:
    return Changeset(workspace="default", records=(Record(kind="list", key=key, document="{}"),))


async def committed(queue: CommitQueue, changes: Changeset) -> int:
    return await queue.commit(changes)


async def commit_behind_one(server: Server, *changesets: Changeset) -> list[int | BaseException]:
    queue = CommitQueue(server.send)
    first = asyncio.ensure_future(queue.commit(guarding(1)))
    await server.arrived.wait()
    rest = [asyncio.ensure_future(queue.commit(changes)) for changes in changesets]
    await asyncio.sleep(0)  # each is in the queue
    server.go.set()
    assert await first == 1
    return await asyncio.gather(*rest, return_exceptions=True)


async def test_commits_that_wait_share_a_statement_and_take_revisions_in_order() -> None:
    server = Server()
    assert await commit_behind_one(server, *(guarding(n) for n in range(20, 30))) == list(range(2, 12))
    assert [len(group) for group in server.groups] == [1, 10]


async def test_what_a_changeset_writes_no_other_in_its_statement_touches() -> None:
    server = Server()
    assert await commit_behind_one(server, writing("a"), guarding(4), writing("a"), guarding(5)) == [2, 3, 4, 5]
    assert [len(group) for group in server.groups] == [1, 2, 2]


async def test_changesets_that_guard_the_same_share_a_statement() -> None:
    server = Server()
    assert await commit_behind_one(server, guarding(2, 3), guarding(4), guarding(3, 5), guarding(6)) == [2, 3, 4, 5]
    assert [len(group) for group in server.groups] == [1, 4]


async def test_a_refused_group_is_sent_one_by_one_so_that_only_the_culprit_fails() -> None:
    server = Server()
    answers = await commit_behind_one(server, guarding(12), guarding(13), guarding(14))
    assert answers[0] == 2
    assert isinstance(answers[1], ConcurrentUpdate)
    assert answers[2] == 3
    assert [len(group) for group in server.groups] == [1, 3, 1, 1, 1]


async def test_a_group_has_a_bounded_size() -> None:
    server = Server()
    await commit_behind_one(server, *(guarding(n) for n in range(100, 100 + MAX_UNITS + 1)))
    assert [len(group) for group in server.groups] == [1, MAX_UNITS, 1]


async def test_workspaces_do_not_wait_for_each_other() -> None:
    server = Server()
    queue = CommitQueue(server.send)
    commits = [asyncio.ensure_future(queue.commit(guarding(1, workspace=name))) for name in ("one", "two")]
    await server.second_arrived.wait()
    server.go.set()
    await asyncio.gather(*commits)


async def test_an_unreachable_server_fails_everybody_who_waits_and_is_not_asked_again_for_each() -> None:
    server = Server()
    server.down = True
    server.go.set()
    queue = CommitQueue(server.send)
    answers = await asyncio.gather(*(queue.commit(guarding(n)) for n in range(5)), return_exceptions=True)
    assert all(isinstance(answer, StoreUnavailable) for answer in answers)
    assert len(server.groups) == 1


async def test_who_is_behind_a_commit_that_gets_no_answer_does_not_wait_for_another_one() -> None:
    class Silent(Server):
        async def send(self, group: Sequence[Changeset]) -> int:
            try:
                await super().send(group)
            except StoreUnavailable as error:
                raise error from TimeoutError()
            raise AssertionError

    server = Silent()
    server.down = True
    queue = CommitQueue(server.send)
    first = asyncio.ensure_future(queue.commit(guarding(1)))
    await server.arrived.wait()
    rest = [asyncio.ensure_future(queue.commit(guarding(n))) for n in (2, 3)]
    server.go.set()
    answers = await asyncio.gather(first, *rest, return_exceptions=True)
    assert all(isinstance(answer, StoreUnavailable) for answer in answers)
    assert len(server.groups) == 1


async def test_a_caller_who_gives_up_does_not_disturb_the_others() -> None:
    server = Server()
    queue = CommitQueue(server.send)
    impatient, patient = (asyncio.create_task(committed(queue, guarding(number))) for number in (1, 2))
    await server.arrived.wait()
    impatient.cancel()
    await asyncio.sleep(0)
    assert not impatient.done()  # what was sent is waited for
    server.go.set()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert await patient == 2


async def test_joining_waits_until_everything_is_answered() -> None:
    server = Server()
    queue = CommitQueue(server.send)
    commits = [asyncio.ensure_future(queue.commit(guarding(n))) for n in range(3)]
    await server.arrived.wait()
    joined = asyncio.ensure_future(queue.join())
    await asyncio.sleep(0)
    assert not joined.done()
    server.go.set()
    await joined
    await asyncio.sleep(0)
    assert all(commit.done() for commit in commits)
