"""The same commits in the store under test and in memory, whose answers are right."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.port_questions import comparable


class Mirror:
    """A workspace that is kept twice.

    Attributes:
        memory: what is right.
    """

    def __init__(self, here: Bench) -> None:
        self.memory = InMemoryStorage()
        self._here = here

    async def commit(self, **parts: Any) -> int:  # noqa: ANN401  # of a changeset
        """Commit to both."""
        changes = Changeset(workspace=self._here.workspace, **{name: _frozen(part) for name, part in parts.items()})
        right = await self.memory.commit(changes)
        revision = await self._here.storage.commit(changes)
        assert revision == right, "each commit must take the next revision"
        return revision

    async def add(self, tasks: Iterable[Task], **parts: Any) -> list[Task]:  # noqa: ANN401
        """Store new tasks in one commit; return them as stored."""
        tasks = list(tasks)
        revision = await self.commit(added=tasks, **parts)
        return [task.committed(revision) for task in tasks]

    async def change(self, *tasks: Task, **parts: Any) -> list[Task]:  # noqa: ANN401
        """Store tasks as they shall become; return them as stored."""
        revision = await self.commit(changed=tasks, **parts)
        return [task.committed(revision) for task in tasks]

    async def put(self, *records: Record) -> list[Record]:
        """Store records as they shall become; return them as stored."""
        revision = await self.commit(records=records)
        return [replace(record, revision=revision) for record in records]

    async def same(self, call: str, *values: object, **named: object) -> None:
        """Ask both by a call of the port; expect the same answer."""
        right, answer = [
            comparable(await getattr(store, call)(self._here.workspace, *values, **named))
            for store in (self.memory, self._here.storage)
        ]
        asked = ", ".join([*map(repr, values), *(f"{name}={value!r}" for name, value in named.items())])
        assert answer == right, f"{call}({asked}) must answer as the store in memory does"


def _frozen(part: Any) -> Any:  # noqa: ANN401
    return part if isinstance(part, dict) else tuple(part)
