"""From a problem document (RFC 9457) to the error that the use case raised."""

import inspect
import re
from collections.abc import Mapping
from typing import Any, Final

from taskharbor.application.errors import BatchRefused, ListPreconditionFailed, PreconditionFailed
from taskharbor.application.idempotency.stored_names import ANSWER_NAMES
from taskharbor.application.interchange.import_report import Finding, ImportRefused, ImportReport
from taskharbor.application.saved_filters.saved_filter import FilterPreconditionFailed
from taskharbor.application.search.change_matching import MatchRefused
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.frozen import frozen
from taskharbor.domain.search.filter_ast import InvalidFilter
from taskharbor.domain.values.instant import instant_of
from taskharbor.entrypoints.client.errors import RequestRefused

Problem = Mapping[str, Any]
"""A problem document."""

_SPECIAL: Final = (
    BatchRefused,
    FilterPreconditionFailed,
    ImportRefused,
    InvalidFilter,
    InvalidValue,
    ListPreconditionFailed,
    MatchRefused,
    PreconditionFailed,
)
_BY_CODE: Final[Mapping[str, type[TaskharborError]]] = {
    error.code: error for error in ANSWER_NAMES if issubclass(error, TaskharborError) and error not in _SPECIAL
}
_INSTANTS: Final = frozenset({"until"})
"""Attributes of errors that are instants."""

_COMMAND: Final = re.compile(r"body\.commands\[(\d+)\]\.?")
_REFUSED: Final = re.compile(r"Command \d+ was refused: ")
_REJECTED: Final = re.compile(r"Task (\d+) rejected the change, so no task was changed: ")


@frozen
class Asked:
    """What is known of a request whose answer is a problem.

    Attributes:
        subject: what it was about: `task`, `list` or `filter`.
        values: its values by the names that errors give them.
        in_batch: the values of each command of a batch; None of other requests.
    """

    subject: str
    values: Mapping[str, Any]
    in_batch: tuple[Mapping[str, Any], ...] | None = None


def error_of(problem: Problem, asked: Asked) -> TaskharborError:
    """Return the error that a server has answered with."""
    if asked.in_batch is None:
        return _error(problem, asked)
    place = _COMMAND.match(_location(problem))
    if place is None:
        return _error(problem, asked)
    number = int(place[1])
    refusal = {**problem, "detail": _REFUSED.sub("", problem["detail"], count=1)}
    return BatchRefused(number, _error(refusal, Asked(asked.subject, asked.in_batch[number])))


def _error(problem: Problem, asked: Asked) -> TaskharborError:
    rejected = _REJECTED.match(problem["detail"])
    if rejected:
        refusal = {**problem, "detail": problem["detail"][rejected.end() :]}
        return MatchRefused(int(rejected[1]), _plain(refusal, Asked("task", {"task_id": int(rejected[1])})))
    return _plain(problem, asked)


def _plain(problem: Problem, asked: Asked) -> TaskharborError:
    code = problem["code"]
    if code == InvalidValue.code and problem.get("errors"):
        return _invalid(problem["errors"][0])
    if code == ImportRefused.code:
        return _import_refused(problem)
    if code == PreconditionFailed.code:
        return _precondition_failed(asked)
    error = _BY_CODE.get(code)
    if error is None:
        return RequestRefused(problem["status"], code, problem["detail"])
    return _made(error, problem["detail"], {**asked.values, **problem.get("values", {})})


def _made(error: type[TaskharborError], sentence: str, values: Mapping[str, Any]) -> TaskharborError:
    """Return an error with its sentence; it has the attributes that its constructor takes."""
    made = error.__new__(error, sentence)
    for name in list(inspect.signature(error.__init__).parameters)[1:]:
        value = values.get(name)
        if name in _INSTANTS and value is not None:
            value = instant_of(value)
        vars(made)[name] = tuple(value) if isinstance(value, list) else value
    return made


def _invalid(place: Mapping[str, Any]) -> InvalidValue:
    location = _COMMAND.sub("", place["location"]) or place["location"]
    field = location.removeprefix("body.").removeprefix("query.").removeprefix("path.")
    if place.get("column") is None:
        return InvalidValue(field, place["message"])
    sentence = place["message"]
    return InvalidFilter(sentence.removeprefix(f"column {place['column']}: "), column=place["column"])


def _import_refused(problem: Problem) -> ImportRefused:
    found = [Finding(each["location"].removeprefix("body: "), each["message"]) for each in problem["errors"]]
    return ImportRefused(ImportReport(refused=problem.get("values", {}).get("refused", len(found)), problems=found))


def _precondition_failed(asked: Asked) -> TaskharborError:
    values = asked.values
    revisions = {"expected": values.get("expected", 0), "current": values.get("current", 0)}
    if asked.subject == "list":
        return ListPreconditionFailed(values["list_id"], **revisions)
    if asked.subject == "filter":
        return FilterPreconditionFailed(values["name"], **revisions)
    return PreconditionFailed(values["task_id"], **revisions)


def _location(problem: Problem) -> str:
    errors = problem.get("errors") or [{"location": ""}]
    location: str = errors[0]["location"]
    return location
