from datetime import UTC, datetime, timedelta

from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.tasks.rank import natural_rank
from taskharbor.domain.tasks.rank_between import between
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
TASK = Task.create(id=5, uid=Uid("0190b1f4-1234-7abc-8def-0123456789ab"), title="a task", at=NOON)


def test_a_new_task_is_in_the_inbox_on_its_own_and_stands_where_it_was_made() -> None:
    assert (TASK.list, TASK.parent, TASK.depends_on, TASK.rank) == (INBOX, None, (), natural_rank(5))
    assert (TASK.subtask_count, TASK.open_subtask_count) == (0, 0)


def test_a_place_is_a_list_a_parent_and_a_rank() -> None:
    rank = between(None, TASK.rank, task_id=5)
    placed = TASK.place(list=7, parent=9, rank=rank, at=LATER)
    assert (placed.list, placed.parent, placed.rank, placed.updated) == (7, 9, rank, LATER)
    assert placed.place(list=7, parent=9, at=LATER + timedelta(1)) is placed


def test_counting_subtasks_does_not_touch_the_task_itself() -> None:
    counted = TASK.count_subtasks(by=2, open_by=1)
    assert (counted.subtask_count, counted.open_subtask_count, counted.updated) == (2, 1, NOON)
    assert counted.count_subtasks(by=-2, open_by=-1) == TASK
