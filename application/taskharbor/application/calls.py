"""What a caller can say of a call, beside the command."""

import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias, TypedDict

from taskharbor.application.principal import Principal, system_in
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, WorkspaceId
from taskharbor.domain.values.primitives import string_from
from taskharbor.domain.values.text import one_line_from

StillAllowed: TypeAlias = Callable[[], Awaitable[Principal]]
"""Returns the caller as it is by now, or raises the error if it is none any more."""


class CallContext(TypedDict, total=False):
    """Who calls, and how. Every command takes these by keyword.

    Attributes:
        principal: the caller, which says where it happens and who the history records. Without one it is the program
            itself, in `workspace` and on behalf of `actor`.
        still_allowed: is asked before each unit of work, as a call may outlive the permission with which it began.
        workspace: where; `default` unless given.
        actor: who wants it, for the history; see `actor_from`.
        idempotency_key: names this call, so that it can be repeated without being carried out twice; see
            `idempotency_key_from`.
        condition: what the caller said of when to carry it out, in place of the revision that was found to meet it: a
            repetition with the same key is known by that.
    """

    principal: Principal
    still_allowed: StillAllowed | None
    workspace: WorkspaceId
    actor: str | None
    idempotency_key: str | None
    condition: str | None


MAX_ACTOR_LENGTH: Final = 255
"""In code points."""


def actor_from(value: object) -> str | None:
    """Return `value` as the name of an actor, or None.

    A name is one line of 1 to 255 characters: a login, an address, the name of an agent.

    Raises:
        InvalidValue: for `actor`.
    """
    if value is None:
        return None
    name = one_line_from("actor", string_from("actor", value))
    if not 1 <= len(name) <= MAX_ACTOR_LENGTH:
        raise InvalidValue("actor", f"must have from 1 to {MAX_ACTOR_LENGTH} characters, has {len(name)}")
    return name


def principal_of(context: CallContext) -> Principal:
    """Return the caller: the program itself if no other is named.

    Raises:
        InvalidValue: for `actor`.
        ValueError: if there is a principal and an actor or another workspace.
    """
    workspace, actor = context.get("workspace"), context.get("actor")
    principal = context.get("principal")
    if principal is None:
        return system_in(workspace or DEFAULT_WORKSPACE, None if actor is None else actor_from(actor))
    if actor is not None or (workspace is not None and workspace != principal.workspace):
        raise ValueError("a principal says itself who it is, and in which workspace")
    return principal


def settled(context: CallContext) -> tuple[Principal, CallContext]:
    """Return the caller, and the same context with it, and nothing else that says who calls."""
    principal = principal_of(context)
    return principal, {
        "principal": principal,
        "still_allowed": context.get("still_allowed"),
        "idempotency_key": context.get("idempotency_key"),
        "condition": context.get("condition"),
    }


IdempotencyKey: TypeAlias = str
"""1 to 255 printable ASCII characters; a random UUID, say."""

# What a String of RFC 9651 section 3.3.3 can hold.
_KEY: Final = re.compile(r"[\x20-\x7e]{1,255}")


def idempotency_key_from(value: object) -> IdempotencyKey:
    """Return `value` as the name of a call.

    Raises:
        InvalidValue: for `idempotency_key`.
    """
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise InvalidValue("idempotency_key", "must be 1 to 255 printable ASCII characters")
    return value
