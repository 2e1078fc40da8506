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
        fitting = _fitting(text) if isinstance(text, str) else ""
        entry = _entry(members)
        if fitting:
            found.append(CommentDraft(text=fitting, created=entry))
            if entry is None and "entry" in members:
                remarks.append(f"{place} (annotations[{at}]): its entry is no date: kept, and not read")
        if not isinstance(text, str) or fitting != text.strip():
            done = "cut, or without its control characters" if fitting else "left out"
            remarks.append(f"{place} (annotations[{at}]): {done}: kept")
    return tuple(found), remarks


def texts_by_comment(annotations: Sequence[Any]) -> dict[str, str]:
    """Return the texts of annotations by those of the comments that they are."""
    members = [cast("Mapping[str, Any]", each) for each in annotations if isinstance(each, Mapping)]
    texts = [each.get("description") for each in members]
    return {_fitting(text): text for text in texts if isinstance(text, str)}


def _fitting(text: str) -> str:
    return fitted_text(text.strip(), MAX_COMMENT_LENGTH).strip()


def _entry(members: Mapping[str, Any]) -> datetime | None:
    try:
        return date_of("annotations", members["entry"]) if "entry" in members else None
    except InvalidValue:
        return None
