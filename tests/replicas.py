"""Replicas that lag as a test likes, and a checker of what callers are shown."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from taskharbor.adapters.clock import SystemClock
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.progress.change_progress import CompleteTask, ReopenTask
from taskharbor.application.replicas.replicated_storage import ReplicatedStorage
from taskharbor.application.replicas.seen import Seen, seeing
from taskharbor.application.search.count_tasks import CountTasks
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, Revision, TaskId, WorkspaceId

READS = Storage.__abstractmethods__ - {"open", "aclose", "commit"}


@dataclass
class Commits:
    """What the primary has committed, for replicas to follow."""

    of: defaultdict[WorkspaceId, dict[Revision, Changeset]] = field(default_factory=lambda: defaultdict(dict))

    def recorded(self, storage: Storage) -> Storage:
        """Return the store, which from now on records its commits here."""
        begin_commit = storage.begin_commit

        def record(changes: Changeset) -> asyncio.Future[Revision]:
            outcome = begin_commit(changes)
            if outcome.done():
                note(changes, outcome)
            else:
                outcome.add_done_callback(lambda done: note(changes, done))
            return outcome

        def note(changes: Changeset, outcome: asyncio.Future[Revision]) -> None:
            if not outcome.cancelled() and outcome.exception() is None:
                self.of[changes.workspace][outcome.result()] = changes

        storage.begin_commit = record  # type: ignore[method-assign]
        return storage

    def states(self, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> list[Mapping[TaskId, Revision]]:
        """Return the live tasks and their revisions, as each revision has left them."""
        states: list[Mapping[TaskId, Revision]] = [{}]
        for revision, changes in sorted(self.of[workspace].items()):
            state = dict(states[-1])
            for task in (*changes.added, *changes.changed):
                state.pop(task.id, None)
                if task.deleted is None:
                    state[task.id] = revision
            states.append(state)
        return states


class Follower:
    """A replica: a store that has the commits of the primary up to some point.

    Attributes:
        storage: the store, which others may read.
        reached: how far it has come, by workspace.
    """

    def __init__(self, commits: Commits, storage: Storage | None = None) -> None:
        self.storage = InMemoryStorage() if storage is None else storage
        self._commits = commits
        self.reached: defaultdict[WorkspaceId, Revision] = defaultdict(int)
        self._in_order = asyncio.Lock()

    async def follow(self, *, most: int = 1_000_000) -> None:
        """Apply up to so many of the next commits of each workspace."""
        async with self._in_order:
            for workspace, commits in list(self._commits.of.items()):
                for _ in range(most):
                    changes = commits.get(self.reached[workspace] + 1)
                    if changes is None:
                        break
                    self.reached[workspace] += 1
                    assert await self.storage.commit(changes) == self.reached[workspace]


def interrupted(storage: Storage, interrupt: Callable[[], Any]) -> Storage:
    """Return the store, in which something else happens before and after each read."""

    def around(read: Callable[..., Any]) -> Callable[..., Any]:
        async def interrupted_read(*arguments: Any, **options: Any) -> Any:
            await interrupt()
            answer = await read(*arguments, **options)
            await interrupt()
            return answer

        return interrupted_read

    for name in READS:
        setattr(storage, name, around(getattr(storage, name)))
    return storage


@dataclass(frozen=True)
class Observation:
    """An answer: of a caller who had seen `before`, and has been told `after`."""

    before: Revision
    after: Revision
    shown: object
    view: Callable[[Mapping[TaskId, Revision]], object]

    def fault(self, states: list[Mapping[TaskId, Revision]]) -> str | None:
        """Return what is wrong with it, if no revision in between looked like this."""
        if self.after < self.before or self.shown not in map(self.view, states[self.before : self.after + 1]):
            return f"{self.shown} is not what a revision from {self.before} to {self.after} had"
        return None


class Client:
    """A caller who remembers the greatest revision that it has been given, and sends it along."""

    def __init__(self, use_cases: UseCases, random: Random, history: list[Observation]) -> None:
        self.token = 0
        self._use_cases = use_cases
        self._random = random
        self._history = history
        self._known: list[TaskId] = [1]

    async def step(self) -> None:
        """Write or read something, and note what is shown."""
        await self._random.choice(
            (self._create, self._change, self._list, self._list, self._get, self._get, self._count)
        )()

    async def _create(self) -> None:
        task = await self._written(CreateTask(title="a task"))
        self._known.append(task.id)

    async def _change(self) -> None:
        command = self._random.choice((CompleteTask, ReopenTask, DeleteTask))
        with suppress(LookupError):  # another client has deleted it
            await self._written(command(id=self._random.choice(self._known)))

    async def _list(self) -> None:
        with seeing(Seen(self.token)) as seen:
            page = await self._use_cases.list_tasks(ListTasks(limit=1000))
            self._known = [task.id for task in page.items] or self._known
            await self._note(seen, {task.id: task.revision for task in page.items}, dict)

    async def _get(self) -> None:
        task_id = self._random.choice(self._known)
        with seeing(Seen(self.token)) as seen:
            try:
                shown = (await self._use_cases.get_task(task_id)).revision
            except LookupError:
                shown = None
            await self._note(seen, shown, lambda state: state.get(task_id))

    async def _count(self) -> None:
        with seeing(Seen(self.token)) as seen:
            shown = await self._use_cases.search.count_tasks(CountTasks(), workspace=DEFAULT_WORKSPACE)
            await self._note(seen, shown, len)

    async def _written(self, command: Any) -> TaskView:
        with seeing(Seen(self.token, may_read_replicas=False)) as seen:
            task: TaskView = await self._use_cases.execute(command)
            shown = None if isinstance(command, DeleteTask) else task.revision
            await self._note(seen, shown, lambda state: state.get(task.id))
        return task

    async def _note(self, seen: Seen, shown: object, view: Callable[[Mapping[TaskId, Revision]], object]) -> None:
        after = (await seen.settle())[DEFAULT_WORKSPACE]
        self._history.append(Observation(seen.revision or 0, after, shown, view))
        self.token = max(self.token, after)  # another client may have told it more meanwhile


async def faults_of(
    storage: ReplicatedStorage, commits: Commits, random: Random, *, clients: int = 5, steps: int = 20
) -> list[str]:
    """Return what clients are shown that they must not be, while they tell each other what they have seen."""
    use_cases = UseCases(storage, clock=SystemClock(), uids=Uuid7Uids())
    history: list[Observation] = []
    everyone = [Client(use_cases, random, history) for _ in range(clients)]

    async def work(client: Client) -> None:
        for _ in range(steps):
            await client.step()
            friend = random.choice(everyone)
            friend.token = max(friend.token, client.token)

    async with storage:
        await asyncio.gather(*map(work, everyone))
        states = commits.states()
        return [fault for one in history if (fault := one.fault(states)) is not None]


async def faults_of_followers(seed: int, primary: Storage, copies: list[Storage], *, wait: float = 0) -> list[str]:
    """Return the faults of a primary and of copies of it, which follow now and then, in between and during reads."""
    random, commits = Random(seed), Commits()
    followers = [Follower(commits, storage) for storage in copies]

    async def lag() -> None:
        for _ in range(random.randrange(3)):
            await asyncio.sleep(0)
        if random.random() < 0.2:  # noqa: PLR2004
            await random.choice(followers).follow(most=random.randrange(1, 4))

    replicas = [interrupted(follower.storage, lag) for follower in followers]
    storage = ReplicatedStorage(interrupted(commits.recorded(primary), lag), replicas, wait=wait)
    return await faults_of(storage, commits, random)
