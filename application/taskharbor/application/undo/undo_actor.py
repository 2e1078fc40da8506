"""Undo all that one actor has done in a stretch of time, in one commit."""

import asyncio
from dataclasses import field
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
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision

PATIENCE: Final = 5.0
"""Seconds for which commits are looked at: the history has no index of actors, so each of whomever is."""

MAX_UNDONE: Final = 1000
"""Commits of the actor that are undone at once, as many as a batch has commands: a second of the processor's time."""

_AT_ONCE: Final = 20


@frozen(kw_only=True)
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


@frozen(kw_only=True)
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


@frozen(kw_only=True)
class ActorUndone(Undone):
    """What was undone, and what was not.

    Attributes:
        commits: the commits that were undone, the latest first, even if nothing of them was left.
        refused: those that could not be undone at all.
        continue_until: None if all were looked at. Else those up to this revision were not, since it would have taken
            too long, or the actor has made too many: another undo with it as `until` goes on.
    """

    commits: list[Revision] = field(default_factory=list[Revision])
    refused: list[RefusedUndo] = field(default_factory=list[RefusedUndo])
    continue_until: Revision | None = None


@frozen(kw_only=True)
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
        InvalidValue: for `actor`, `since` or `until`.
        PermissionDenied: if the actor is another one, and the caller is no owner.
    """
    actor = actor_from(command.actor)
    if actor != uow.actor:
        uow.principal.require(Permission.MANAGE)
    commits, continue_until = await _commits_of(actor, command, uow)
    undone = ActorUndone(undone=[], conflicts=[], continue_until=continue_until)
    fields: dict[int, set[str]] = {}
    for revision in commits:
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


async def _commits_of(actor: str | None, command: UndoActor, uow: UnitOfWork) -> tuple[list[Revision], Revision | None]:
    """Return the commits of the actor in the stretch, the latest first, and up to where others may be left."""
    bounds = await uow.store.read_history_bounds(uow.workspace)
    first = await _revision_at(command.since, "since", bounds.revision, uow) + 1
    end = bounds.revision
    if command.until is not None:
        end = await _revision_at(command.until, "until", bounds.revision, uow)
    first = max(first, bounds.forgotten_revision + 1)
    found: list[Revision] = []
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while end >= first:
        revisions = range(end, max(end - _AT_ONCE, first - 1), -1)
        commits = await asyncio.gather(*(uow.store.list_commit(uow.workspace, revision) for revision in revisions))
        for revision, entries in zip(revisions, commits, strict=True):
            if entries and entries[0].actor == actor:
                found.append(revision)
                if len(found) == MAX_UNDONE:
                    return found, revision - 1 if revision > first else None
        end = revisions[-1] - 1
        if end >= first and asyncio.get_running_loop().time() > deadline:
            return found, end
    return found, None


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
