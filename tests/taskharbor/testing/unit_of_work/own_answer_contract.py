"""What a store hands out is the caller's own: to change it changes nothing else."""

from collections.abc import MutableMapping, MutableSequence
from typing import Any

from taskharbor.application.ports.change_feed import ChangeSlice
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_search import TaskFacets
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.port_questions import comparable
from taskharbor.testing.scenes.story import Story


class OwnAnswerContract(Contract):
    """Lists and mappings that can be changed are copies, each time."""

    async def test_changing_an_answer_changes_no_other_answer(self, here: Bench) -> None:
        story = await Story.starting_in(here, commits=5, bystanders=2)
        for changes in story.changesets:
            await here.storage.commit(changes)
        questions = story.about.questions()
        right = {name: answers[-1] for name, answers in (await story.answers(questions)).items()}
        for name, question in questions.items():
            answer = await question(here.storage, here.workspace)
            again = await question(here.storage, here.workspace)
            _spoil(answer)
            hint = f"the answer to {name} is not the caller's own: to clear it has emptied"
            assert comparable(again) == right[name], f"{hint} that of an earlier caller"
            assert comparable(await question(here.storage, here.workspace)) == right[name], f"{hint} the next one"
        for name, question in questions.items():
            answer = comparable(await question(here.storage, here.workspace))
            assert answer == right[name], f"clearing the returned collections changed the answer of {name}"

    async def test_changing_the_list_of_workspaces_changes_no_other_answer(self, here: Bench) -> None:
        await here.add()
        before = list(await here.storage.list_workspaces(after="", limit=10_000))
        _spoil(await here.storage.list_workspaces(after="", limit=10_000))
        assert list(await here.storage.list_workspaces(after="", limit=10_000)) == before

    async def test_what_was_handed_in_may_be_changed_afterwards(self, here: Bench) -> None:
        guarded = await here.add()
        guards = {guarded.id: guarded.revision}
        ids = [guarded.id]
        await here.commit(added=[await here.new_task()], guarded=guards)
        loaded = await here.storage.load_tasks(here.workspace, ids)
        guards.clear()
        ids.clear()
        assert loaded == {guarded.id: guarded}
        assert await here.load(guarded.id) == guarded


def _spoil(answer: Any) -> None:  # noqa: ANN401  # what any call of the port returns
    """Empty all of an answer that can be emptied."""
    parts: list[Any] = [answer]
    match answer:
        case TaskPage(items=items) | ChangeSlice(items=items):
            parts = [items]
        case TaskFacets(progress=progress, lists=lists, tags=tags, due=due):
            parts = [progress, lists, tags, due]
    for part in parts:
        if isinstance(part, MutableMapping | MutableSequence):
            part.clear()
