"""Stores that mix up the keys of records, or find words that are gone, and the promise that finds each out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from unicodedata import normalize

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.store_kit.scan import count_among
from taskharbor.domain.identifiers import Revision, WorkspaceId
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.search.words import words_of, words_of_task
from taskharbor.domain.tasks.task import Task
from teeth import Outcomes, Teeth

ALIKE = "test_keys_that_only_look_alike_are_different_records"
FOUND = "test_one_of_the_keys_that_look_alike_is_not_found_by_another"
LISTED = "test_records_are_listed_from_any_key_on_by_the_bytes_of_their_keys"
COMMENTS = "test_words_of_comments_that_were_edited_or_deleted_are_not_found"

TEETH = Teeth(globals())
breaks = TEETH.breaks


class Keyed(InMemoryStorage):
    """Keeps each record under what it makes of its key."""

    key: Callable[[str], str]

    def kept(self, found_by: RecordKey) -> RecordKey:
        return RecordKey(found_by.kind, type(self).key(found_by.key))

    async def commit(self, changes: Changeset) -> Revision:
        records = {each.found_by: replace(each, key=type(self).key(each.key)) for each in changes.records}
        guarded = {self.kept(key): revision for key, revision in changes.guarded_records.items()}
        return await super().commit(replace(changes, records=tuple(records.values()), guarded_records=guarded))

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        found = await super().load_records(workspace, [self.kept(key) for key in keys])
        return {key: replace(found[self.kept(key)], key=key.key) for key in keys if self.kept(key) in found}


@breaks(ALIKE, FOUND)
class NormalizesKeys(Keyed):
    @staticmethod
    def key(key: str) -> str:
        return normalize("NFC", key)


@breaks(ALIKE, FOUND)
class FoldsKeys(Keyed):
    key = str.casefold


@breaks(ALIKE, FOUND)
class LowersKeys(Keyed):
    key = str.lower


@breaks(ALIKE, FOUND)
class TrimsKeys(Keyed):
    key = str.strip


@breaks(ALIKE, FOUND)
class TrimsKeysAtTheirEnd(Keyed):
    @staticmethod
    def key(key: str) -> str:
        return key.rstrip(" ")


@breaks(ALIKE, FOUND)
class CutsKeysAt255Bytes(Keyed):
    @staticmethod
    def key(key: str) -> str:
        return key.encode()[:255].decode(errors="ignore")


@breaks(ALIKE, FOUND)
class CutsKeysAt254(Keyed):
    @staticmethod
    def key(key: str) -> str:
        return key[:254]


@breaks("test_kinds_that_begin_alike_are_different_kinds")
class JoinsKindAndKey(InMemoryStorage):
    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        records = sorted(self._workspaces[workspace].records.items())
        joined = [record for key, record in records if "".join(key).startswith(kind) and key.key > after]
        return [record for record in joined if record.document is not None][:limit]


@breaks(LISTED)
class ListsByFoldedKeys(InMemoryStorage):
    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        found = await super().list_records(workspace, kind, after="", limit=1_000_000)
        later = [record for record in found if record.key.casefold() > after.casefold()]
        return sorted(later, key=lambda record: (record.key.casefold(), record.key))[:limit]


@breaks("test_a_guard_is_on_the_record_of_its_key_only")
class GuardsWhatLooksAlike(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        records = self._workspaces[changes.workspace].records
        alike = {(key.kind, key.key.strip().casefold()): key for key in records}
        guarded = {
            key if key in records else alike.get((key.kind, key.key.strip().casefold()), key): revision
            for key, revision in changes.guarded_records.items()
        }
        return await super().commit(replace(changes, guarded_records=guarded))


class Words(InMemoryStorage):
    """Indexes the words of what was written in ways of its own."""

    async def commit(self, changes: Changeset) -> Revision:
        here = self._workspaces[changes.workspace]
        before = {task.id: here.tasks.get(task.id) for task in changes.changed}
        revision = await super().commit(changes)
        for task_id, old in before.items():
            now = here.tasks[task_id]
            if old is not None:
                here._words[task_id] = self.words(old, now, words_of_task(old), here.words_of(now))
        return revision

    def words(self, old: Task, now: Task, before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
        raise NotImplementedError


@breaks(COMMENTS, "test_words_of_a_comment_that_one_commit_deleted_are_not_found")
class FindsWordsOfDeletedComments(Words):
    def words(self, old: Task, now: Task, before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
        fewer = len(now.comments) < len(old.comments)
        return (*after, *before) if fewer else tuple(after)


@breaks("test_words_of_a_comment_that_one_commit_deleted_are_not_found")
class FindsWordsOfTheFirstOfSeveralDeletedComments(Words):
    def words(self, old: Task, now: Task, before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
        left = {comment.id for comment in now.comments}
        gone = [comment.text for comment in old.comments if comment.id not in left]
        return (*after, *(words_of(gone[0]) if len(gone) > 1 else ()))


@breaks(COMMENTS)
class FindsWordsOfEditedComments(Words):
    def words(self, old: Task, now: Task, before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
        same = len(now.comments) == len(old.comments) > 0
        return (*after, *before) if same else tuple(after)


@breaks("test_words_that_were_replaced_are_not_found[tags]", "test_words_that_one_commit_replaced_are_not_found[tags]")
class FindsWordsOfTagsThatWereTakenAway(Words):
    def words(self, old: Task, now: Task, before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
        return (*after, *words_of(*old.tags))


@breaks("test_words_that_were_replaced_are_not_found[title]", COMMENTS)
class CountsWordsOfThePast(InMemoryStorage):
    """Finds rightly, and counts whatever was ever said."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[WorkspaceId, int], tuple[str, ...]] = {}

    async def commit(self, changes: Changeset) -> Revision:
        revision = await super().commit(changes)
        here = self._workspaces[changes.workspace]
        for task in (*changes.added, *changes.changed):
            key = (changes.workspace, task.id)
            self._said[key] = (*self._said.get(key, ()), *here.words_of(here.tasks[task.id]))
        return revision

    async def count_tasks(self, workspace: WorkspaceId, filter: Filter | None) -> int:
        everything = self._workspaces[workspace].snapshot().candidates()
        said = (
            (task, replace(facts, words=lambda id_=task.id: self._said[workspace, id_])) for task, facts in everything
        )
        return count_among(said, filter)


INSIDE = "test_words_are_found_in_every_script_and_as_people_type_them"


@breaks(*(f"{INSIDE}[{script}]" for script in ("Thai", "Khmer", "Han", "Hangul", "emoji", "joined", "crossed")))
class FindsOnlyWhatIsBetweenBlanks(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        revision = await super().commit(changes)
        here = self._workspaces[changes.workspace]
        for task in (*changes.added, *changes.changed):
            here._words[task.id] = tuple(f"{task.title} {task.description}".casefold().split())
        return revision


@breaks("test_words_of_a_deleted_task_come_back_with_it_as_they_are_then")
class LosesTheWordsOfRestoredTasks(InMemoryStorage):
    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        found = await super().find_tasks(workspace, query)
        here = self._workspaces[workspace]
        restored = {
            view.id
            for view in found
            if any('"deleted":["' in entry.changes for entry in here.history.since([view.id], 0))
        }
        return found if query.filter is None else [view for view in found if view.id not in restored]


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
