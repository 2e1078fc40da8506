"""The iCalendar properties that a task preserves, read back from its foreign data, which can come from any client."""

import json
import re
from dataclasses import field
from typing import Any, Final, cast

from taskharbor.adapters.interchange.icalendar.alarms import Alarm
from taskharbor.adapters.interchange.icalendar.names import FILED_UNDER
from taskharbor.adapters.interchange.icalendar.originals import without_controls
from taskharbor.adapters.interchange.icalendar.parameters import PreservedParameters, preserved_parameters_from
from taskharbor.application.interchange.fitting import NOT_IN_TEXT
from taskharbor.domain.frozen import frozen
from taskharbor.domain.tasks.foreign_data import ForeignData

_DEEPEST: Final = 2
"""Components in one that is in a VTODO: with more, a calendar would be nested too deep to be read."""

_BREAKS_A_LINE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")

_BREAKS_A_TEXT: Final = re.compile(r"[\x00\x0a\ud800-\udfff]")


@frozen(kw_only=True)
class PreservedProperties:
    """The preserved parts of a task's VTODO.

    Attributes:
        uid: its UID, if that is not the uid.
        properties: content lines.
        components: the lines of components that are no alarms, each from BEGIN to END.
        parameters: of properties that are understood.
        categories: its CATEGORIES, if they have such parameters.
        alarms: the alarms that it came with.
        unread: content lines that could not be read, for as long as the task has nothing else for them.
        originals: content lines by the name and the digest of what they stand for.
        names: what the file calls the tasks that it names, by their uids, if that is not the uid.
        rest: the rest of the description with a digest.
    """

    uid: str | None = None
    properties: list[str] = field(default_factory=list[str])
    components: list[list[str]] = field(default_factory=list[list[str]])
    parameters: list[PreservedParameters] = field(default_factory=list[PreservedParameters])
    categories: list[str] = field(default_factory=list[str])
    alarms: list[Alarm] = field(default_factory=list[Alarm])
    unread: list[str] = field(default_factory=list[str])
    originals: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    names: dict[str, str] = field(default_factory=dict[str, str])
    rest: dict[str, str] = field(default_factory=dict[str, str])


def preserved_from(foreign: ForeignData) -> PreservedProperties:
    """Return the data under `icalendar`; anything not in the reader's form is left out."""
    data: Any = next((json.loads(text) for name, text in foreign if name == FILED_UNDER), None)
    if not isinstance(data, dict):
        return PreservedProperties()
    members = cast("dict[str, Any]", data)
    uid = members.get("uid")
    alarms = [alarm for alarm in _list(members.get("alarms")) if isinstance(alarm, dict)]
    return PreservedProperties(
        uid=uid if isinstance(uid, str) and _is_line(uid) else None,
        properties=[line for line in _list(members.get("properties")) if _is_property(line)],
        components=[part for part in _list(members.get("components")) if _is_component(part)],
        parameters=[
            found for each in _list(members.get("parameters")) if (found := preserved_parameters_from(each)) is not None
        ],
        categories=[line for line in _list(members.get("categories")) if _is_property(line)],
        alarms=[
            {"reminder": alarm.get("reminder"), "lines": lines if _is_whole(lines) else []}
            for alarm in alarms
            for lines in [_list(alarm.get("lines"))]
        ],
        unread=[line for line in _list(members.get("unread")) if _is_property(line)],
        originals=_originals(members.get("originals")),
        names=_texts(members.get("names")),
        rest=_rest(members.get("rest")),
    )


def _originals(value: object) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for each in _list(value):
        if isinstance(each, dict):
            members = cast("dict[str, Any]", each)
            name, digest, original = (members.get(key) for key in ("name", "digest", "line"))
            if isinstance(name, str) and isinstance(digest, str) and _is_property(original) and _names(original, name):
                found[name, digest] = str(original)
    return found


def _names(line: Any, name: str) -> bool:  # noqa: ANN401  # JSON
    return str(line).upper().startswith((f"{name}:", f"{name};"))


def _texts(value: object) -> dict[str, str]:
    members = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    return {uid: name for uid, name in members.items() if isinstance(name, str) and _is_line(name)}


def _rest(value: object) -> dict[str, str]:
    members = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    digest, text = members.get("digest"), members.get("text")
    is_text = isinstance(digest, str) and isinstance(text, str) and not NOT_IN_TEXT.search(text)
    return {str(digest): str(text)} if is_text else {}


def _list(value: Any) -> list[Any]:  # noqa: ANN401  # JSON
    return [*value] if isinstance(value, list) else []


def _is_property(line: object) -> bool:
    """Return whether this is one content line, but for control characters, and neither opens nor closes a component."""
    is_text = isinstance(line, str) and not _BREAKS_A_TEXT.search(line)
    allowed = without_controls(str(line)) if is_text else ""
    return _is_line(allowed) and allowed.partition(":")[0].strip().upper() not in {"BEGIN", "END", ""}


def _is_component(lines: object) -> bool:
    """Return whether these are the lines of one component, and not of one that a reader understands."""
    if not isinstance(lines, list) or len(cast("list[object]", lines)) < 2:  # noqa: PLR2004  # BEGIN and END
        return False
    first, *inner, last = cast("list[object]", lines)
    begin, name = _keyword(first)
    is_other = name not in {"VALARM", "VTODO", "VTIMEZONE", "VCALENDAR", ""}
    return begin == "BEGIN" and _keyword(last) == ("END", name) and is_other and _is_whole(inner)


def _is_whole(lines: list[Any]) -> bool:
    """Return whether these are content lines, and whatever opens is closed again."""
    opened: list[str] = []
    for line in lines:
        keyword, name = _keyword(line)
        if not keyword or len(opened) > _DEEPEST:
            return False
        if keyword == "BEGIN":
            opened.append(name)
        elif keyword == "END" and (not opened or opened.pop() != name):
            return False
    return not opened


def _keyword(line: object) -> tuple[str, str]:
    if not _is_line(line):
        return "", ""
    keyword, _, value = str(line).partition(":")
    return keyword.strip().upper(), value.strip().upper()


def _is_line(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip()) and not _BREAKS_A_LINE.search(text)
