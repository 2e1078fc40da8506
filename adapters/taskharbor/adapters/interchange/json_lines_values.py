"""Members of a line of JSON Lines that are no fields of a task as the API has them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from taskharbor.application.interchange.fitting import fitted_line
from taskharbor.application.ports.interchange import CommentDraft
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.recurrence.occurrence import occurrence_of_from
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import CalendarTime
from taskharbor.domain.values.instant import instant_as_json, instant_of
from taskharbor.domain.values.primitives import integer_from, list_from, object_from, string_from
from taskharbor.domain.values.uid import Uid, uid_named

_COMMENT: Final = ("id", "text", "author", "created", "updated")


def occurrence_from(members: Mapping[str, Any]) -> tuple[Uid, CalendarTime] | None:
    """Return of which series a task is which occurrence, or None.

    Raises:
        InvalidValue: for the member.
    """
    series, occurrence = members.get("occurrence_of_uid"), members.get("occurrence_of")
    if series is None or occurrence is None:
        return None
    found = occurrence_of_from("occurrence_of", occurrence)
    return uid_named(string_from("occurrence_of_uid", series)), found.recurrence_id


def last_comment_id_from(members: Mapping[str, Any]) -> int:
    """Return the highest number that a comment has had.

    Raises:
        InvalidValue: for the member.
    """
    return integer_from("last_comment_id", members.get("last_comment_id", 0), least=0, most=MAX_ID)


def list_name_from(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Return the name of a list, as much of it as one can have, None for the inbox.

    Raises:
        InvalidValue: for the member.
    """
    return value if value is None or value is UNSET else fitted_line(string_from("list_name", value)) or None


def uids_from(value: object) -> tuple[Uid, ...]:
    """Return uids.

    Raises:
        InvalidValue: for the member.
    """
    return tuple(
        uid_named(string_from("depends_on_uids", item)) for item in list_from("depends_on_uids", value, most=1000)
    )


def comments_from(value: object) -> tuple[CommentDraft, ...]:
    """Return comments.

    Raises:
        InvalidValue: for the member.
    """
    found: list[CommentDraft] = []
    for place, item in enumerate(list_from("comments", value, most=1000)):
        field = f"comments[{place}]"
        members = object_from(field, item, _COMMENT)
        number, author = members.get("id"), members.get("author")
        found.append(
            CommentDraft(
                text=string_from(f"{field}.text", members.get("text")),
                author=None if author is None else string_from(f"{field}.author", author),
                created=instant_from(members, "created"),
                updated=instant_from(members, "updated"),
                id=number if isinstance(number, int) and not isinstance(number, bool) else None,
            )
        )
    return tuple(found)


def instant_from(members: Mapping[str, Any], name: str) -> datetime | None:
    """Return the instant of a member, or None if there is none.

    Raises:
        InvalidValue: for the member.
    """
    text = members.get(name)
    if text is None:
        return None
    try:
        found = instant_of(string_from(name, text))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not UTC or instant_as_json(found) != text:
        raise InvalidValue(name, "must be an instant in UTC such as 2026-12-01T09:00:00.123456Z")
    return found
