"""The answers of use cases as JSON, and back, so that they can be given once more.

A result is encoded before the commit, whose revision is not known yet. `THIS_COMMIT` stands in its place, until the
answer is read.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, TypeAlias, cast

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.idempotency.stored_names import ANSWER_NAMES, answer_type
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import Revision

JsonValue: TypeAlias = Any
"""A JSON value. A list or a plain value stands for itself; all else is an object with one member, which says what."""

THIS_COMMIT: Final[Revision] = -1
"""Stands for the revision of the commit to which the answer belongs. Nothing else has it."""


def answer_as_json(answer: object) -> JsonValue:  # noqa: PLR0911  # a line for each kind
    """Return `answer` as JSON: views, data classes, errors and values, in lists or not.

    Raises:
        TypeError: if there is something else in it.
    """
    match answer:
        case None | str() | bool() | int() | float() if not isinstance(answer, Enum):
            return answer
        case list():
            return [answer_as_json(item) for item in cast("list[object]", answer)]
        case tuple():
            return {"tuple": [answer_as_json(item) for item in cast("tuple[object, ...]", answer)]}
        case Mapping():
            members = cast("Mapping[str, object]", answer)
            return {"object": {name: answer_as_json(member) for name, member in members.items()}}
        case datetime():
            return {"datetime": answer.isoformat()}
        case date():
            return {"date": answer.isoformat()}
        case TaskView():
            return {"task": [answer.document, answer.blocked, answer.revision]}
        case TaskharborError():
            return {_name_of(answer): [answer_as_json(answer.args), answer_as_json(vars(answer))]}
        case _ if is_dataclass(answer):
            members = {field.name: answer_as_json(getattr(answer, field.name)) for field in fields(answer)}
            return {_name_of(answer): members}
        case _:
            raise TypeError(f"{type(answer).__name__} is no part of an answer that can be given again")


def answer_from(data: JsonValue, revision: Revision) -> Any:  # noqa: ANN401, PLR0911  # as various as the use cases
    """Return the answer that belongs to the commit with this revision."""
    if isinstance(data, list):
        return [answer_from(item, revision) for item in data]
    if not isinstance(data, dict):
        return data
    [(kind, content)] = cast("dict[str, JsonValue]", data).items()
    match kind:
        case "tuple":
            return tuple(answer_from(item, revision) for item in content)
        case "object":
            return {name: answer_from(member, revision) for name, member in content.items()}
        case "datetime":
            return datetime.fromisoformat(content)
        case "date":
            return date.fromisoformat(content)
        case "task":
            document, blocked, seen = content
            return TaskView(document, revision if seen == THIS_COMMIT else seen, blocked=blocked)
        case _:
            return _instance_of(answer_type(kind), content, revision)


def _instance_of(made: type[Any], content: JsonValue, revision: Revision) -> object:
    if issubclass(made, TaskharborError):
        args, attributes = (answer_from(part, revision) for part in content)
        error = made.__new__(made, *args)
        vars(error).update(attributes)
        return error
    members = {name: answer_from(member, revision) for name, member in content.items()}
    if members.get("revision") == THIS_COMMIT:
        members["revision"] = revision
    return made(**members)


def _name_of(answer: object) -> str:
    name = ANSWER_NAMES.get(type(answer))
    if name is None:
        raise TypeError(f"{type(answer).__name__} is no part of an answer that can be given again")
    return name
