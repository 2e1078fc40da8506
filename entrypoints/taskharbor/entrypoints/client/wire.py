"""Commands and their values as a server reads them."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, Field, fields
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Final, cast
from uuid import UUID

from taskharbor.application.batch.references import ByName
from taskharbor.application.batch.run_batch import Command, RunBatch
from taskharbor.application.claims.claim_next import ClaimNext
from taskharbor.application.commands.registry import COMMANDS
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList
from taskharbor.application.progress.advance_series import OccurrenceInput
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.filter import checked
from taskharbor.domain.values.calendar_time import calendar_time_from
from taskharbor.entrypoints.client.filter_text import filter_text

Members = dict[str, Any]
"""The members of a JSON object."""

_PLAIN: Final = (str, int, float, bool, type(None))


def named_members(command: Any) -> Members:  # noqa: ANN401  # any command or query: a dataclass
    """Return the fields of a command that say something, in wire form; those with their default values say nothing."""
    given = {field.name: getattr(command, field.name) for field in fields(command)}
    defaults = {field.name: _default_of(field) for field in fields(command)}
    return {name: wire_form(value, name) for name, value in given.items() if value is not defaults[name]}


def body_of(command: Any) -> Members:  # noqa: ANN401  # as above
    """Return a command as the JSON object that describes it, to a server or in a batch."""
    if isinstance(command, RunBatch):
        return named_members_but(command, "commands") | {"commands": [_entry(one) for one in command.commands]}
    if isinstance(command, ChangeMatching):
        whole = named_members_but(command, "question", "changes")
        return whole | criteria_of(command.question) | {"changes": named_members(command.changes)}
    if isinstance(command, ClaimNext):
        return criteria_of(command) | named_members_but(command, *_CRITERIA)
    members = named_members(command)
    if "occurrence" in members:
        members["occurrence"] = _occurrence_text(command.occurrence)
    if isinstance(command, DeleteList) and members.pop("delete_tasks", False):
        members["tasks"] = "delete"
    return members


def criteria_of(question: TaskCriteria) -> Members:
    """Return which tasks are meant.

    Raises:
        InvalidValue: for a filter that has no text.
    """
    given = {name: getattr(question, name) for name in _CRITERIA}
    if question.filter is not None and not isinstance(question.filter, str):
        given["filter"] = filter_text(checked(question.filter))
    return {name: wire_form(value, name) for name, value in given.items() if value is not None}


def text_of(value: object) -> str:
    """Return a value as a parameter of a query has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(wire_form(value, "query"))


def wire_form(value: Any, name: str) -> Any:  # noqa: ANN401, PLR0911  # JSON has no type; a line for each kind
    """Return a value as JSON has it.

    Raises:
        InvalidValue: for the field of this name, if JSON has none such.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, timedelta):
        return f"PT{round(value.total_seconds())}S"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if hasattr(value, "as_json"):
        return value.as_json()
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value)
        return {key: wire_form(member, name) for key, member in members.items()}
    if isinstance(value, Sequence | AbstractSet):
        return [wire_form(item, name) for item in cast("Sequence[object]", value)]
    raise InvalidValue(name, f"cannot be a {type(value).__name__}")


def named_members_but(command: Any, *left_out: str) -> Members:  # noqa: ANN401  # as above
    """Return what `named_members` does, without some fields."""
    defaults = {field.name: _default_of(field) for field in fields(command) if field.name not in left_out}
    given = {name: getattr(command, name) for name in defaults}
    return {name: wire_form(value, name) for name, value in given.items() if value is not defaults[name]}


def _entry(entry: Command | ByName) -> Members:
    if not isinstance(entry, ByName):
        return {"command": COMMANDS[type(entry)].wire, **body_of(entry)}
    members = _entry(entry.command)
    named = named_members_but(entry, "command")
    if isinstance(entry.command, ChangeMatching):
        return members | {"changes": members["changes"] | named}
    if isinstance(entry.command, ChangeList | DeleteList) and "list" in named:
        named["id"] = named.pop("list")
    if "uid" in named:
        del members["id"]
    return members | named


def _occurrence_text(occurrence: OccurrenceInput) -> str:
    """Return which occurrence is meant, by the clock of its task."""
    return occurrence if isinstance(occurrence, str) else calendar_time_from("occurrence", occurrence).local


def _default_of(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()


_CRITERIA: Final = tuple(field.name for field in fields(TaskCriteria))
