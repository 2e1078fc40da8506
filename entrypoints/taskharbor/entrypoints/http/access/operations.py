"""The operations on workspaces and their members; those on tokens and invitations are in a file of their own."""

from typing import Any, Final

import msgspec

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.domain.access.errors import ExportFirst, LastOwner, MemberNotFound, WorkspaceIdTaken
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.http.access.bodies import CHANGE_WORKSPACE, MEMBER, NEW_WORKSPACE
from taskharbor.entrypoints.http.access.documents import MemberDocument, PrincipalDocument, WorkspaceDocument
from taskharbor.entrypoints.http.access.endpoints import AccessEndpoints
from taskharbor.entrypoints.http.access.parameters import (
    AFTER_ID,
    ITEMS_LIMIT,
    MEMBER_ID,
    WITHOUT_EXPORT,
    WORKSPACE_ID,
)
from taskharbor.entrypoints.http.access.secret_operations import secret_operations
from taskharbor.entrypoints.http.openapi.descriptions import LINK, LOCATION, RequestBody, answer
from taskharbor.entrypoints.http.openapi.operation import BODY_ERRORS, UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.tags import ACCESS
from taskharbor.entrypoints.http.requests.errors import InvalidRequest, UnsupportedMediaType
from taskharbor.entrypoints.http.requests.headers import JSON, MERGE_PATCH
from taskharbor.entrypoints.http.schemas.examples import LIST

_ADA: Final = MemberDocument("ada", "Ada", "owner")
_TEAM: Final[Any] = msgspec.to_builtins(
    WorkspaceDocument("team", "The team", False, "Europe/Berlin", LIST.created, [_ADA])
)
_NO_ROLE: Final = InvalidRequest.at("body.role", "must be one of owner, editor, viewer", code="invalid_value")


def access_operations(endpoints: AccessEndpoints) -> list[Operation]:
    """Return all operations on access."""
    return [
        Operation(
            name="get_me",
            topic=ACCESS,
            needs=Permission.READ,
            method="GET",
            path="/me",
            endpoint=endpoints.me,
            summary="Get the caller",
            description="Returns who the request is from, and what that may do.",
            model=PrincipalDocument,
            success=answer(
                "The caller",
                example=msgspec.to_builtins(
                    PrincipalDocument("token", "9f86d081884c7d65", "ada", "team", "write", False)
                ),
            ),
            errors=[UNAVAILABLE],
        ),
        *_workspace_operations(endpoints),
        *_member_operations(endpoints),
        *secret_operations(endpoints),
    ]


def _workspace_operations(endpoints: AccessEndpoints) -> list[Operation]:
    return [
        Operation(
            name="list_workspaces",
            topic=ACCESS,
            needs=Permission.READ,
            method="GET",
            path="/workspaces/",
            endpoint=endpoints.list_workspaces,
            summary="List workspaces",
            description="Returns a page of the workspaces in which the caller is, by id. Below "
            "`/workspaces/{workspace}` is the whole API in that workspace; without it, in the caller's first one.",
            model=list[WorkspaceDocument],
            parameters=[ITEMS_LIMIT, AFTER_ID],
            success=answer("A page of workspaces", headers=LINK, example=[_TEAM]),
            errors=[InvalidRequest.at("query.limit", "must be an integer", code="wrong_type"), UNAVAILABLE],
        ),
        Operation(
            name="create_workspace",
            topic=ACCESS,
            needs=Permission.MANAGE,
            method="POST",
            path="/workspaces/",
            endpoint=endpoints.create_workspace,
            summary="Create a workspace",
            description="Creates a workspace that belongs to the caller, who must own the workspace of the request, "
            "too. A token cannot.",
            status=201,
            model=WorkspaceDocument,
            is_keyed=False,
            body=RequestBody(NEW_WORKSPACE, JSON, {"a team": {"id": "team", "name": "The team"}}, required=True),
            success=answer("The new workspace", headers=LOCATION, example=_TEAM),
            errors=[
                *BODY_ERRORS,
                UnsupportedMediaType(JSON),
                WorkspaceIdTaken("team"),
                InvalidRequest.at("body.id", "is required", code="missing"),
                ConcurrentUpdate(),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="get_workspace",
            topic=ACCESS,
            needs=Permission.READ,
            method="GET",
            path="/workspaces/{workspace}",
            endpoint=endpoints.get_workspace,
            summary="Get a workspace",
            description="Returns one workspace with its members.",
            model=WorkspaceDocument,
            parameters=[WORKSPACE_ID],
            success=answer("The workspace", example=_TEAM),
            errors=[UNAVAILABLE],
        ),
        Operation(
            name="change_workspace",
            topic=ACCESS,
            needs=Permission.MANAGE,
            method="PATCH",
            path="/workspaces/{workspace}",
            endpoint=endpoints.change_workspace,
            summary="Change a workspace",
            description="Takes a JSON Merge Patch (RFC 7396). An archived workspace can only be read. "
            "The time zone is that of reminders of all-day tasks and of tasks without a time zone.",
            model=WorkspaceDocument,
            is_keyed=False,
            parameters=[WORKSPACE_ID],
            body=RequestBody(
                CHANGE_WORKSPACE,
                MERGE_PATCH,
                {
                    "rename it": {"name": "All of us"},
                    "archive it": {"archived": True},
                    "say where it is": {"time_zone": "Europe/Berlin"},
                },
                required=True,
            ),
            success=answer("The changed workspace", example=_TEAM),
            errors=[
                *BODY_ERRORS,
                UnsupportedMediaType(MERGE_PATCH),
                InvalidRequest.at("body.archived", "must be true or false", code="wrong_type"),
                ConcurrentUpdate(),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="delete_workspace",
            topic=ACCESS,
            needs=Permission.MANAGE,
            method="DELETE",
            path="/workspaces/{workspace}",
            endpoint=endpoints.delete_workspace,
            summary="Delete a workspace",
            description="Deletes the workspace with all that is in it, if it has been exported since its last change, "
            "or `without_export` says its id. It is gone at once; what the store holds of it is purged in steps.",
            status=204,
            model=None,
            is_keyed=False,
            parameters=[WORKSPACE_ID, WITHOUT_EXPORT],
            success=answer("The workspace was deleted"),
            errors=[ExportFirst("team"), ConcurrentUpdate(), UNAVAILABLE],
        ),
    ]


def _member_operations(endpoints: AccessEndpoints) -> list[Operation]:
    ada = msgspec.to_builtins(_ADA)
    return [
        Operation(
            name="list_members",
            topic=ACCESS,
            needs=Permission.READ,
            method="GET",
            path="/members/",
            endpoint=endpoints.list_members,
            summary="List members",
            description="Returns all members of the workspace by id, at most 500.",
            model=list[MemberDocument],
            success=answer("All members", example=[ada]),
            errors=[UNAVAILABLE],
        ),
        Operation(
            name="put_member",
            topic=ACCESS,
            needs=Permission.MANAGE,
            method="PUT",
            path="/members/{member}",
            endpoint=endpoints.put_member,
            summary="Set a member",
            description="Takes somebody into the workspace, or gives a member another role or name.",
            model=MemberDocument,
            is_keyed=False,
            parameters=[MEMBER_ID],
            body=RequestBody(MEMBER, JSON, {"an editor": {"role": "editor"}}, required=True),
            success=answer("The member", example=ada),
            errors=[
                *BODY_ERRORS,
                UnsupportedMediaType(JSON),
                LastOwner("ada"),
                _NO_ROLE,
                ConcurrentUpdate(),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="remove_member",
            topic=ACCESS,
            needs=Permission.MANAGE,
            method="DELETE",
            path="/members/{member}",
            endpoint=endpoints.remove_member,
            summary="Remove a member",
            description="Takes a member out of the workspace. Its tokens end with that; tasks keep it as an assignee.",
            status=204,
            model=None,
            is_keyed=False,
            parameters=[MEMBER_ID],
            success=answer("The member was removed"),
            errors=[MemberNotFound("ada"), LastOwner("ada"), ConcurrentUpdate(), UNAVAILABLE],
        ),
        Operation(
            name="leave_workspace",
            topic=ACCESS,
            needs=Permission.READ,
            method="POST",
            path="/members/leave",
            endpoint=endpoints.leave,
            summary="Leave a workspace",
            description="Takes the caller out of the workspace, who must be a member itself and not a token.",
            status=204,
            model=None,
            is_keyed=False,
            success=answer("The caller has left"),
            errors=[LastOwner("ada"), ConcurrentUpdate(), UNAVAILABLE],
        ),
    ]
