"""Each answer is what one commit left, and what was seen stays: every call that reads, while somebody writes."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import pytest

from taskharbor.testing.bench import Bench
from taskharbor.testing.contract import Contract
from taskharbor.testing.effort import PATIENCE
from taskharbor.testing.port_questions import READING_CALLS, Question, comparable, questions_of
from taskharbor.testing.story import Story

_MANY: Final = 100


class SnapshotContract(Contract):
    """No answer is put together of two snapshots, none shows half a commit, none is older than what was seen."""

    @pytest.mark.parametrize("call", READING_CALLS)
    async def test_each_answer_is_what_one_commit_left(self, here: Bench, call: str) -> None:
        story = await Story.told_in(here, commits=16, bystanders=2)
        await _watch(here, story, questions_of(call, story.about.questions()))

    async def test_whoever_saw_a_commit_in_one_answer_sees_it_in_every_other(self, here: Bench) -> None:
        story = await Story.told_in(here, commits=12, bystanders=2)
        await _watch(here, story, story.about.questions())

    async def test_an_answer_about_a_thousand_tasks_is_of_one_snapshot(self, here: Bench) -> None:
        story = await Story.told_in(here, commits=4, bystanders=990)
        await _watch(here, story, _one_of_each_call(story))

    async def test_a_thousand_changes_of_one_commit_are_seen_together(self, here: Bench) -> None:
        story = await Story.told_in(here, commits=3, bystanders=1000, all_move=True)
        await _watch(here, story, _one_of_each_call(story))


def _one_of_each_call(story: Story) -> dict[str, Question]:
    questions = story.about.questions()
    return dict(next(iter(questions_of(call, questions).items())) for call in READING_CALLS)


async def _watch(here: Bench, story: Story, questions: Mapping[str, Question]) -> None:
    """Commit what the story tells, ask everything all the while, and compare."""
    watching = _Watching(here, await story.answers(questions))
    asking = list(questions.items())
    if len(story.about.ids) < _MANY:  # what one answer shows first must not be missing from any that is asked after it
        asking += reversed(asking[:])
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        writing = group.create_task(watching.write(story))
        for name, question in asking:
            group.create_task(watching.ask_until(writing, name, question))
    for name, question in questions.items():
        await watching.ask(name, question)
    if watching.found_wrong:
        pytest.fail("\n\n".join(list(watching.found_wrong.values())[:3]), pytrace=False)


class _Watching:
    """Knows how far the writer has come, and what has been seen of it.

    A commit counts as seen as soon as any answer has shown it, or as it has been answered itself.

    Attributes:
        found_wrong: what is wrong with the first wrong answer to each question.
    """

    def __init__(self, here: Bench, right: Mapping[str, list[Any]]) -> None:
        self.found_wrong: dict[str, str] = {}
        self._here = here
        self._right = right
        self._begun = 0
        self._seen = 0

    async def write(self, story: Story) -> None:
        for changes in story.changesets:
            self._begun += 1
            revision = await self._here.storage.commit(changes)
            assert revision == self._begun, "a commit takes the next revision"
            self._seen = max(self._seen, revision)
            await asyncio.sleep(0)  # a store that never waits would let nobody else run

    async def ask_until(self, writing: asyncio.Task[None], name: str, question: Question) -> None:
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
                f"the answer was that of revision {old[-1]}, though revision {possible.start} had been seen before it "
                f"was asked for, and revision {possible.stop - 1} was the last one sent. Either it is out of date, or "
                "part of a commit could be seen before the rest of it."
            )
        return (
            f"between revisions {possible.start} and {possible.stop - 1} the answer was one that no commit has left. "
            "Either it was read from two snapshots, or half a commit could be seen, or it leaves something out. To see "
            "it, let a writer commit between any two reads that this call makes, and between any two writes of a "
            f"commit. Right after revision {possible.start}: {_short(right[possible.start])}; "
            f"answered: {_short(answer)}"
        )


def _short(answer: Any) -> str:  # noqa: ANN401
    text = repr(answer)
    return text if len(text) <= 1500 else f"{text[:1500]}... ({len(text)} characters)"
