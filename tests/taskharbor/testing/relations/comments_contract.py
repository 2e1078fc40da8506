"""Comments: each has a number that no other of its task gets, and the task's revision guards them all."""

import pytest

from taskharbor.application.errors import PreconditionFailed
from taskharbor.application.tasks.comments import (
    AddComment,
    CommentView,
    DeleteComment,
    EditComment,
)
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import CommentNotFound, TaskNotFound
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.comment import MAX_COMMENT_LENGTH, MAX_COMMENTS, MAX_COMMENTS_LENGTH
from taskharbor.testing.scenes.bench import LATER, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.desk import Desk
from taskharbor.testing.scenes.races import at_once, refused_at


class CommentsContract(Contract):
    """What people say of a task is kept with it, in order."""

    @pytest.fixture
    def desk(self, use_cases: UseCases, here: Bench) -> Desk:
        """One user of the store."""
        return Desk(use_cases, here)

    async def test_comments_are_kept_in_the_order_in_which_they_were_made(self, desk: Desk) -> None:
        task = await desk.create()
        texts = ["*first*", "Zwei\r\nZeilen\tund \U0001f600", "e\u0301 is not \u00e9", "'\"\\;--"]
        made = [await _add(desk, task.id, text, author="Zoë") for text in texts]
        assert [comment.text for comment in made] == texts
        assert [comment.id for comment in made] == [1, 2, 3, 4]
        page = await desk.use_cases.list_comments(task.id, workspace=desk.workspace)
        assert [(one.id, one.text, one.author) for one in page.items] == [(n, t, "Zoë") for n, t in enumerate(texts, 1)]
        assert page.revision == made[-1].revision
        assert (await desk.get(task.id)).comment_count == 4
        assert (await desk.get(task.id)).revision == page.revision

    async def test_a_comment_can_be_edited_and_deleted_and_its_number_is_not_given_again(self, desk: Desk) -> None:
        task = await desk.create()
        first, second = await _add(desk, task.id, "first"), await _add(desk, task.id, "second")
        edited = await desk.use_cases.execute(
            EditComment(id=task.id, comment_id=first.id, text="edited"), workspace=desk.workspace
        )
        assert (edited.id, edited.text, edited.created) == (first.id, "edited", first.created)
        await _delete(desk, task.id, second.id)
        await _delete(desk, task.id, first.id)
        assert await _texts(desk, task.id) == []
        assert (await _add(desk, task.id, "third")).id == 3
        for gone in (first.id, second.id, 4):
            with pytest.raises(CommentNotFound):
                await _delete(desk, task.id, gone)

    async def test_a_number_is_not_given_again_after_the_store_was_asked_anew(self, here: Bench) -> None:
        task = (await here.add()).add_comment("first", at=LATER)
        task = await here.change(task)
        task = await here.change(task.delete_comment(1, at=LATER))
        loaded = await here.load(task.id)
        assert loaded == task
        assert task.last_comment_id == 1

    async def test_comments_survive_the_deletion_of_their_task(self, desk: Desk) -> None:
        task = await desk.create()
        await _add(desk, task.id, "still there")
        await desk.delete(task.id)
        with pytest.raises(TaskNotFound):
            await _texts(desk, task.id)
        with pytest.raises(TaskNotFound):
            await _add(desk, task.id, "too late")
        await desk.restore(task.id)
        assert await _texts(desk, task.id) == ["still there"]

    async def test_a_stale_comment_is_refused(self, desk: Desk) -> None:
        task = await desk.create()
        await _add(desk, task.id, "first", if_match=task.revision)
        with pytest.raises(PreconditionFailed):
            await _add(desk, task.id, "second", if_match=task.revision)

    async def test_no_comment_is_lost_when_many_speak_at_once(self, desk: Desk) -> None:
        task = await desk.create()
        outcomes = await at_once(*[_add(desk, task.id, f"comment {n}") for n in range(6)])
        made = [outcome for outcome in outcomes if isinstance(outcome, CommentView)]
        assert sorted(comment.id for comment in made) == list(range(1, len(made) + 1))
        assert sorted(await _texts(desk, task.id)) == sorted(comment.text for comment in made)

    async def test_what_is_too_much_is_refused(self, desk: Desk) -> None:
        task = await desk.create()
        for text in ("", " \n", "x" * (MAX_COMMENT_LENGTH + 1), "\x00", "\ud800"):
            await refused_at("text", _add(desk, task.id, text))
        await refused_at("author", _add(desk, task.id, "text", author="x" * 201))
        for _ in range(MAX_COMMENTS_LENGTH // MAX_COMMENT_LENGTH):
            await _add(desk, task.id, "\U0001f600" * MAX_COMMENT_LENGTH)
        await refused_at("text", _add(desk, task.id, "x"))
        assert (await desk.get(task.id)).comment_count == MAX_COMMENTS_LENGTH // MAX_COMMENT_LENGTH

    async def test_a_task_has_only_so_many_comments(self, here: Bench, desk: Desk) -> None:
        task = await here.add()
        for number in range(MAX_COMMENTS):
            task = task.add_comment(f"{number}", at=LATER)
        await here.change(task)
        await refused_at("comments", _add(desk, task.id, "one more"))
        assert len(await _texts(desk, task.id)) == MAX_COMMENTS


async def _add(desk: Desk, task_id: TaskId, text: str, **more: object) -> CommentView:
    command = AddComment(id=task_id, text=text, **more)  # type: ignore[arg-type]  # author or if_match
    return await desk.use_cases.execute(command, workspace=desk.workspace)


async def _delete(desk: Desk, task_id: TaskId, comment_id: int) -> None:
    await desk.use_cases.execute(DeleteComment(id=task_id, comment_id=comment_id), workspace=desk.workspace)


async def _texts(desk: Desk, task_id: TaskId) -> list[str]:
    page = await desk.use_cases.list_comments(task_id, workspace=desk.workspace)
    return [comment.text for comment in page.items]
