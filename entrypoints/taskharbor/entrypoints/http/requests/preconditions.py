"""Conditional requests: RFC 9110 sections 8.8.3 and 13.1."""

import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from starlette.types import Scope

from taskharbor.application.errors import IdempotencyKeyReused, ListPreconditionFailed, PreconditionFailed
from taskharbor.domain.identifiers import Revision
from taskharbor.entrypoints.http.requests.errors import MalformedHeader
from taskharbor.entrypoints.http.requests.headers import headers_of

# Possessive, so that no header, however odd, takes more than linear time.
_ITEM: Final = re.compile(rb'[ \t]*+((?:W/)?"[\x21\x23-\x7e\x80-\xff]*+")?[ \t]*+(,|\Z)')
_REVISION_TAG: Final = re.compile(rb'"(0|[1-9][0-9]{0,15})(?:-(?:blocked|free))?"')
"""The ETag of what depends on others says more than the revision, which alone makes a change safe."""
_SYNTAX: Final = '* or entity tags such as "7", separated by commas'
_NEVER: Final[Revision] = -1
"""Nothing has it."""

R = TypeVar("R")


async def if_matching(scope: Scope, change: Callable[[Revision | None], Awaitable[R]]) -> R:
    """Make a change under the condition that If-Match sets; without one, or with `*`, just make it.

    `change` gets the revision that the task, or the list, must have. What does not exist is not found, whatever
    If-Match says: a condition counts only where the request would succeed without it (RFC 9110 section 13.2.1).

    Raises:
        MalformedHeader: if If-Match is not what it must be.
        PreconditionFailed: if no tag is the task's own. A weak tag never is (section 8.8.3.2).
    """
    value = headers_of(scope).get(b"if-match")
    if value is None:
        return await change(None)
    tags = _tags(value, "If-Match")
    if tags is None:
        return await change(None)
    revisions = {int(match[1]) for tag in tags if (match := _REVISION_TAG.fullmatch(tag))}
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


def is_known(scope: Scope, etag: bytes) -> bool:
    """Tell whether If-None-Match says that the caller has this representation. Weak tags count (section 13.1.2).

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
