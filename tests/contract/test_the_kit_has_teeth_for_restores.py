"""Stores that cannot tell a commit from one of the same number, and the promise that finds each out."""

import copy
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.memory.workspace import InMemoryWorkspace
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.storage import Storage
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.testing import RestoreContract
from teeth import KeptBy, Outcomes, Teeth

LAST = "test_the_feed_says_when_the_last_commit_was_made"
SEEN = "test_the_feed_says_when_the_commit_was_made_that_a_caller_has_seen"
UNTOLD = "test_a_commit_that_the_history_does_not_tell_has_the_time_of_the_one_before"
PURGED = "test_a_deletion_that_was_purged_still_has_its_time"
LOST = "test_tokens_of_commits_that_the_workspace_does_not_have_are_refused"
GOOD = "test_a_token_is_good_until_what_was_deleted_since_is_purged"
RESTORED = "test_tokens_and_cursors_of_lost_commits_are_refused_also_once_the_revisions_have_caught_up"

TEETH = Teeth(globals())
breaks = TEETH.breaks


class Feeds(InMemoryStorage):
    """Says of the commits what `said` makes of it."""

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        return self.said(await super().list_changes(workspace, after=after, limit=limit), after)

    def said(self, found: ChangeSlice, after: Position) -> ChangeSlice:
        raise NotImplementedError


@breaks(LAST, SEEN, LOST)
class SaysNothing(Feeds):
    def said(self, found: ChangeSlice, after: Position) -> ChangeSlice:
        return replace(found, at=None, seen_at=None)


@breaks(LAST, SEEN, LOST)
class SaysWhenItWasAsked(Feeds):
    def said(self, found: ChangeSlice, after: Position) -> ChangeSlice:
        return replace(found, at=datetime.now(UTC), seen_at=datetime.now(UTC))


@breaks(SEEN, LOST)
class SaysTheLastForEach(Feeds):
    def said(self, found: ChangeSlice, after: Position) -> ChangeSlice:
        return replace(found, seen_at=found.at)


@breaks(LAST)
class SaysItToTheSecond(Feeds):
    def said(self, found: ChangeSlice, after: Position) -> ChangeSlice:
        return replace(found, at=found.at and found.at.replace(microsecond=0))


@breaks(UNTOLD)
class KnowsJustThatRevision(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        found = await super().list_changes(workspace, after=after, limit=limit)
        entries = [] if after.seen is None else await self.list_commit(workspace, after.seen)
        return replace(found, seen_at=entries[0].at if entries else None)


@breaks(SEEN)
class KnowsThePlaceOnly(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        place = after if after.seen is None else replace(after, seen=after.revision)
        return await super().list_changes(workspace, after=place, limit=limit)


@breaks(PURGED, GOOD)
class PurgesTheTimeToo(InMemoryStorage):
    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        gone = await super().purge(workspace, cutoffs, limit=limit)
        kept = self._workspaces[workspace]
        kept.extent = replace(kept.extent, purged_at=None)
        return gone


class Kept(Feeds):
    """Outlives its closing."""

    def __init__(self, place: defaultdict[WorkspaceId, InMemoryWorkspace]) -> None:
        super().__init__()
        self._workspaces = place

    async def aclose(self) -> None:
        pass

    def said(self, found: ChangeSlice, after: Position) -> ChangeSlice:
        return found


class CountsOnly(Kept):
    """Believes that a number says which commit it was."""

    def said(self, found: ChangeSlice, after: Position) -> ChangeSlice:
        return replace(found, at=None, seen_at=None)


class KeptContract(RestoreContract):
    store: type[Kept] = Kept

    @pytest.fixture
    def place(self) -> defaultdict[WorkspaceId, InMemoryWorkspace]:
        return defaultdict(InMemoryWorkspace)

    @pytest.fixture
    def reopen(self, place: defaultdict[WorkspaceId, InMemoryWorkspace]) -> Callable[[], Storage]:
        return lambda: self.store(place)

    @pytest.fixture
    def back_up(self, place: defaultdict[WorkspaceId, InMemoryWorkspace]) -> Callable[[], Callable[[], None]]:
        def back_up() -> Callable[[], None]:
            backup = copy.deepcopy(dict(place))

            def restore() -> None:
                place.clear()
                place.update(backup)

            return restore

        return back_up


class ContractOfKept(KeptContract):
    pass


class ContractOfCountsOnly(KeptContract):
    store = CountsOnly


TEETH.expected.append(("ContractOfCountsOnly", RESTORED))


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"


def test_a_store_that_is_put_back_keeps_every_promise(kept_by: KeptBy) -> None:
    assert set(kept_by("ContractOfKept").values()) == {"kept"}
