"""Tasks to be looked for, and all that a filter can ask of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from hypothesis import strategies as st

from taskharbor.domain.search.matching import Facts
from taskharbor.domain.search.words import words_of_task
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.strategies.tasks import tasks


async def some_tasks(here: Bench, data: st.DataObject) -> list[Task]:
    """Store a few tasks of any kind, some of which depend on others; return the live ones."""
    drawn = data.draw(st.lists(tasks(), min_size=1, max_size=5, unique_by=lambda task: task.uid), label="tasks")
    ids = sorted([await here.next_id() for _ in drawn])
    needed = data.draw(st.lists(st.sets(st.sampled_from(ids), max_size=2), min_size=len(ids), max_size=len(ids)))
    new = [
        replace(task, id=id_, depends_on=tuple(sorted({*task.depends_on, *more} - {id_})))
        for task, id_, more in zip(drawn, ids, needed, strict=True)
    ]
    revision = await here.commit(added=new)
    return [task.committed(revision) for task in new]


def candidates(stored: Sequence[Task]) -> Iterable[tuple[Task, Facts]]:
    """Return the live ones of these tasks with what a filter can ask of each."""
    open_ids = {task.id for task in stored if task.is_open and not task.is_deleted}
    for task in stored:
        if not task.is_deleted:
            blocked = not open_ids.isdisjoint(task.depends_on)
            blocking = any(task.id in one.depends_on for one in stored if one.id in open_ids)
            yield (
                task,
                Facts(blocked=blocked, words=partial(words_of_task, task), blocking=partial(bool, blocking)),
            )
