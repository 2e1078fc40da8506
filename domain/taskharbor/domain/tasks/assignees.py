"""Who is to do a task: JSCalendar participants with the role `owner`, RFC 8984 section 4.4.6, by the ids of members."""

from typing import Final, TypeAlias

from taskharbor.domain.access.members import MemberId, member_id_from
from taskharbor.domain.values.primitives import list_from

Assignees: TypeAlias = tuple[MemberId, ...]
"""A set of ids of members, in ascending order."""

MAX_ASSIGNEES: Final = 50


def assignees_from(value: object) -> Assignees:
    """Return `value`, a list of ids, as a set of assignees. Whether they are members is for others to say.

    Raises:
        InvalidValue: for `assignees` or an item of it, such as `assignees[3]`.
    """
    items = list_from("assignees", value, most=MAX_ASSIGNEES)
    return tuple(sorted({member_id_from(f"assignees[{place}]", item) for place, item in enumerate(items)}))
