"""Lists and saved filters in a batch."""

import pytest

from batches import RecordingStorage, run, tasks, view
from taskharbor.application.errors import (
    BatchRefused,
)
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList
from taskharbor.application.saved_filters.manage_saved_filters import ChangeSavedFilter, DeleteSavedFilter, SaveFilter
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue, ListNotFound
from taskharbor.domain.lists.task_list import TaskList


async def test_commands_on_lists_and_saved_filters_are_part_of_the_one_commit(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    outcome = await run(
        harbor,
        CreateList(name="Garden"),
        SaveFilter(name="Wet", q="rain"),
        CreateTask(title="new"),
        ChangeSavedFilter(name="wet", new_name="Dry"),
    )
    made, _, new, renamed = outcome.results
    assert isinstance(made, TaskList)
    assert isinstance(renamed, SavedFilter)
    assert (made.name, made.revision) == ("Garden", 1)
    assert (renamed.name, renamed.revision, view(new).revision) == ("Dry", 1, 1)
    assert len(storage.sent) == 1
    assert (await harbor.get_list(made.id)) == made
    assert await harbor.search.list_saved_filters(workspace="default") == [renamed]

    changes = await run(
        harbor,
        ChangeList(id=made.id, name="Yard", archived=True),
        DeleteSavedFilter(name="Dry"),
        CreateList(name=""),
        atomic=False,
    )
    changed, gone, refused = changes.results
    assert isinstance(changed, TaskList)
    assert (changed.name, changed.revision) == ("Yard", 2)
    assert isinstance(gone, SavedFilter)
    assert gone.revision == 2
    assert isinstance(refused, InvalidValue)
    assert await harbor.search.list_saved_filters(workspace="default") == []


async def test_a_list_that_was_archived_before_is_deleted_with_its_tasks_in_the_one_commit(harbor: UseCases) -> None:
    made = await harbor.execute(CreateList(name="Garden"))
    await harbor.execute(CreateTask(title="in it", list=made.id))
    with pytest.raises(BatchRefused) as caught:
        await run(harbor, ChangeList(id=made.id, archived=True), DeleteList(id=made.id, delete_tasks=True))
    assert isinstance(caught.value.refusal, InvalidValue)
    assert caught.value.refusal.field == "id"
    await harbor.execute(ChangeList(id=made.id, archived=True))
    outcome = await run(harbor, DeleteList(id=made.id, move_to=1))
    assert outcome.revision == 4
    (task,) = await tasks(harbor)
    assert (task.list, task.revision) == (1, 4)
    with pytest.raises(ListNotFound):
        await harbor.get_list(made.id)


async def test_what_a_batch_makes_and_deletes_again_is_not_written(harbor: UseCases, storage: RecordingStorage) -> None:
    outcome = await run(
        harbor,
        SaveFilter(name="Wet", q="rain"),
        DeleteSavedFilter(name="Wet"),
        CreateTask(title="new"),
    )
    assert outcome.revision == 1
    assert [changes.records for changes in storage.sent] == [()]
