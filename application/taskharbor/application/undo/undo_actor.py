"""Undo all that one actor has done in a stretch of time, in one commit."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from taskharbor.application.calls import actor_from
from taskharbor.application.errors import ConcurrentUpdate, StoreNotReady, StoreUnavailable
from taskharbor.application.history.snapshot import AsOf, as_of_from
from taskharbor.application.undo.undo_commit import MayTakeBack, UndoCommit, Undone, undo_commit_at_once
from taskharbor.application.undo.undo_tasks import UndoneTask
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.identifiers import Revision

MAX_LOOKED_AT: Final = 2_000
"""Commits, of whomever, between `since` and `until`: the history has no index of actors, so each is looked at."""

MAX_UNDONE: Final = 200
"""Commits of the actor."""

_AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoActor:
    """Undo the commits of one actor, the latest first, except for what others have changed since.

    Attributes:
        actor: who, as the history calls it; of a token, its member and its name: `ada:laptop`.
        since: commits after this revision or instant.
        until: up to this one, that included; None for all.
        dry_run: whether to find out only what would happen.
    """

    actor: str
    since: AsOf
    until: AsOf | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedUndo:
    """A commit that could not be undone at all.

    Attributes:
        revision: which one.
        code: why, for programs.
        why: the same for people.
    """

    revision: Revision
    code: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorUndone(Undone):
    """What was undone, and what was not.

    Attributes:
        commits: the commits that were undone, the latest first, even if nothing of them was left.
        refused: those that could not be undone at all.
    """

    commits: list[Revision] = field(default_factory=list[Revision])
    refused: list[RefusedUndo] = field(default_factory=list[RefusedUndo])


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorUndoOutcome(ActorUndone):
    """What became of it.

    Attributes:
        revision: the revision of the undo, which can itself be undone. None if there was nothing to undo, or in a dry
            run.
    """

    revision: Revision | None


async def undo_actor(command: UndoActor, uow: UnitOfWork, may_take_back: MayTakeBack) -> ActorUndone:
    """Carry out `command`.

    Raises:
        InvalidValue: for `actor`, `since` or `until`; also if there are too many commits in between, or of the actor.
        PermissionDenied: if the actor is another one, and the caller is no owner.
    """
    actor = actor_from(command.actor)
    if actor != uow.actor:
        uow.principal.require(Permission.MANAGE)
    undone = ActorUndone(undone=[], conflicts=[])
    fields: dict[int, set[str]] = {}
    for revision in await _commits_of(actor, command, uow):
        beginning = uow.bookmark()
        try:
            part = await undo_commit_at_once(UndoCommit(revision=revision), uow, may_take_back)
        except (ConcurrentUpdate, StoreNotReady, StoreUnavailable):
            raise
        except TaskharborError as refusal:
            uow.return_to(beginning)
            undone.refused.append(RefusedUndo(revision=revision, code=refusal.code, why=str(refusal)))
            continue
        undone.commits.append(revision)
        for one in part.undone:
            fields.setdefault(one.task, set()).update(one.fields)
        undone.conflicts.extend(part.conflicts)
        undone.records.extend(part.records)
        undone.record_conflicts.extend(part.record_conflicts)
    undone.undone.extend(UndoneTask(task, sorted(names)) for task, names in sorted(fields.items()))
    return undone


async def _commits_of(actor: str | None, command: UndoActor, uow: UnitOfWork) -> list[Revision]:
    """Return the commits of the actor in the stretch, the latest first."""
    last = (await uow.store.read_history_bounds(uow.workspace)).revision
    first = await _revision_at(command.since, "since", last, uow) + 1
    end = last if command.until is None else await _revision_at(command.until, "until", last, uow)
    if end - first >= MAX_LOOKED_AT:
        reason = f"must leave at most {MAX_LOOKED_AT} commits up to until, not {end - first + 1}"
        raise InvalidValue("since", reason)
    found: list[Revision] = []
    for start in range(end, first - 1, -_AT_ONCE):
        revisions = range(start, max(start - _AT_ONCE, first - 1), -1)
        commits = await asyncio.gather(*(uow.store.list_commit(uow.workspace, revision) for revision in revisions))
        found += [
            revision
            for revision, entries in zip(revisions, commits, strict=True)
            if entries and entries[0].actor == actor
        ]
    if len(found) > MAX_UNDONE:
        raise InvalidValue("since", f"must leave at most {MAX_UNDONE} commits of the actor, not {len(found)}")
    return found


async def _revision_at(moment: AsOf, name: str, last: Revision, uow: UnitOfWork) -> Revision:
    try:
        found = as_of_from(moment)
    except InvalidValue as invalid:
        raise InvalidValue(name, invalid.reason) from None
    if isinstance(found, datetime):
        return await uow.store.find_revision(uow.workspace, found)
    if found > last:
        raise InvalidValue(name, f"is revision {found}, but the workspace is at revision {last}")
    return found
