"""Keep filters under names."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from taskharbor.application.ports.record_store import RecordKey, RecordStore, load_record
from taskharbor.application.saved_filters.saved_filter import (
    KIND,
    MAX_SAVED_FILTERS,
    FilterNameTaken,
    FilterNotFound,
    FilterPreconditionFailed,
    SavedFilter,
    filter_name_from,
)
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import INBOX, Revision, WorkspaceId
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.filter_binding import filter_from
from taskharbor.domain.search.mentions import mentions_of
from taskharbor.domain.search.order import order_from
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.text import folded
from taskharbor.domain.values.time_zone import DEFAULT_TIME_ZONE, time_zone_from, zone

_NOTHING: Final = "is required unless q is given"


@frozen(kw_only=True)
class SaveFilter:
    """Keep a new filter."""

    name: str
    filter: str | None = None
    q: str | None = None
    sort: str | None = None
    time_zone: str | None = None


@frozen(kw_only=True)
class ChangeSavedFilter:
    """Give a saved filter the values that are named; the rest stays. `new_name` is the name that it gets."""

    name: str
    new_name: str | Unset = UNSET
    filter: str | Unset | None = UNSET
    q: str | Unset | None = UNSET
    sort: str | Unset | None = UNSET
    time_zone: str | Unset | None = UNSET
    if_match: Revision | None = None


@frozen(kw_only=True)
class DeleteSavedFilter:
    """Forget a saved filter."""

    name: str
    if_match: Revision | None = None


async def save_filter(command: SaveFilter, uow: UnitOfWork) -> SavedFilter:
    """Carry out `command`.

    Raises:
        FilterNameTaken: if there is one of this name.
        InvalidFilter: if the filter cannot be understood; it says at which column.
        InvalidValue: if a value is wrong, or there are 1,000 saved filters already.
    """
    saved = await _checked(
        SavedFilter(
            name=filter_name_from(command.name),
            filter=command.filter,
            q=command.q,
            sort=command.sort,
            time_zone=command.time_zone,
        ),
        uow,
    )
    if await uow.records.find(KIND, saved.key) is not None:
        raise FilterNameTaken(saved.name)
    if len(await uow.records.list_all(KIND)) >= MAX_SAVED_FILTERS:
        raise InvalidValue("name", f"cannot be added: a workspace can hold at most {MAX_SAVED_FILTERS:,} saved filters")
    return await _written(saved, uow)


async def change_saved_filter(command: ChangeSavedFilter, uow: UnitOfWork) -> SavedFilter:
    """Carry out `command`.

    Raises:
        FilterNotFound: if there is none of this name.
        FilterNameTaken: if there is another one of the new name.
        FilterPreconditionFailed: if `if_match` is not its revision.
        InvalidFilter: if the filter cannot be understood; it says at which column.
        InvalidValue: if a value is wrong.
    """
    before = await _found(command.name, uow, command.if_match)
    named = {name: getattr(command, name) for name in ("filter", "q", "sort", "time_zone")}
    after = replace(before, **{name: value for name, value in named.items() if value is not UNSET})
    if command.new_name is not UNSET:
        after = replace(after, name=filter_name_from(command.new_name))
    after = await _checked(after, uow)
    if after == before:
        return before
    if after.key != before.key:
        if await uow.records.find(KIND, after.key) is not None:
            raise FilterNameTaken(after.name)
        await uow.records.remove(KIND, before.key, at=uow.now)
    return await _written(after, uow)


async def delete_saved_filter(command: DeleteSavedFilter, uow: UnitOfWork) -> SavedFilter:
    """Carry out `command`; return the filter as it was.

    Raises:
        FilterNotFound: if there is none of this name.
        FilterPreconditionFailed: if `if_match` is not its revision.
    """
    saved = await _found(command.name, uow, command.if_match)
    await uow.records.remove(KIND, saved.key, at=uow.now)
    return saved


async def find_saved_filter(name: str, uow: UnitOfWork) -> SavedFilter | None:
    """Return the saved filter of this name as a unit of work sees it, or None."""
    record = await uow.records.find(KIND, folded(name))
    return None if record is None or record.document is None else SavedFilter.of(record.document, record.revision)


async def get_saved_filter(name: str, store: RecordStore, workspace: WorkspaceId) -> SavedFilter:
    """Return one saved filter.

    Raises:
        FilterNotFound: if there is none of this name.
        InvalidValue: if it cannot be a name.
    """
    name = filter_name_from(name)
    key = RecordKey(KIND, folded(name))
    record = await load_record(store, workspace, key)
    if record is None or record.document is None:
        raise FilterNotFound(name)
    return SavedFilter.of(record.document, record.revision)


async def list_saved_filters(store: RecordStore, workspace: WorkspaceId) -> Sequence[SavedFilter]:
    """Return all saved filters, in the order of their names."""
    records = await store.list_records(workspace, KIND, after="", limit=MAX_SAVED_FILTERS)
    return [SavedFilter.of(record.document, record.revision) for record in records if record.document is not None]


async def _found(name: str, uow: UnitOfWork, if_match: Revision | None) -> SavedFilter:
    name = filter_name_from(name)
    record = await uow.records.find(KIND, folded(name))
    if record is None or record.document is None:
        raise FilterNotFound(name)
    if if_match is not None and record.revision != if_match:
        raise FilterPreconditionFailed(name, expected=if_match, current=record.revision)
    return SavedFilter.of(record.document, record.revision)


async def _written(saved: SavedFilter, uow: UnitOfWork) -> SavedFilter:
    await uow.records.put(KIND, saved.key, saved.document())
    return saved


async def _checked(saved: SavedFilter, uow: UnitOfWork) -> SavedFilter:
    if saved.filter is None and saved.q is None:
        raise InvalidValue("filter", _NOTHING)
    time_zone = DEFAULT_TIME_ZONE if saved.time_zone is None else time_zone_from("time_zone", saved.time_zone)
    if saved.filter is not None:
        await uow.services.filters.load()
        # Whether lists have the names that it says shows when it is used.
        filter_from(uow.services.filters.read(saved.filter), Viewpoint(uow.now, zone(time_zone)), lambda _: (INBOX,))
    if saved.q is not None:
        mentions_of("q", saved.q)
    if saved.sort is not None:
        order_from(saved.sort)
    return saved
