"""A workspace that changes from end to end with each commit, and what is right to answer after each of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, Self

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.housekeeping import Cutoffs
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.rank import natural_rank
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.scenes.bench import NOON, Bench
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.scenes.notes import note
from taskharbor.testing.scenes.port_questions import About, Question, comparable

_FAR: Final = 100_000


class Story:
    """Commits, each of which turns the first and the last of everything round.

    The first commit makes a parent, a task with its subtask, one that waits for another, and bystanders between
    them; each later one completes or reopens, moves, tags, deletes or restores the outer ones, makes two more, and
    writes the first and the last record. A reader that sees half of a commit sees a state that never was.

    Attributes:
        changesets: one for each commit.
        about: what can be asked.
    """

    def __init__(self, workspace: WorkspaceId, made: Sequence[Task], *, commits: int, all_move: bool = False) -> None:
        """Take tasks that are not stored yet: four, two for each commit but the first, the rest stand by."""
        self._workspace = workspace
        self._all_move = all_move
        self._tasks: dict[TaskId, Task] = {}
        self._records: dict[RecordKey, Record] = {}
        new = commits - 1
        low, outer, high = made[:new], made[new : len(made) - new], made[len(made) - new :]
        self._first, self._second, *_, self._last_but_one, self._last = [task.id for task in outer]
        records = [note(f"m-{n:04}") for n in range(len(outer) - 4)] + [note("a-first"), note("z-last")]
        self.changesets = [self._write(1, outer, [], records)]
        self.changesets += [self._turn(n, low[n - 2], high[n - 2]) for n in range(2, commits + 1)]
        self.about = About(
            ids=[task.id for task in made],
            singles=[self._first, self._second, self._last_but_one, self._last],
            uids=[task.uid for task in made],
            keys=list(self._records),
            revisions=range(commits // 2, commits + 1),
        )

    @classmethod
    async def starting_in(cls, here: Bench, *, commits: int, bystanders: int, all_move: bool = False) -> Self:
        """Return one with new tasks of a workspace."""
        number = 4 + bystanders + 2 * (commits - 1)
        made = [await here.new_task(f"task {n}") for n in range(number)]
        return cls(here.workspace, made, commits=commits, all_move=all_move)

    async def answers(
        self, questions: Mapping[str, Question], *, purged_by: Cutoffs | None = None
    ) -> dict[str, list[Any]]:
        """Return what is right to answer to each question after no commit, after the first, and so on.

        The last answer is what is right after a purge, if there is one.
        """
        memory = InMemoryStorage()
        right: dict[str, list[Any]] = {name: [] for name in questions}
        for changes in (None, *self.changesets):
            if changes is not None:
                await memory.commit(changes)
            if purged_by is not None and changes is self.changesets[-1]:
                await memory.purge(self._workspace, purged_by, limit=1000)
            for name, question in questions.items():
                right[name].append(comparable(await question(memory, self._workspace)))
        return right

    def _turn(self, n: int, low: Task, high: Task) -> Changeset:
        odd, at = n % 2 == 1, NOON + timedelta(seconds=n)
        ends = [
            replace(
                self._tasks[task_id]
                .change(self._changes(n), at=at)
                .progress_to(Progress.COMPLETED if odd else Progress.NEEDS_ACTION, at=at)
                .add_comment(f"said {n}", at=at),
                list=7 if odd else 8,
                rank=natural_rank(task_id + (0 if odd else _FAR)),
                parent=self._second if odd else None,
                depends_on=(self._last_but_one,) if task_id == self._first else (),
            )
            for task_id in (self._first, self._last)
        ]
        inner = [self._tasks[self._second], self._tasks[self._last_but_one]]
        gone, back = inner if odd else inner[::-1]
        turned = [gone.delete(at=at), back.restore(at=at) if back.is_deleted else back.change(self._changes(n), at=at)]
        changed = [*ends, *turned]
        if self._all_move:
            moved = {task.id for task in changed}
            changed += [task.change(self._changes(n), at=at) for id_, task in self._tasks.items() if id_ not in moved]
        records = [note("a-first", f'"{n}"'), note(f"n-{n:03}", f'"{n}"'), note("z-last", f'"{n}"')]
        if n > 3:
            records.append(note(f"n-{n - 2:03}", None))
        if self._all_move:
            records += [note(key.key, f'"{n}"') for key in self._records if key.key.startswith("m-")]
        return self._write(n, [low, high], changed, records)

    @staticmethod
    def _changes(n: int) -> TaskChanges:
        odd = n % 2 == 1
        return TaskChanges(
            title=f"{'odd' if odd else 'even'} {n}",
            description=f"told in {n}",
            tags=["one" if odd else "two"],
            links=[f"https://example.org/{n}"],
            priority=1 if odd else 0,
            due={"date": "2025-12-01"} if odd else None,
        )

    def _write(self, n: int, added: Sequence[Task], changed: Sequence[Task], records: Iterable[Record]) -> Changeset:
        """Return the changeset, and remember what it writes as revision `n`."""
        known = [
            replace(record, revision=self._records[record.found_by].revision)
            if record.found_by in self._records
            else record
            for record in records
        ]
        entries = [recorded(task) for task in added] + [recorded(task, self._tasks[task.id]) for task in changed]
        changes = Changeset(
            workspace=self._workspace,
            added=tuple(added),
            changed=tuple(changed),
            records=tuple(known),
            history=tuple(replace(entry, at=NOON + timedelta(seconds=n)) for entry in entries),
        )
        self._tasks |= {task.id: task.committed(n) for task in (*added, *changed)}
        self._records |= {record.found_by: replace(record, revision=n) for record in known}
        return changes
