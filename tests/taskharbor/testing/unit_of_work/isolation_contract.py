"""Two workspaces with the same ids, uids, keys and revisions in them: no call of the port mixes them up."""

from dataclasses import replace
from datetime import timedelta

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.housekeeping import Cutoffs
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid
from taskharbor.testing.scenes.bench import LATER, NOON, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.notes import note
from taskharbor.testing.scenes.port_questions import comparable, differences, survey
from taskharbor.testing.scenes.refusals import must_be_refused
from taskharbor.testing.scenes.story import Story

_EVERYTHING = Cutoffs(deleted=LATER, expired=LATER, recorded=LATER)


class IsolationContract(Contract):
    """Every call answers of the workspace that it was asked about, and writes into no other."""

    async def test_no_call_returns_anything_of_another_workspace(self, here: Bench, elsewhere: Bench) -> None:
        mine, theirs = await _two_stories(here, elsewhere)
        await _tell(here, mine, elsewhere, theirs)
        for bench, story, other in ((here, mine, theirs), (elsewhere, theirs, mine)):
            # What only the other one has is asked for here too.
            for questions in (story.about.questions(), other.about.questions()):
                right = {name: answers[-1] for name, answers in (await story.answers(questions)).items()}
                for name, question in questions.items():
                    answer = comparable(await question(bench.storage, bench.workspace))
                    assert answer == right[name], (
                        f"{name} returns data of another workspace, or hides what is in this one"
                    )

    async def test_a_purge_takes_nothing_of_the_workspace_beside_it(self, here: Bench, elsewhere: Bench) -> None:
        mine, theirs = await _two_stories(here, elsewhere)
        await _tell(here, mine, elsewhere, theirs)
        for bench in (here, elsewhere):
            expired = [note("expired", expires=NOON), note("gone", None, expires=NOON), note("kept", expires=LATER)]
            await bench.commit(records=expired)
        for bench, other, story in ((here, elsewhere, theirs), (elsewhere, here, mine)):
            keys = [*story.about.keys, *(note(key).found_by for key in ("expired", "gone", "kept"))]
            questions = replace(story.about, keys=keys).questions()
            before = await survey(other, questions)
            await bench.storage.purge(bench.workspace, _EVERYTHING, limit=1000)
            changed = differences(before, await survey(other, questions))
            assert not changed, f"purging one workspace changed the answers for another: {changed}"

    async def test_what_another_workspace_has_refuses_nothing_and_satisfies_nothing(
        self, here: Bench, elsewhere: Bench
    ) -> None:
        theirs = await elsewhere.add()
        record = await elsewhere.put(note("a"))
        added = await here.new_task("mine", uid=theirs.uid)
        await must_be_refused(
            ConcurrentUpdate,
            here.commit(records=[note("b")], guarded_records={record.found_by: record.revision}),
            "a commit with a guard on a record that only another workspace has",
        )
        await must_be_refused(
            ConcurrentUpdate,
            here.commit(records=[replace(record, document='"changed"')]),
            "a commit that changes a record that only another workspace has",
        )
        await must_be_refused(
            ConcurrentUpdate,
            here.commit(records=[note("b")], guarded={theirs.id + 10_000: theirs.revision}),
            "a commit with a guard on a task that is nowhere",
        )
        revision = await here.commit(added=[added], records=[note("a", '"mine"')])
        assert revision == 1
        assert await elsewhere.record(*record.found_by) == record
        assert await elsewhere.load(theirs.id) == theirs

    async def test_no_task_waits_for_one_of_another_workspace(self, here: Bench, elsewhere: Bench) -> None:
        mine, theirs = await _same_tasks(here, elsewhere, 3)
        await elsewhere.commit(added=theirs)
        waiting = replace(mine[1], depends_on=(theirs[0].id, mine[2].id))
        done = mine[2].complete(at=NOON + timedelta(seconds=1))
        revision = await here.commit(added=[waiting, done])
        view = await here.get(waiting.id)
        assert view is not None
        assert (view.blocked, view.revision) == (False, revision)


async def _two_stories(here: Bench, elsewhere: Bench) -> tuple[Story, Story]:
    """Return two that end differently, about the same ids if the store gives them, and the same uids."""
    number = 4 + 2 + 2 * 4
    mine, theirs = await _same_tasks(here, elsewhere, number)
    return (
        Story(here.workspace, mine, commits=5),
        Story(elsewhere.workspace, theirs[:-2], commits=4),
    )


async def _same_tasks(here: Bench, elsewhere: Bench, number: int) -> tuple[list[Task], list[Task]]:
    mine = [await here.new_task(f"mine {n}") for n in range(number)]
    theirs = [
        await elsewhere.new_task(f"theirs {n}", uid=Uid(task.uid) if n % 2 else None) for n, task in enumerate(mine)
    ]
    return mine, theirs


async def _tell(here: Bench, mine: Story, elsewhere: Bench, theirs: Story) -> None:
    """Commit both, in turns."""
    for n, changes in enumerate(mine.changesets):
        await here.storage.commit(changes)
        if n < len(theirs.changesets):
            await elsewhere.storage.commit(theirs.changesets[n])
