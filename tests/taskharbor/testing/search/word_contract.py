"""Words are found as long as they are in a task, and not a moment longer."""

from collections.abc import Sequence
from typing import Any, Final

import pytest

from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.tasks.comments import AddComment, DeleteComment, EditComment
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.due_buckets import due_buckets
from taskharbor.domain.search.mentions import mentions_of
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.values.time_zone import zone
from taskharbor.testing.scenes.bench import LATER, NOON, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.desk import Desk

_BEFORE: Final[dict[str, Any]] = {
    "title": "Buy quinces",
    "description": "from Marmelade",
    "tags": ["orchard", "harvest"],
}
_AFTER: Final[dict[str, Any]] = {"title": "Sell pears", "description": "to Grocer", "tags": ["market", "harvest"]}
_INSIDE: Final = (
    pytest.param("ซื้อนมและไข่", "นม", "กาแฟ", id="Thai"),
    pytest.param("ຊື້ນົມ", "ນົມ", "ກາເຟ", id="Lao"),
    pytest.param("ភាសាខ្មែរ", "ខ្មែរ", "កាហ្វេ", id="Khmer"),
    pytest.param("မြန်မာစာ", "စာ", "နို့", id="Burmese"),
    pytest.param("中华人民共和国宪法", "人民共和国", "民人", id="Han"),
    pytest.param("コーヒー・ショップ", "ショップ", "ヒショ", id="Kana"),
    pytest.param("대한민국헌법", "민국", "국민", id="Hangul"),
    pytest.param("Party🎉🎂", "🎂", "🎈", id="emoji"),
    pytest.param("don't answer the e-mail", "dont email", "donut", id="joined"),
    pytest.param("Łódź", "lodz", "lodge", id="crossed"),
)
"""What is written, what is looked for and found, and what is not."""
_WORDS: Final = {"title": ("quinces", "pears"), "description": ("marmelade", "grocer"), "tags": ("orchard", "market")}


class WordContract(Contract):
    """Titles, descriptions, tags and comments: what is no longer said is no longer found, by any call."""

    @pytest.fixture
    def desk(self, use_cases: UseCases, here: Bench) -> Desk:
        """One user of the store."""
        return Desk(use_cases, here)

    @pytest.mark.parametrize("field", _WORDS)
    async def test_words_that_were_replaced_are_not_found(self, here: Bench, desk: Desk, field: str) -> None:
        task = await desk.create(**_BEFORE)
        before, after = _WORDS[field]
        await self._finds(here, before, [task.id])
        await desk.change(task.id, **{field: _AFTER[field]})
        await self._finds(here, before, [])
        await self._finds(here, after, [task.id])
        await self._finds(here, "harvest", [task.id])

    @pytest.mark.parametrize("field", _WORDS)
    async def test_words_that_one_commit_replaced_are_not_found(self, here: Bench, field: str) -> None:
        new = (await here.new_task()).change(TaskChanges(**_BEFORE), at=NOON)
        task = new.committed(await here.commit(added=[new]))
        await here.change(task.change(TaskChanges(**{field: _AFTER[field]}), at=LATER))
        before, after = _WORDS[field]
        await self._finds(here, before, [])
        await self._finds(here, after, [task.id])

    async def test_words_of_descriptions_and_tags_that_were_taken_away_are_not_found(
        self, here: Bench, desk: Desk
    ) -> None:
        task = await desk.create(**_BEFORE)
        await desk.change(task.id, description=None, tags=[])
        for word in ("marmelade", "orchard", "harvest"):
            await self._finds(here, word, [])
        await self._finds(here, "quinces", [task.id])

    async def test_words_of_comments_that_were_edited_or_deleted_are_not_found(self, here: Bench, desk: Desk) -> None:
        task, other = await desk.create(), await desk.create()
        for text in ("juniper first", "juniper second", "sloe third"):
            await desk.use_cases.execute(AddComment(id=task.id, text=text), workspace=desk.workspace)
        await desk.use_cases.execute(AddComment(id=other.id, text="sloe"), workspace=desk.workspace)
        await self._finds(here, "juniper", [task.id])
        await self._delete_comment(desk, task.id, 1)
        await self._finds(here, "first", [])
        await self._finds(here, "juniper", [task.id])
        edited = EditComment(id=task.id, comment_id=2, text="damson second")
        await desk.use_cases.execute(edited, workspace=desk.workspace)
        await self._finds(here, "juniper", [])
        await self._finds(here, "damson", [task.id])
        await self._delete_comment(desk, task.id, 3)
        await self._finds(here, "sloe", [other.id])
        await self._delete_comment(desk, task.id, 2)
        for word in ("damson", "second", "third"):
            await self._finds(here, word, [])

    async def test_words_of_a_comment_that_one_commit_deleted_are_not_found(self, here: Bench) -> None:
        task = await here.add("a task")
        task = await here.change(task.add_comment("medlar", at=LATER).add_comment("rowan", at=LATER))
        await self._finds(here, "medlar", [task.id])
        task = await here.change(task.delete_comment(1, at=LATER))
        await self._finds(here, "medlar", [])
        await self._finds(here, "rowan", [task.id])
        task = await here.change(task.edit_comment(2, "elder", at=LATER))
        await self._finds(here, "rowan", [])
        task = await here.change(task.add_comment("hazel", at=LATER).add_comment("alder", at=LATER))
        await self._finds(here, "hazel", [task.id])
        await here.change(task.delete_comment(2, at=LATER).delete_comment(3, at=LATER))
        for word in ("elder", "hazel"):
            await self._finds(here, word, [])
        await self._finds(here, "alder", [task.id])

    async def test_words_of_a_deleted_task_come_back_with_it_as_they_are_then(self, here: Bench, desk: Desk) -> None:
        task = await desk.create(**_BEFORE)
        await desk.use_cases.execute(AddComment(id=task.id, text="medlar"), workspace=desk.workspace)
        await desk.delete(task.id)
        for word in ("quinces", "marmelade", "orchard", "medlar"):
            await self._finds(here, word, [])
        await desk.restore(task.id)
        await self._delete_comment(desk, task.id, 1)
        for word in ("quinces", "marmelade", "orchard"):
            await self._finds(here, word, [task.id])
        await self._finds(here, "medlar", [])

    @pytest.mark.parametrize(("text", "wanted", "other"), _INSIDE)
    async def test_words_are_found_in_every_script_and_as_people_type_them(
        self, here: Bench, text: str, wanted: str, other: str
    ) -> None:
        titled, described = await here.new_task(text), await here.new_task("another")
        described = described.change(TaskChanges(description=f"see {text}", tags=["x"]), at=NOON)
        await here.commit(added=[titled, described])
        await self._finds(here, wanted, [titled.id, described.id])
        await self._finds(here, text, [titled.id, described.id])
        await self._finds(here, other, [])

    async def _delete_comment(self, desk: Desk, task_id: TaskId, comment_id: int) -> None:
        command = DeleteComment(id=task_id, comment_id=comment_id)
        await desk.use_cases.execute(command, workspace=desk.workspace)

    async def _finds(self, here: Bench, word: str, expected: Sequence[TaskId]) -> None:
        store, wanted = here.storage, mentions_of("q", word)
        found = await store.find_tasks(here.workspace, TaskQuery(filter=wanted, limit=9))
        assert [view.id for view in found] == expected, f"find_tasks by the word {word!r}"
        count = await store.count_tasks(here.workspace, wanted)
        assert count == len(expected), f"count_tasks by the word {word!r}"
        buckets = due_buckets(Viewpoint(NOON, zone("UTC")))
        facets = await store.count_facets(here.workspace, wanted, buckets)
        assert sum(facets.progress.values()) == len(expected), f"count_facets by the word {word!r}"
