"""Lists, subtasks, order, comments and urgency as plain calls."""

import pytest

from taskharbor.domain.errors import HasSubtasks, InvalidValue, ListNotFound, OpenDependencies, OpenSubtasks
from taskharbor.domain.search.urgency_weights import UrgencyWeights
from taskharbor.entrypoints.embedded.opening import open_taskharbor


async def test_a_task_has_a_place(harbor):
    work = await harbor.create_list(name="Work", colour="#1e90ff")
    parent = await harbor.create_task(title="a parent", list=work.id)
    child = await harbor.create_task(title="a part", parent=parent.id)
    assert child.list == work.id
    with pytest.raises(OpenSubtasks):
        await harbor.complete_task(parent.id)
    with pytest.raises(HasSubtasks):
        await harbor.delete_task(parent.id)
    assert (await harbor.complete_task(parent.id, subtasks="complete")).is_completed
    assert (await harbor.move_task(child.id, list=1)).parent is None


async def test_a_task_waits_for_others(harbor):
    needed = await harbor.create_task(title="first")
    task = await harbor.create_task(title="then", depends_on=[needed.id])
    assert task.blocked
    with pytest.raises(OpenDependencies):
        await harbor.change_task(task.id, is_completed=True)
    assert (await harbor.complete_task(task.id, dependencies="ignore")).is_completed


async def test_a_rule_that_is_not_known_is_refused(harbor):
    task = await harbor.create_task(title="a task")
    for attempt in (
        harbor.complete_task(task.id, subtasks="delete"),
        harbor.delete_task(task.id, subtasks="complete"),
    ):
        with pytest.raises(InvalidValue) as refused:
            await attempt
        assert refused.value.field == "subtasks"


async def test_lists_are_made_changed_and_deleted(harbor):
    work = await harbor.create_list(name="Work", description="*Mine*")
    assert (await harbor.change_list(work.id, name="Play", if_match=work.revision)).name == "Play"
    assert [one.name for one in (await harbor.list_lists()).items] == ["Inbox", "Play"]
    deleted = await harbor.delete_list(work.id, move_to=1)
    assert (deleted.id, deleted.revision) == (work.id, (await harbor.list_changes()).revision)
    with pytest.raises(ListNotFound):
        await harbor.get_list(work.id)


async def test_people_comment_on_a_task(harbor):
    task = await harbor.create_task(title="a task")
    comment = await harbor.add_comment(task.id, "Why?", author="Zoë", if_match=task.revision)
    await harbor.edit_comment(task.id, comment.id, "Why not?")
    page = await harbor.list_comments(task.id)
    assert [(one.text, one.author) for one in page.items] == [("Why not?", "Zoë")]
    assert (await harbor.delete_comment(task.id, comment.id)).comment_count == 0


async def test_what_is_urgent_can_be_said():
    async with open_taskharbor("memory://", urgency_weights=UrgencyWeights(priority_high=100.0)) as harbor:
        task = await harbor.create_task(title="a task", priority=1)
        assert (await harbor.get_urgency(task.id)).urgency == 100.0
