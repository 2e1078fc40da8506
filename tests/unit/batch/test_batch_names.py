"""Commands of a batch that name tasks by uid, and lists by name."""

from collections.abc import Callable
from uuid import UUID

import pytest

from batches import MISSING, OTHER, UID, RecordingStorage, create, matching, run, tasks, view
from taskharbor.application.batch.run_batch import ByName
from taskharbor.application.lists.manage_lists import ChangeList
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import AddComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue


async def test_a_new_task_can_be_changed_by_the_uid_that_it_is_given(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    outcome = await run(
        harbor,
        CreateTask(title="new", uid=UID),
        ByName(uid=UID.upper(), command=ChangeTask(id=0, title="newer", tags=["a"])),
        ByName(uid=UID, command=CompleteTask(id=MISSING)),
    )
    (task,) = await tasks(harbor)
    assert (task.title, task.tags, task.is_completed, task.revision) == ("newer", ("a",), True, 1)
    assert outcome.results == [task] * 3
    assert len(storage.sent) == 1
    assert storage.loads == []


@pytest.mark.parametrize("uid", [UID, "not a uuid"])
async def test_a_uid_that_no_task_has_is_refused_at_its_place(harbor: UseCases, uid: str) -> None:
    (task,) = await create(harbor)
    outcome = await run(
        harbor,
        ByName(uid=uid, command=CompleteTask(id=1)),
        ByName(parent=uid, command=ChangeTask(id=task)),
        ByName(depends_on=[task, uid], command=CreateTask(title="new")),
        ByName(before=uid, command=MoveTask(id=task)),
        ByName(after=uid, command=MoveTask(id=task)),
        CreateTask(title="", uid=OTHER),
        ByName(uid=OTHER, command=CompleteTask(id=1)),
        atomic=False,
    )
    assert [result.field for result in outcome.results if isinstance(result, InvalidValue)] == [
        "uid",
        "parent",
        "depends_on[1]",
        "before",
        "after",
        "title",
        "uid",
    ]
    assert outcome.revision is None


async def test_a_task_is_named_by_uid_wherever_a_command_names_one_new_or_old(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    old = view((await run(harbor, CreateTask(title="old", uid=OTHER))).results[0])
    storage.sent.clear()
    outcome = await run(
        harbor,
        CreateTask(title="new", uid=UID),
        ByName(parent=UID, depends_on=[old.id], command=CreateTask(title="part")),
        ByName(depends_on=[UUID(UID), OTHER], command=CreateTask(title="later")),
        ByName(uid=OTHER, before=UID, command=MoveTask(id=0)),
        ByName(uid=OTHER, command=AddComment(id=0, text="by uid")),
    )
    new, part, later, moved, _ = (view(result) for result in outcome.results)
    assert (part.parent, part.depends_on) == (new.id, (old.id,))
    assert later.depends_on == (old.id, new.id)
    assert (moved.id, moved.comment_count) == (old.id, 1)
    assert moved.rank < new.rank
    assert len(storage.sent) == 1


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("uid", lambda: ByName(uid=UID, command=CreateTask(title="new"))),
        ("uid", lambda: ByName(uid=UID, command=matching())),
        ("uid", lambda: ByName(uid=UID, command=ChangeList(id=1, name="In"))),
        ("before", lambda: ByName(before=UID, command=matching())),
        ("list", lambda: ByName(list="Garden", command=CompleteTask(id=1))),
        ("move_to", lambda: ByName(move_to="Garden", command=ChangeList(id=1, name="In"))),
        ("parent", lambda: ByName(parent=UID, command=CompleteTask(id=1))),
        ("depends_on", lambda: ByName(depends_on=[UID], command=MoveTask(id=1))),
        ("before", lambda: ByName(before=UID, command=ChangeTask(id=1))),
    ],
)
def test_a_uid_or_a_list_is_named_only_where_the_command_has_a_place_for_it(
    field: str, make: Callable[[], ByName]
) -> None:
    with pytest.raises(InvalidValue) as refused:
        make()
    assert refused.value.field == field
