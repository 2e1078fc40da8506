"""The commands on lists and saved filters that the body of a batch can hold."""

from typing import Annotated, Final, Literal, NotRequired

from pydantic import Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from taskharbor.entrypoints.http.batch.task_commands import Number
from taskharbor.entrypoints.http.schemas.bodies import STRICT, ChangeListBody, CreateListBody
from taskharbor.entrypoints.http.search.bodies import (
    FilterSort,
    FilterText,
    FilterTimeZone,
    FilterWords,
    NewFilterBody,
)


class _OfList(TypedDict):
    id: Annotated[Number, Field(description="The number of the list.")]
    if_match: NotRequired[
        Annotated[Number, Field(description="Refuse the command unless this is the revision of the list.")]
    ]


class _OfFilter(TypedDict):
    if_match: NotRequired[
        Annotated[Number, Field(description="Refuse the command unless this is the revision of the filter.")]
    ]


@with_config(STRICT)
class CreateListCommand(CreateListBody):
    """Make a list."""

    command: Literal["create-list"]


@with_config(STRICT)
class ChangeListCommand(ChangeListBody, _OfList):
    """Give a list the values that are named; the rest stays."""

    command: Literal["change-list"]


@with_config(STRICT)
class DeleteListCommand(_OfList):
    """Delete a list that was archived before the batch, and at most 500 tasks in it, or move those."""

    command: Literal["delete-list"]
    move_to: NotRequired[Annotated[Number, Field(description="The list to move its tasks to.")]]
    tasks: NotRequired[Annotated[Literal["delete"], Field(description="Instead of `move_to`: delete its tasks.")]]


@with_config(STRICT)
class SaveFilterCommand(NewFilterBody):
    """Keep a filter under a name."""

    command: Literal["save-filter"]


@with_config(STRICT)
class ChangeFilterCommand(_OfFilter):
    """Give a saved filter the values that are named; the rest stays."""

    command: Literal["change-filter"]
    name: Annotated[str, Field(description="Which filter.")]
    new_name: NotRequired[Annotated[str, Field(description="Its new name.")]]
    filter: NotRequired[FilterText | None]
    q: NotRequired[FilterWords | None]
    sort: NotRequired[FilterSort | None]
    time_zone: NotRequired[FilterTimeZone | None]


@with_config(STRICT)
class DeleteFilterCommand(_OfFilter):
    """Forget a saved filter."""

    command: Literal["delete-filter"]
    name: Annotated[str, Field(description="Which filter.")]


CREATE_LIST_COMMAND: Final = TypeAdapter(CreateListCommand)
CHANGE_LIST_COMMAND: Final = TypeAdapter(ChangeListCommand)
DELETE_LIST_COMMAND: Final = TypeAdapter(DeleteListCommand)
SAVE_FILTER_COMMAND: Final = TypeAdapter(SaveFilterCommand)
CHANGE_FILTER_COMMAND: Final = TypeAdapter(ChangeFilterCommand)
DELETE_FILTER_COMMAND: Final = TypeAdapter(DeleteFilterCommand)
