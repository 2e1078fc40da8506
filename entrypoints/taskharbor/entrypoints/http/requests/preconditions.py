"""Conditional requests: RFC 9110 sections 8.8.3 and 13.1."""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, TypeVar

from starlette.types import Scope

from taskharbor.application.errors import (
    ConcurrentUpdate,
    IdempotencyKeyReused,
    ListPreconditionFailed,
    PreconditionFailed,
)
from taskharbor.domain.identifiers import Revision
from taskharbor.entrypoints.http.requests.errors import ConditionFailed, MalformedHeader, NoneMatchFailed
from taskharbor.entrypoints.http.requests.headers import headers_of

# Possessive, so that no header, however odd, takes more than linear time.
_ITEM: Final = re.compile(rb'[ \t]*+((?:W/)?"[\x21\x23-\x7e\x80-\xff]*+")?[ \t]*+(,|\Z)')
_REVISION_TAG: Final = re.compile(rb'"(0|[1-9][0-9]{0,15})(?:-(?:blocked|free))?"')
"""The ETag of what depends on others says more than the revision, which alone makes a change safe."""
_SYNTAX: Final = '* or entity tags such as "7", separated by commas'
_NEVER: Final[Revision] = -1
"""Nothing has it."""

_RACES: Final = 16
"""How often a change is tried under If-None-Match while others commit."""

R = TypeVar("R")


async def if_matching(scope: Scope, change: Callable[[Revision | None], Awaitable[R]]) -> R:
    """Make a change under the conditions that If-Match and If-None-Match set; without one just make it.

    `change` gets the revision that the task, or the list, must have. What does not exist is not found, whatever
    If-Match says: a condition counts only where the request would succeed without it (RFC 9110 section 13.2.1).

    Raises:
        MalformedHeader: if If-Match is not what it must be.
        PreconditionFailed: if no tag is the task's own. A weak tag never is (section 8.8.3.2).
        NoneMatchFailed: if If-None-Match has the current tag, or is `*` (section 13.1.2).
    """
    forbidden = headers_of(scope).get(b"if-none-match")
    if forbidden is not None:
        return await _if_none_matches(_tags(forbidden, "If-None-Match"), scope, change)
    value = headers_of(scope).get(b"if-match")
    if value is None:
        return await change(None)
    tags = _tags(value, "If-Match")
    if tags is None:
        return await change(None)
    revisions = _revisions(tags)
    expected = revisions.pop() if revisions else _NEVER
    while True:
        try:
            return await change(expected)
        except (PreconditionFailed, ListPreconditionFailed) as failure:
            # A list may name the current revision elsewhere. Each is tried once.
            if failure.current not in revisions:
                raise
            expected = failure.current
            revisions.discard(expected)
        except IdempotencyKeyReused:
            # The first call may have been carried out with another one of the list.
            if not revisions:
                raise
            expected = revisions.pop()


async def _if_none_matches(
    forbidden: list[bytes] | None, scope: Scope, change: Callable[[Revision | None], Awaitable[R]]
) -> R:
    """Find out the current revision, and make the change of just that one if both conditions allow it."""
    value = headers_of(scope).get(b"if-match")
    wanted = None if value is None else _tags(value, "If-Match")
    expected = _NEVER
    for _ in range(_RACES):
        try:
            return await change(expected)
        except (PreconditionFailed, ListPreconditionFailed) as failure:
            if wanted is not None and failure.current not in _revisions(wanted):
                raise
            if forbidden is None or failure.current in _revisions(tag.removeprefix(b"W/") for tag in forbidden):
                raise NoneMatchFailed(failure.current) from None
            expected = failure.current
    raise ConcurrentUpdate


async def require_conditions(scope: Scope, is_there: Callable[[], Awaitable[bool]]) -> None:
    """Make sure that If-Match and If-None-Match allow a change of what has no ETag: no tag is its own.

    `is_there` may raise what the change would raise if it is not.

    Raises:
        MalformedHeader: if a header is not what it must be.
        ConditionFailed: if one forbids it.
    """
    headers = headers_of(scope)
    wanted, forbidden = headers.get(b"if-match"), headers.get(b"if-none-match")
    if wanted is None and forbidden is None:
        return
    is_known = await is_there()
    if wanted is not None and not (_tags(wanted, "If-Match") is None and is_known):
        raise ConditionFailed
    if forbidden is not None and _tags(forbidden, "If-None-Match") is None and is_known:
        raise ConditionFailed


def _revisions(tags: Iterable[bytes]) -> set[Revision]:
    return {int(match[1]) for tag in tags if (match := _REVISION_TAG.fullmatch(tag))}


def is_known(scope: Scope, etag: bytes) -> bool:
    """Return whether If-None-Match says that the caller has this representation. Weak tags count (section 13.1.2).

    Raises:
        MalformedHeader: if If-None-Match is not what it must be.
    """
    value = headers_of(scope).get(b"if-none-match")
    if value is None:
        return False
    tags = _tags(value, "If-None-Match")
    return tags is None or any(tag.removeprefix(b"W/") == etag for tag in tags)


def _tags(value: bytes, name: str) -> list[bytes] | None:
    """Return the entity tags of a header, or None for `*`."""
    if value.strip(b" \t") == b"*":
        return None
    tags: list[bytes] = []
    position = 0
    while item := _ITEM.match(value, position):
        if item[1]:
            tags.append(item[1])
        position = item.end()
        if not item[2]:
            break
    else:
        raise MalformedHeader(name, _SYNTAX)
    if not tags:
        raise MalformedHeader(name, _SYNTAX)
    return tags
