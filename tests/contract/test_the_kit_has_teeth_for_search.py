"""Stores that find the wrong tasks, and the promise of the kit that finds it out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.store_kit.scan import facets_among, find_among
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.fields import CAN_BE_ABSENT, Field
from taskharbor.domain.search.filter import And, Compare, Filter, Has, Mentions, Not, Or, Present
from taskharbor.domain.search.matching import Facts
from taskharbor.domain.search.words import Words, words_of_task
from taskharbor.domain.tasks.task import Task
from teeth import Outcomes, Teeth

ANY_FILTER = "test_any_filter_finds_just_the_tasks_that_it_is_after"
ANY_ORDER = "test_any_order_is_kept_from_page_to_page"
PAGES = "test_following_sorted_pages_misses_and_repeats_nothing_that_stays"
WORDS = "test_a_word_is_found_by_its_beginning_whatever_its_case_and_accents"
CHANGED = "test_what_has_changed_is_found_as_it_is_now"
DELETED = "test_what_is_deleted_is_not_found_until_it_is_restored"
ABSENT = "test_a_comparison_with_what_is_absent_is_false_and_its_opposite_true"
NULLS = "test_absent_values_come_where_they_were_asked_for"
BLOCKED = "test_a_task_is_blocked_while_one_that_it_depends_on_is_live_and_open"
TAGS = "test_tags_are_compared_by_their_keys_and_with_nothing_else"
FACETS = "test_facets_count_just_the_tasks_that_a_filter_is_after"
WORKSPACES = "test_one_workspace_does_not_find_what_is_in_another"
FULL_PAGE = "test_a_page_holds_up_to_a_thousand_tasks_that_were_found"
URGENT = "test_whatever_makes_a_task_urgent_counts"
STALE = "test_what_no_longer_matches_when_it_is_written_is_left_alone"
ONE_COMMIT = "test_all_that_match_are_changed_in_one_commit"

TEETH = Teeth(globals())
breaks = TEETH.breaks


class Finds(InMemoryStorage):
    """Finds tasks in ways of its own."""

    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        found = find_among(self.candidates(workspace), self.understood(query))
        return [TaskView.of(one.task).with_urgency(one.urgency) for one in found]

    def candidates(self, workspace: WorkspaceId) -> Iterator[tuple[Task, Facts]]:
        return self._workspaces[workspace].snapshot().candidates()

    def understood(self, query: TaskQuery) -> TaskQuery:
        return query


@breaks(DELETED, ANY_FILTER)
class FindsWhatIsDeleted(Finds):
    def candidates(self, workspace: WorkspaceId) -> Iterator[tuple[Task, Facts]]:
        for task in self._workspaces[workspace].tasks.values():
            yield task, Facts(blocked=False, words=lambda task=task: words_of_task(task), blocking=lambda: False)


@breaks(WORKSPACES)
class FindsInEveryWorkspace(Finds):
    def candidates(self, workspace: WorkspaceId) -> Iterator[tuple[Task, Facts]]:
        for found in self._workspaces.values():
            yield from found.snapshot().candidates()


@breaks(CHANGED)
class IndexesWordsOnce(Finds):
    """Forgets to bring the index up to date."""

    def __init__(self) -> None:
        super().__init__()
        self._first: dict[tuple[WorkspaceId, TaskId], Words] = {}

    def candidates(self, workspace: WorkspaceId) -> Iterator[tuple[Task, Facts]]:
        for task, facts in super().candidates(workspace):
            yield task, replace(facts, words=lambda task=task: self._first[workspace, task.id])

    async def commit(self, changes: Changeset) -> Revision:
        for task in (*changes.added, *changes.changed):
            self._first.setdefault((changes.workspace, task.id), words_of_task(task))
        return await super().commit(changes)


@breaks(WORDS)
class FindsWholeWordsOnly(Finds):
    def candidates(self, workspace: WorkspaceId) -> Iterator[tuple[Task, Facts]]:
        for task, facts in super().candidates(workspace):
            yield task, replace(facts, words=lambda facts=facts: [WholeWord(word) for word in facts.words()])


class WholeWord(str):
    __slots__ = ()

    def startswith(self, beginning: str, *_: int) -> bool:
        return self == beginning


@breaks(WORDS)
class HearsAccents(Finds):
    def candidates(self, workspace: WorkspaceId) -> Iterator[tuple[Task, Facts]]:
        for task, facts in super().candidates(workspace):
            yield task, replace(facts, words=lambda task=task: tuple(task.title.casefold().split()))


@breaks(BLOCKED)
class NeverUnblocks(Finds):
    def candidates(self, workspace: WorkspaceId) -> Iterator[tuple[Task, Facts]]:
        for task, facts in super().candidates(workspace):
            yield task, replace(facts, blocked=bool(task.depends_on))


@breaks(URGENT)
class ForgetsWhatWaitsForATask(Finds):
    def candidates(self, workspace: WorkspaceId) -> Iterator[tuple[Task, Facts]]:
        for task, facts in super().candidates(workspace):
            yield task, replace(facts, blocking=lambda: False)


@breaks(URGENT)
class SeesNoClockOnTheWall(Finds):
    def understood(self, query: TaskQuery) -> TaskQuery:
        scale = query.urgency
        return query if scale is None else replace(query, urgency=replace(scale, wall=scale.utc))


class Rewrites(Finds):
    """Understands some conditions wrongly."""

    def understood(self, query: TaskQuery) -> TaskQuery:
        return query if query.filter is None else replace(query, filter=self.rewritten(query.filter))

    def rewritten(self, part: Filter) -> Filter:
        match part:
            case And(operands):
                return And(tuple(self.rewritten(operand) for operand in operands))
            case Or(operands):
                return Or(tuple(self.rewritten(operand) for operand in operands))
            case Not(operand):
                return self.negated(operand)
            case _:
                return self.leaf(part)

    def negated(self, operand: Filter) -> Filter:
        return Not(self.rewritten(operand))

    def leaf(self, part: Filter) -> Filter:
        return part


@breaks(ABSENT)
class HasThreeTruthValues(Rewrites):
    """Does as SQL does: the opposite of a comparison with null is not true either."""

    def negated(self, operand: Filter) -> Filter:
        if isinstance(operand, Compare) and operand.field in CAN_BE_ABSENT - {Field.PRIORITY}:
            return And((Present(operand.field), Not(operand)))
        return Not(self.rewritten(operand))


@breaks(TAGS)
class LooksForTagsAmongWords(Rewrites):
    def leaf(self, part: Filter) -> Filter:
        return Mentions((str(part.item),)) if isinstance(part, Has) and part.field is Field.TAGS else part


@breaks("test_a_priority_of_zero_is_undefined_so_neither_above_nor_below_any")
class ComparesUndefinedPriorities(Rewrites):
    def leaf(self, part: Filter) -> Filter:
        if isinstance(part, Compare) and part.field is Field.PRIORITY:
            return Compare(Field.PERCENT_COMPLETE, part.operator, part.value)
        return part


@breaks(NULLS)
class PutsNullsWhereItLikes(Finds):
    def understood(self, query: TaskQuery) -> TaskQuery:
        return replace(query, order=tuple(replace(key, nulls_first=False) for key in query.order))


@breaks(ANY_ORDER, PAGES)
class GoesOnByTheFirstKeyOnly(Finds):
    def understood(self, query: TaskQuery) -> TaskQuery:
        if query.after is None or len(query.order) == 1:
            return query
        rest = tuple(-1 if isinstance(value, int) else "" for value in query.after[1:])
        return replace(query, after=(query.after[0], *rest))


@breaks(FULL_PAGE)
class HasALimitOfItsOwn(Finds):
    def understood(self, query: TaskQuery) -> TaskQuery:
        return replace(query, limit=min(query.limit, 100))


@breaks(FACETS)
class CountsEverything(InMemoryStorage):
    async def count_facets(self, workspace: WorkspaceId, filter: Filter | None, buckets: DueBuckets) -> TaskFacets:
        return facets_among(self._workspaces[workspace].snapshot().candidates(), None, buckets)


@breaks(ANY_FILTER)
class CountsFromMemory(InMemoryStorage):
    async def count_tasks(self, workspace: WorkspaceId, filter: Filter | None) -> int:
        return len(list(self._workspaces[workspace].snapshot().candidates()))


@breaks(STALE)
class WritesWhatHasChangedSince(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        tasks = self._workspaces[changes.workspace].tasks
        current = tuple(
            replace(task, revision=tasks[task.id].revision) if task.id in tasks else task for task in changes.changed
        )
        return await super().commit(replace(changes, changed=current, guarded={}))


@breaks(ONE_COMMIT)
class WritesOneByOne(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        revision = 0
        for task in changes.added:
            revision = await super().commit(replace(changes, added=(task,), changed=(), guarded={}))
        for task in changes.changed:
            revision = await super().commit(replace(changes, added=(), changed=(task,), guarded={}))
        return revision


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
