"""What a batch may hold."""

import pytest

from batches import UID, matching
from taskharbor.application.batch.run_batch import MAX_COMMANDS, ByName, RunBatch
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.domain.errors import InvalidValue


@pytest.mark.parametrize("number", [0, MAX_COMMANDS + 1])
def test_a_batch_of_no_command_or_of_too_many_is_refused(number: int) -> None:
    assert MAX_COMMANDS == 1000
    with pytest.raises(InvalidValue, match=f"from 1 to 1000, not {number}") as refused:
        RunBatch(commands=[CompleteTask(id=1)] * number)
    assert refused.value.field == "commands"


def test_bulk_changes_that_may_change_too_many_together_are_refused() -> None:
    RunBatch(commands=[matching()] * 10)
    with pytest.raises(InvalidValue, match="at most 10000") as refused:
        RunBatch(commands=[*[matching()] * 10, ByName(parent=UID, command=matching(max_affected=1))])
    assert refused.value.field == "commands"


def test_a_batch_with_too_many_undos_is_refused() -> None:
    RunBatch(commands=[UndoCommit(revision=1)] * 10)
    with pytest.raises(InvalidValue, match="at most 10 commits") as refused:
        RunBatch(commands=[UndoCommit(revision=1)] * 11)
    assert refused.value.field == "commands"


def test_whether_a_bulk_change_is_tried_out_only_is_for_the_batch_to_say() -> None:
    with pytest.raises(InvalidValue) as refused:
        RunBatch(commands=[CreateTask(title="new"), matching(dry_run=True)])
    assert refused.value.field == "commands[1].dry_run"
