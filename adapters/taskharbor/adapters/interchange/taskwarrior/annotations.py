"""`annotations` of Taskwarrior as comments."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from taskharbor.adapters.interchange.taskwarrior.dates import date_of
from taskharbor.application.interchange.fitting import fitted_text
from taskharbor.application.ports.interchange import CommentDraft
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.comment import MAX_COMMENT_LENGTH


def comments_from(annotations: Sequence[Any], place: str) -> tuple[tuple[CommentDraft, ...], list[str]]:
    """Return the comments that annotations are, and remarks on those that are not as they came."""
    found: list[CommentDraft] = []
    remarks: list[str] = []
    for at, annotation in enumerate(annotations):
        members = cast("Mapping[str, Any]", annotation) if isinstance(annotation, Mapping) else {}
        text = members.get("description")
        fitting = fitted_text(text.strip(), MAX_COMMENT_LENGTH).strip() if isinstance(text, str) else ""
        entry = _entry(members)
        if fitting:
            found.append(CommentDraft(text=fitting, created=entry))
            if entry is None and "entry" in members:
                remarks.append(f"{place} (annotations[{at}]): its entry is no date: left out")
        if not isinstance(text, str) or fitting != text.strip():
            done = "cut, or without its control characters" if fitting else "left out"
            remarks.append(f"{place} (annotations[{at}]): {done}")
    return tuple(found), remarks


def _entry(members: Mapping[str, Any]) -> datetime | None:
    try:
        return date_of("annotations", members["entry"]) if "entry" in members else None
    except InvalidValue:
        return None
