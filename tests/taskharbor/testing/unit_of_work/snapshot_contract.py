"""Each answer is the state after one commit, and answers never go back: every read call, under concurrent writes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

import pytest

from taskharbor.application.ports.housekeeping import Cutoffs
from taskharbor.application.ports.task_relations import InList
from taskharbor.domain.identifiers import INBOX
from taskharbor.testing.scenes.bench import LATER, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE
from taskharbor.testing.scenes.port_questions import READING_CALLS, Question, comparable, questions_of
from taskharbor.testing.scenes.story import Story

Step: TypeAlias = Callable[[], Awaitable[object]]

_PATIENCE: Final = 3 * PATIENCE
"""Everybody asks for a thousand tasks in one event loop while they are written."""


class SnapshotContract(Contract):
    """No answer is put together of two snapshots, none shows half a commit, none is older than what was seen."""

    @pytest.mark.parametrize("call", READING_CALLS)
    async def test_each_answer_is_what_one_commit_left(self, here: Bench, call: str) -> None:
        story = await Story.starting_in(here, commits=12, bystanders=2)
        await _watch(here, story, questions_of(call, story.about.questions()), both_ways=False)

    async def test_a_commit_seen_in_one_answer_is_seen_in_every_other(self, here: Bench) -> None:
        story = await Story.starting_in(here, commits=12, bystanders=2)
        await _watch(here, story, story.about.questions())

    async def test_an_answer_about_a_thousand_tasks_is_of_one_snapshot(self, here: Bench) -> None:
        story = await Story.starting_in(here, commits=4, bystanders=990)
        await _watch(here, story, _about_all(story), both_ways=False)

    async def test_a_thousand_changes_of_one_commit_are_seen_together(self, here: Bench) -> None:
        story = await Story.starting_in(here, commits=2, bystanders=1100, all_move=True)
        await _watch(here, story, _about_all(story), both_ways=False)

    async def test_what_one_purge_takes_is_seen_to_go_together(self, here: Bench) -> None:
        story = await Story.starting_in(here, commits=6, bystanders=2)
        questions = story.about.questions()
        cutoffs = Cutoffs(deleted=LATER, expired=LATER, recorded=LATER)
        right = await story.answers(questions)
        for name, after in (await story.answers(questions, purged_by=cutoffs)).items():
            right[name].append(after[-1])
        for changes in story.changesets:
            await here.storage.commit(changes)
        watching = _Watching(here, {name: answers[-2:] for name, answers in right.items()})
        await watching.until([lambda: here.storage.purge(here.workspace, cutoffs, limit=1000)], questions)


def _about_all(story: Story) -> dict[str, Question]:
    """Return a question of each call, the one whose answer is the longest."""
    everything = {"find_tasks by title", f"list_related {InList(INBOX)}"}
    questions = story.about.questions()
    chosen = [
        next((name for name in of_call if name in everything), next(iter(of_call)))
        for of_call in (questions_of(call, questions) for call in READING_CALLS)
    ]
    return {name: questions[name] for name in chosen}


async def _watch(here: Bench, story: Story, questions: Mapping[str, Question], *, both_ways: bool = True) -> None:
    """Commit the steps of the story, make every call all the while, and compare."""
    commits = [partial(here.storage.commit, changes) for changes in story.changesets]
    await _Watching(here, await story.answers(questions)).until(commits, questions, both_ways=both_ways)


class _Watching:
    """Knows how far the writer has come, and what has been seen of it. A step is a commit, or a purge.

    One counts as seen as soon as any answer has shown it, or as it has been answered itself.

    Attributes:
        found_wrong: what is wrong with the first wrong answer to each question.
    """

    def __init__(self, here: Bench, right: Mapping[str, list[Any]]) -> None:
        self.found_wrong: dict[str, str] = {}
        self._here = here
        self._right = right
        self._begun = 0
        self._seen = 0

    async def until(self, steps: Sequence[Step], questions: Mapping[str, Question], *, both_ways: bool = True) -> None:
        """Take one step after the other, ask everything all the while, and fail if any answer was wrong."""
        asking = list(questions.items())
        if both_ways:  # what one answer shows first must not be missing from any that is asked after it
            asking += reversed(asking[:])
        async with asyncio.timeout(_PATIENCE), asyncio.TaskGroup() as group:
            writing = group.create_task(self._take(steps))
            for name, question in asking:
                group.create_task(self._ask_until(writing, name, question))
        for name, question in questions.items():
            await self.ask(name, question)
        if self.found_wrong:
            pytest.fail("\n\n".join(list(self.found_wrong.values())[:3]), pytrace=False)

    async def _take(self, steps: Sequence[Step]) -> None:
        for n, step in enumerate(steps, 1):
            self._begun = n
            await step()
            self._seen = n
            await asyncio.sleep(0)  # a store that never waits would let no other task run

    async def _ask_until(self, writing: asyncio.Task[None], name: str, question: Question) -> None:
        while not writing.done() and not self.found_wrong:
            await self.ask(name, question)
            await asyncio.sleep(0)

    async def ask(self, name: str, question: Question) -> None:
        seen = self._seen
        answer = comparable(await question(self._here.storage, self._here.workspace))
        right = self._right[name]
        possible = range(seen, self._begun + 1)
        shown = next((n for n in possible if right[n] == answer), None)
        if shown is None:
            self.found_wrong.setdefault(name, f"{name}: {self._what_is_wrong(right, answer, possible)}")
        else:
            self._seen = max(self._seen, shown)

    def _what_is_wrong(self, right: list[Any], answer: Any, possible: range) -> str:  # noqa: ANN401
        old = [n for n, each in enumerate(right) if each == answer]
        if old:
            return (
                f"the answer was that of step {old[-1]}, though step {possible.start} had been seen before it "
                f"was asked for, and step {possible.stop - 1} was the last one sent. Either it is out of date, or "
                "part of a commit could be seen before the rest of it."
            )
        return (
            f"between steps {possible.start} and {possible.stop - 1} the answer was one that nothing has left. "
            "Either it was read from two snapshots, or half a commit could be seen, or it leaves something out. To see "
            "it, let a writer commit between any two reads that this call makes, and between any two writes of a "
            f"commit. Right after step {possible.start}: {_short(right[possible.start])}; "
            f"answered: {_short(answer)}"
        )


def _short(answer: Any) -> str:  # noqa: ANN401
    text = repr(answer)
    return text if len(text) <= 1500 else f"{text[:1500]}... ({len(text)} characters)"
