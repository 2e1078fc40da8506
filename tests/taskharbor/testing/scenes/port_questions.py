"""Every call of the port that reads, asked of one workspace, with answers that can be compared."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any, Final, TypeAlias

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import ChangeSlice
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_relations import InList, RankedTask, Relation, SubtasksOf, WaitingFor
from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.domain.identifiers import INBOX, MAX_ID, Revision, TaskId, WorkspaceId
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.due_buckets import due_buckets
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import Filter, Flag, Has, Mentions
from taskharbor.domain.search.order import order_from
from taskharbor.domain.search.urgency import UrgencyScale
from taskharbor.domain.search.urgency_weights import DEFAULT_WEIGHTS, Millionths, millionths
from taskharbor.domain.values.time_zone import zone
from taskharbor.domain.values.uid import Uid
from taskharbor.testing.scenes.bench import BEGINNING, LATER, NOON, Bench

Question: TypeAlias = Callable[[Storage, WorkspaceId], Awaitable[Any]]
"""One call of the port with all its arguments but the workspace."""

READING_CALLS: Final = (
    "load_tasks",
    "find_uids",
    "get_task",
    "list_tasks",
    "find_tasks",
    "count_tasks",
    "count_facets",
    "list_changes",
    "load_records",
    "list_records",
    "list_related",
    "list_history",
    "list_commit",
    "list_history_since",
    "find_revision",
    "read_history_bounds",
    "scan_tasks",
    "list_deleted",
)
"""All calls that read from one workspace, by the names that they have in the port."""

_BUCKETS: Final = due_buckets(Viewpoint(NOON, zone("UTC")))
_SCALE: Final = UrgencyScale.seen_from(Viewpoint(LATER, zone("UTC")), DEFAULT_WEIGHTS)
_FILTERS: Final[Mapping[str, Filter]] = {
    "tag": Has(Field.TAGS, "one"),
    "word": Mentions(("odd",)),
    "flag": Flag(Field.BLOCKED),
}
_ORDERS: Final = ("title", "-priority nulls first", "due,-revision", "rank")
_LISTS: Final = (INBOX, 7, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is asked about.

    Attributes:
        ids: the tasks.
        singles: those of them that are also asked about one by one.
        uids: the uids.
        keys: the records.
        revisions: the commits.
        limit: how much is asked for at most.
    """

    ids: Sequence[TaskId]
    singles: Sequence[TaskId]
    uids: Sequence[Uid]
    keys: Sequence[RecordKey]
    revisions: Sequence[Revision]
    limit: int = 1001

    def questions(self) -> dict[str, Question]:
        """Return every question by its name, which begins with that of the call."""
        limit = self.limit
        asked: dict[str, Question] = {
            "load_tasks": lambda store, at: store.load_tasks(at, self.ids),
            "find_uids": lambda store, at: store.find_uids(at, self.uids),
            "list_tasks": lambda store, at: store.list_tasks(at, after=0, skip=0, limit=limit),
            "list_tasks in part": self._all_but_the_end,
            "count_tasks": lambda store, at: store.count_tasks(at, None),
            "count_facets": lambda store, at: store.count_facets(at, None, _BUCKETS),
            "list_changes": lambda store, at: store.list_changes(at, after=BEGINNING, limit=limit),
            "load_records": lambda store, at: store.load_records(at, self.keys),
            "list_history_since": lambda store, at: store.list_history_since(at, self.ids, after=0),
            "find_revision": lambda store, at: store.find_revision(at, LATER),
            "find_revision by then": lambda store, at: store.find_revision(at, NOON + timedelta(seconds=2)),
            "read_history_bounds": lambda store, at: store.read_history_bounds(at),
            "scan_tasks": lambda store, at: store.scan_tasks(at, after=0, limit=limit),
            "list_deleted": lambda store, at: store.list_deleted(at, before=None, limit=limit),
        }
        for task_id in self.singles:
            asked |= _about_one(task_id, limit)
        for number in _LISTS:
            asked |= _about_relation(InList(number), limit)
        for kind in sorted({key.kind for key in self.keys}):
            asked[f"list_records of {kind}"] = _records(kind, limit)
        for revision in self.revisions:
            asked[f"list_commit {revision}"] = _commit(revision)
        for name, wanted in _FILTERS.items():
            asked[f"find_tasks by {name}"] = _find(TaskQuery(filter=wanted, limit=limit))
            asked[f"count_tasks by {name}"] = _count(wanted)
        for order in _ORDERS:
            asked[f"find_tasks by {order}"] = _find(TaskQuery(order=order_from(order), limit=limit))
        asked["find_tasks by urgency"] = _find(TaskQuery(order=order_from("-urgency"), limit=limit, urgency=_SCALE))
        return asked

    async def _all_but_the_end(self, store: Storage, at: WorkspaceId) -> TaskPage:
        """Ask for a page with another one after it: from the first to the last of the singles, while one is gone."""
        first, last = min(self.singles), max(self.singles)
        between = sum(first <= task_id <= last for task_id in self.ids)
        return await store.list_tasks(at, after=first - 1, skip=0, limit=max(between - 1, 1))


def questions_of(call: str, questions: Mapping[str, Question]) -> dict[str, Question]:
    """Return those of the questions that are asked by one of the calls."""
    return {name: question for name, question in questions.items() if name.partition(" ")[0] == call}


async def survey(here: Bench, questions: Mapping[str, Question]) -> dict[str, Any]:
    """Return what the store answers to each of the questions."""
    return {name: comparable(await question(here.storage, here.workspace)) for name, question in questions.items()}


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return the names of the questions that were answered differently."""
    return [name for name, answer in one.items() if answer != other[name]]


def comparable(answer: Any) -> Any:  # noqa: ANN401, PLR0911  # what any call of the port returns
    """Return an answer in a form that is equal to that of another store, whatever sort of sequence it came in."""
    match answer:
        case TaskView():
            return _Seen(answer)
        case TaskPage():
            return comparable(answer.items), answer.next_after
        case ChangeSlice():
            return comparable(answer.items), answer.revision, answer.purged_revision, answer.at
        case TaskFacets():
            return [dict(counts) for counts in (answer.progress, answer.lists, answer.tags, answer.due)]
        case Mapping():
            return dict(answer)
        case Sequence() if not isinstance(answer, str | RankedTask):
            return [comparable(item) for item in _by_task_in_each_commit(answer)]
    return answer


class _Seen:
    """A view that is compared by its text before it is taken apart, which a thousand of them would make slow."""

    __slots__ = ("_view",)

    def __init__(self, view: TaskView) -> None:
        self._view = view

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Seen):
            return NotImplemented
        one, another = self._view, other._view
        if one.as_json() != another.as_json() and _without_urgency(one) != _without_urgency(another):
            return False
        return _urgency_of(one) == _urgency_of(another)

    __hash__ = None  # type: ignore[assignment]  # as a list

    def __repr__(self) -> str:
        return f"<task {self._view.id} {self._view.title!r} of revision {self._view.revision}>"


def _without_urgency(view: TaskView) -> TaskView:
    return TaskView(view.document, view.revision, blocked=view.blocked)


def _urgency_of(view: TaskView) -> Millionths | None:
    return None if view.urgency is None else millionths(view.urgency)


def _by_task_in_each_commit(items: Sequence[Any]) -> Sequence[Any]:
    """Return entries of the history in their order, but those of one commit by task, which some calls leave open."""
    if not items or not isinstance(items[0], HistoryEntry):
        return items
    commits = groupby(items, key=lambda entry: entry.revision)
    return [entry for _, commit in commits for entry in sorted(commit, key=lambda entry: entry.task_id)]


def _about_one(task_id: TaskId, limit: int) -> dict[str, Question]:
    return {
        f"get_task {task_id}": lambda store, at: store.get_task(at, task_id),
        f"list_history {task_id}": lambda store, at: store.list_history(at, task_id, before=MAX_ID, limit=limit),
        **_about_relation(SubtasksOf(task_id), limit),
        **_about_relation(WaitingFor(task_id), limit),
    }


def _about_relation(relation: Relation, limit: int) -> dict[str, Question]:
    return {
        f"list_related {relation}": lambda store, at: store.list_related(at, relation, limit=limit),
        f"list_related {relation} backwards": lambda store, at: store.list_related(
            at, relation, backwards=True, limit=limit
        ),
    }


def _records(kind: str, limit: int) -> Question:
    return lambda store, at: store.list_records(at, kind, after="", limit=limit)


def _commit(revision: Revision) -> Question:
    return lambda store, at: store.list_commit(at, revision)


def _find(query: TaskQuery) -> Question:
    return lambda store, at: store.find_tasks(at, query)


def _count(wanted: Filter) -> Question:
    return lambda store, at: store.count_tasks(at, wanted)
