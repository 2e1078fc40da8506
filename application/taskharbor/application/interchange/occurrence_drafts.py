"""Which occurrence a draft is, whatever the form in which its file says so: the same instant is the same occurrence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from taskharbor.application.interchange.occurrence_names import occurrences_there, other_names, rest_of
from taskharbor.application.interchange.resume_series import draft_recurrence
from taskharbor.application.interchange.series_exceptions import ended_before
from taskharbor.application.ports.interchange import TaskDraft
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.recurrence.occurrence import occurrence_uid
from taskharbor.domain.recurrence.recurrence import Recurrence, in_form_of, is_same_kind, wall_of
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import CalendarTime
from taskharbor.domain.values.uid import Uid


async def identified(drafts: Sequence[TaskDraft], uow: UnitOfWork) -> list[TaskDraft]:
    """Return drafts, those of occurrences with the uid that completing them here would give them.

    One that is there under another name, as it came before its series did, keeps that.
    """
    series = {draft.occurrence_of[0] for draft in drafts if draft.occurrence_of is not None}
    if not series:
        return list(drafts)
    firsts = await _firsts(series, drafts, uow)
    stated = [_identified(draft, firsts) for draft in drafts]
    there = await uow.tasks.find_uids({draft.uid for draft in (*stated, *drafts)})
    others = await other_names([draft.uid for draft in stated if draft.occurrence_of and draft.uid not in there], uow)
    return [
        replace(other, uid=others[other.uid])
        if other.uid in others
        else other
        if other.uid in there or draft.uid not in there
        else draft
        for draft, other in zip(drafts, stated, strict=True)
    ]


async def with_exceptions(draft: TaskDraft, task: Task, uow: UnitOfWork) -> TaskDraft:
    """Return what a file says of a series, with those EXDATEs that stand here for tasks in the place of occurrences.

    A task that has taken over the rest of a series keeps that as well.
    """
    if draft.and_following and draft.changes.recurrence is None and task.recurrence is not None:
        changes = replace(draft.changes, recurrence=UNSET)
        if changes.start is None and changes.due is None:  # it begins where the rest of the series does
            changes = replace(changes, start=UNSET, due=UNSET)
        return replace(draft, changes=changes)
    stated, recurrence = draft_recurrence(draft), task.recurrence
    if stated is None or recurrence is None or not is_same_kind(stated.first, recurrence.first):
        return draft
    ended = await _without_the_rest(draft.uid, stated, uow)
    uids = {occurrence_uid(draft.uid, each): each for each in recurrence.exdate if each not in ended.exdate}
    there = await occurrences_there(uids, uow)
    if not there and ended is stated:
        return draft
    members = dict(draft.changes.recurrence) if isinstance(draft.changes.recurrence, Mapping) else stated.as_json()
    if ended is not stated:
        members |= {"rrule": ended.rule and ended.rule.text, "rdate": [each.as_json() for each in ended.rdate]}
    dates = sorted({*ended.exdate, *(uids[uid] for uid in there)}, key=wall_of)
    members["exdate"] = [each.as_json() for each in dates]
    return replace(draft, changes=replace(draft.changes, recurrence=members))


async def _without_the_rest(series: Uid, stated: Recurrence, uow: UnitOfWork) -> Recurrence:
    """Return what a file says of a series, up to where another task has taken over."""
    name = rest_of(series)
    uid = (await other_names([name], uow)).get(name)
    rest = None if uid is None else await uow.tasks.find_by_uid(uid)
    if rest is None or rest.is_deleted or rest.occurrence_of is None:
        return stated
    ended = ended_before(stated, rest.occurrence_of.recurrence_id, uow.services.occurrences)
    return stated if ended.rule is None and not ended.rdate else ended


async def _firsts(series: set[Uid], drafts: Sequence[TaskDraft], uow: UnitOfWork) -> dict[Uid, CalendarTime]:
    ids = await uow.tasks.find_uids(series)
    await uow.tasks.prefetch(ids.values())
    tasks = [await uow.tasks.find(id_) for id_ in ids.values()]
    firsts = {task.uid: task.recurrence.first for task in tasks if task and task.recurrence}
    stated = {draft.uid: found.first for draft in drafts if draft.uid in series and (found := draft_recurrence(draft))}
    return stated | firsts


def _identified(draft: TaskDraft, firsts: Mapping[Uid, CalendarTime]) -> TaskDraft:
    if draft.occurrence_of is None or draft.occurrence_of[0] not in firsts:
        return draft
    series, stated = draft.occurrence_of
    if draft.uid != occurrence_uid(series, stated):  # it has a name of its own
        return draft
    recurrence_id = in_form_of(firsts[series], stated)
    return replace(draft, uid=occurrence_uid(series, recurrence_id), occurrence_of=(series, recurrence_id))
