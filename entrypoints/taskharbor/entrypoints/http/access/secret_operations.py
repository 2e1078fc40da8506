"""The operations on invitations, tokens and the audit."""

from datetime import timedelta
from typing import Any, Final

import msgspec

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.domain.access.errors import InvitationNotFound, MemberIdTaken, TokenNotFound
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.access.secret_text import secret_text
from taskharbor.entrypoints.http.access.bodies import ACCEPT, NEW_INVITATION, NEW_TOKEN
from taskharbor.entrypoints.http.access.documents import (
    AcceptedDocument,
    AuditDocument,
    InvitationDocument,
    MemberDocument,
    NewInvitationDocument,
    NewTokenDocument,
    TokenDocument,
)
from taskharbor.entrypoints.http.access.endpoints import AccessEndpoints
from taskharbor.entrypoints.http.access.parameters import (
    AFTER_EVENT,
    AFTER_ID,
    EVENTS_LIMIT,
    INVITATION_ID,
    ITEMS_LIMIT,
    TOKEN_ID,
)
from taskharbor.entrypoints.http.openapi.descriptions import LINK, LOCATION, RequestBody, answer
from taskharbor.entrypoints.http.openapi.operation import BODY_ERRORS, UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.tags import ACCESS
from taskharbor.entrypoints.http.requests.errors import InvalidRequest, UnsupportedMediaType
from taskharbor.entrypoints.http.requests.headers import JSON
from taskharbor.entrypoints.http.schemas.examples import LIST

_ID: Final = "9f86d081884c7d65"
_NO_LIMIT: Final = InvalidRequest.at("query.limit", "must be an integer", code="wrong_type")
_LATER: Final[Any] = LIST.created and LIST.created + timedelta(days=90)
_TOKEN: Final[dict[str, Any]] = {
    "id": _ID,
    "name": "backup",
    "scope": "read",
    "lists": None,
    "member": "ada",
    "made_by": "member:ada",
    "created": LIST.created,
    "expires": _LATER,
    "last_used": None,
}
_INVITATION: Final[dict[str, Any]] = {
    "id": _ID,
    "role": "editor",
    "made_by": "member:ada",
    "created": LIST.created,
    "expires": _LATER,
}


def secret_operations(endpoints: AccessEndpoints) -> list[Operation]:
    """Return these operations."""
    return [
        *_invitation_operations(endpoints),
        *_token_operations(endpoints),
        Operation(
            name="list_audit",
            topic=ACCESS,
            needs=Permission.MANAGE,
            method="GET",
            path="/audit",
            endpoint=endpoints.list_audit,
            summary="List the audit",
            description="Returns a page of what happened to access in the workspace, the latest first: who was "
            "refused, and who changed members, invitations or tokens, exported or deleted. Refusals come some seconds "
            "later.",
            model=list[AuditDocument],
            parameters=[EVENTS_LIMIT, AFTER_EVENT],
            success=answer(
                "A page of events",
                headers=LINK,
                example=[
                    msgspec.to_builtins(
                        AuditDocument(_LATER, "create_token", "member:ada", {"token": _ID, "scope": "read"})
                    )
                ],
            ),
            errors=[_NO_LIMIT, UNAVAILABLE],
        ),
    ]


def _invitation_operations(endpoints: AccessEndpoints) -> list[Operation]:
    shown = msgspec.to_builtins(InvitationDocument(**_INVITATION))
    made = msgspec.to_builtins(NewInvitationDocument(**_INVITATION, secret=secret_text("thi_", 7)))
    accepted = AcceptedDocument("team", MemberDocument("bob", "Bob", "editor"), secret_text("th_", 7))
    return [
        Operation(
            name="list_invitations",
            topic=ACCESS,
            needs=Permission.MANAGE,
            method="GET",
            path="/invitations/",
            endpoint=endpoints.list_invitations,
            summary="List invitations",
            description="Returns a page of the invitations of the workspace that were neither accepted nor revoked.",
            model=list[InvitationDocument],
            parameters=[ITEMS_LIMIT, AFTER_ID],
            success=answer("A page of invitations", headers=LINK, example=[shown]),
            errors=[_NO_LIMIT, UNAVAILABLE],
        ),
        Operation(
            name="create_invitation",
            topic=ACCESS,
            needs=Permission.MANAGE,
            method="POST",
            path="/invitations/",
            endpoint=endpoints.create_invitation,
            summary="Invite somebody",
            description="Creates an invitation into the workspace that works once.",
            status=201,
            model=NewInvitationDocument,
            is_keyed=False,
            body=RequestBody(NEW_INVITATION, JSON, {"an editor": {"role": "editor"}}, required=True),
            success=answer("The new invitation", headers=LOCATION, example=made),
            errors=[
                *BODY_ERRORS,
                UnsupportedMediaType(JSON),
                InvalidRequest.at("body.role", "must be one of owner, editor, viewer", code="invalid_value"),
                ConcurrentUpdate(),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="accept_invitation",
            topic=ACCESS,
            needs=None,
            method="POST",
            path="/invitations/accept",
            endpoint=endpoints.accept_invitation,
            summary="Accept an invitation",
            description="Makes a member of whoever has the secret: the member from whom the request is or, if it does "
            "not say who it is from, somebody new, who gets a token. An invitation that was accepted or revoked, "
            "or has expired, is not found.",
            model=AcceptedDocument,
            is_keyed=False,
            body=RequestBody(
                ACCEPT, JSON, {"somebody new": {"secret": secret_text("thi_", 7), "id": "bob"}}, required=True
            ),
            success=answer("The new member", example=msgspec.to_builtins(accepted)),
            errors=[
                *BODY_ERRORS,
                UnsupportedMediaType(JSON),
                InvitationNotFound(),
                MemberIdTaken("bob"),
                InvalidRequest.at("body.secret", "is required", code="missing"),
                ConcurrentUpdate(),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="revoke_invitation",
            topic=ACCESS,
            needs=Permission.MANAGE,
            method="DELETE",
            path="/invitations/{invitation}",
            endpoint=endpoints.revoke_invitation,
            summary="Revoke an invitation",
            description="Makes an invitation good for nothing.",
            status=204,
            model=None,
            is_keyed=False,
            parameters=[INVITATION_ID],
            success=answer("The invitation was revoked"),
            errors=[InvitationNotFound(), ConcurrentUpdate(), UNAVAILABLE],
        ),
    ]


def _token_operations(endpoints: AccessEndpoints) -> list[Operation]:
    shown = msgspec.to_builtins(TokenDocument(**_TOKEN))
    made = msgspec.to_builtins(NewTokenDocument(**_TOKEN, token=secret_text("th_", 7)))
    return [
        Operation(
            name="list_tokens",
            topic=ACCESS,
            needs=Permission.MANAGE,
            method="GET",
            path="/tokens/",
            endpoint=endpoints.list_tokens,
            summary="List tokens",
            description="Returns a page of the API tokens of the workspace, by id, expired ones too.",
            model=list[TokenDocument],
            parameters=[ITEMS_LIMIT, AFTER_ID],
            success=answer("A page of tokens", headers=LINK, example=[shown]),
            errors=[_NO_LIMIT, UNAVAILABLE],
        ),
        Operation(
            name="create_token",
            topic=ACCESS,
            needs=Permission.MANAGE,
            method="POST",
            path="/tokens/",
            endpoint=endpoints.create_token,
            summary="Create a token",
            description="Creates an API token for the workspace. It acts for the caller if that is a member, and is "
            "good for as long. One that a token makes ends with that token.",
            status=201,
            model=NewTokenDocument,
            is_keyed=False,
            body=RequestBody(
                NEW_TOKEN,
                JSON,
                {"for a week": {"name": "backup", "scope": "read", "expires_in": 604_800}},
                required=True,
            ),
            success=answer("The new token", headers=LOCATION, example=made),
            errors=[
                *BODY_ERRORS,
                UnsupportedMediaType(JSON),
                InvalidRequest.at("body.scope", "must be one of read, write, manage", code="invalid_value"),
                ConcurrentUpdate(),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="revoke_token",
            topic=ACCESS,
            needs=Permission.MANAGE,
            method="DELETE",
            path="/tokens/{token}",
            endpoint=endpoints.revoke_token,
            summary="Revoke a token",
            description="Makes a token good for nothing, on every server within 5 seconds.",
            status=204,
            model=None,
            is_keyed=False,
            parameters=[TOKEN_ID],
            success=answer("The token was revoked"),
            errors=[TokenNotFound(_ID), ConcurrentUpdate(), UNAVAILABLE],
        ),
    ]
