"""API tokens: what programs call with, and what they may do."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, TypeAlias

from taskharbor.domain.access.members import MemberId
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import ListId, WorkspaceId, is_task_id
from taskharbor.domain.values.primitives import list_from

TokenId: TypeAlias = str
"""16 hexadecimal digits, by which a token is listed and revoked. They are no secret."""

TOKEN_PREFIX: Final = "th_"  # noqa: S105  # what they begin with

MAX_NARROWED: Final = 100
"""To how many lists a token can be narrowed."""


@frozen(kw_only=True)
class ApiToken:
    """A token, without the secret, of which only a digest is kept.

    Attributes:
        id: which one.
        workspace: where it is good.
        name: what it is for: one line.
        scope: what it may do at most.
        lists: the lists to which it is narrowed, or None for the whole workspace.
        member: the member for whom it acts, whose role also limits what it may do, and with whom it ends; None if it
            was made by an operator.
        made_by: the principal that made it.
        created: when; aware, in UTC, like the other.
        expires: from when on it is good no longer; None if it never expires.
    """

    id: TokenId
    workspace: WorkspaceId
    name: str
    scope: Permission
    lists: tuple[ListId, ...] | None
    member: MemberId | None
    made_by: str
    created: datetime
    expires: datetime | None

    def has_expired(self, now: datetime) -> bool:
        """Return whether it is good no longer."""
        return self.expires is not None and self.expires <= now


def scope_from(value: object) -> Permission:
    """Return `value` as the scope of a token.

    Raises:
        InvalidValue: for `scope`.
    """
    found = _SCOPES.get(value) if isinstance(value, str) else value
    if not isinstance(found, Permission):
        raise InvalidValue("scope", f"must be one of {', '.join(_SCOPES)}")
    return found


def narrowed_lists_from(value: Collection[object] | None) -> tuple[ListId, ...] | None:
    """Return `value` as the lists to which a token is narrowed: in ascending order, each once.

    Raises:
        InvalidValue: for `lists`.
    """
    if value is None:
        return None
    items = list_from("lists", value, most=MAX_NARROWED)
    if not items:
        raise InvalidValue("lists", "must name at least one list, or be left out")
    lists: set[ListId] = set()
    for place, item in enumerate(items):
        if not isinstance(item, int) or isinstance(item, bool) or not is_task_id(item):
            raise InvalidValue(f"lists[{place}]", "must be the id of a list")
        lists.add(item)
    return tuple(sorted(lists))


_SCOPES: Final = {each.label: each for each in Permission}
