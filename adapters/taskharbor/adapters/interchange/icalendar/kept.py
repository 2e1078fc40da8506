"""What a task keeps for iCalendar programs, read back from its foreign data, which anybody may have written."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final, cast

from taskharbor.adapters.interchange.icalendar.alarms import Alarm
from taskharbor.adapters.interchange.icalendar.reading import FILED_UNDER
from taskharbor.domain.foreign import Foreign

_BREAKS_A_LINE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a task keeps.

    Attributes:
        uid: its UID, if that is not the uid.
        properties: content lines.
        alarms: the alarms that it came with.
    """

    uid: str | None = None
    properties: list[str] = field(default_factory=list[str])
    alarms: list[Alarm] = field(default_factory=list[Alarm])


def kept_of(foreign: Foreign) -> Kept:
    """Return what is filed under `icalendar`; whatever has not the form that the reader gives it is left out."""
    data: Any = next((json.loads(text) for name, text in foreign if name == FILED_UNDER), None)
    if not isinstance(data, dict):
        return Kept()
    members = cast("dict[str, Any]", data)
    uid = members.get("uid")
    alarms = [alarm for alarm in _list(members.get("alarms")) if isinstance(alarm, dict)]
    return Kept(
        uid=uid if isinstance(uid, str) and _is_line(uid) else None,
        properties=[line for line in _list(members.get("properties")) if _is_property(line)],
        alarms=[
            {
                "reminder": alarm.get("reminder"),
                "lines": [line for line in _list(alarm.get("lines")) if _is_property(line)],
            }
            for alarm in alarms
        ],
    )


def _list(value: Any) -> list[Any]:  # noqa: ANN401  # JSON
    return [*value] if isinstance(value, list) else []


def _is_property(line: object) -> bool:
    """Tell whether this is one content line, and neither opens nor closes a component."""
    return _is_line(line) and str(line).partition(":")[0].strip().upper() not in {"BEGIN", "END", ""}


def _is_line(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip()) and not _BREAKS_A_LINE.search(text)
