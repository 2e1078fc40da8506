"""What happens between a request about access and a use case."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.access.audit import ListAudit
from taskharbor.application.access.directory_queries import GetWorkspace, ListInvitations, ListTokens, ListWorkspaces
from taskharbor.application.access.invitations import AcceptInvitation, CreateInvitation, RevokeInvitation
from taskharbor.application.access.manage_members import LeaveWorkspace, PutMember, RemoveMember
from taskharbor.application.access.manage_tokens import DEFAULT_LIFE, CreateToken, RevokeToken
from taskharbor.application.access.manage_workspaces import ChangeWorkspace, CreateWorkspace, DeleteWorkspace
from taskharbor.application.errors import PermissionDenied, Unauthenticated
from taskharbor.application.principal import Principal, PrincipalKind, system_in
from taskharbor.application.use_cases.access import AccessUseCases
from taskharbor.domain.access.api_token import scope_from
from taskharbor.domain.access.members import role_from
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import SERVICE_WORKSPACE
from taskharbor.entrypoints.http.access.bodies import (
    ACCEPT,
    CHANGE_WORKSPACE,
    MEMBER,
    NEW_INVITATION,
    NEW_TOKEN,
    NEW_WORKSPACE,
    life_from,
)
from taskharbor.entrypoints.http.access.documents import (
    accepted_document,
    audit_document,
    invitation_document,
    member_document,
    new_invitation_document,
    new_token_document,
    principal_document,
    token_document,
    workspace_document,
)
from taskharbor.entrypoints.http.access.oidc_claims import GUEST
from taskharbor.entrypoints.http.access.parameters import (
    AFTER_EVENT,
    AFTER_ID,
    EVENTS_LIMIT,
    INVITATION_ID,
    ITEMS_LIMIT,
    MEMBER_ID,
    TOKEN_ID,
    WITHOUT_EXPORT,
)
from taskharbor.entrypoints.http.requests.body import read_body, read_json, refuse_body
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.headers import JSON, MERGE_PATCH
from taskharbor.entrypoints.http.requests.parameter import read_query, refuse_query
from taskharbor.entrypoints.http.requests.preconditions import require_conditions
from taskharbor.entrypoints.http.requests.validation import require_something, validated
from taskharbor.entrypoints.http.responses.links import link_to_next, location_of
from taskharbor.entrypoints.http.responses.responses import Answer, json_answer, secret_created


class AccessEndpoints:
    """The operations on access, as functions from request to response."""

    def __init__(
        self, access: AccessUseCases, *, callers: Callers, max_body_bytes: int, has_issuers: bool = False
    ) -> None:
        self._has_issuers = has_issuers
        self._access = access
        self._callers = callers
        self._max_body_bytes = max_body_bytes

    async def me(self, request: Request) -> Response:
        """Say who calls."""
        refuse_query(request.scope)
        return json_answer(principal_document(await self._callers.principal(request)))

    async def list_workspaces(self, request: Request) -> Response:
        """Return the workspaces of the caller."""
        query = ListWorkspaces(**read_query(request.scope, ITEMS_LIMIT, AFTER_ID))
        page = await self._access.ask(query, await self._callers.principal(request))
        return _page(request, [workspace_document(each) for each in page.items], page.next_after, query.limit)

    async def create_workspace(self, request: Request) -> Response:
        """Make a workspace."""
        body, principal = await self._asked(request, NEW_WORKSPACE)
        made = await self._access.execute(CreateWorkspace(**body), principal)
        return secret_created(workspace_document(made), location_of(request.scope, made.id))

    async def get_workspace(self, request: Request) -> Response:
        """Return the workspace that the path names."""
        refuse_query(request.scope)
        found = await self._access.ask(GetWorkspace(), await self._callers.principal(request))
        return json_answer(workspace_document(found))

    async def change_workspace(self, request: Request) -> Response:
        """Change what the request names."""
        body, principal = await self._asked(request, CHANGE_WORKSPACE, MERGE_PATCH)
        require_something(body)
        await self._require_conditions(request, principal)
        return json_answer(workspace_document(await self._access.execute(ChangeWorkspace(**body), principal)))

    async def delete_workspace(self, request: Request) -> Response:
        """Delete the workspace that the path names."""
        principal = await self._emptily(request, reads_query=True)
        command = DeleteWorkspace(**read_query(request.scope, WITHOUT_EXPORT))
        await self._require_conditions(request, principal)
        await self._access.execute(command, principal)
        return Answer(204, b"", [])

    async def list_members(self, request: Request) -> Response:
        """Return all members."""
        refuse_query(request.scope)
        found = await self._access.ask(GetWorkspace(), await self._callers.principal(request))
        return json_answer([member_document(each) for each in found.members])

    async def put_member(self, request: Request) -> Response:
        """Take somebody in, or give a member another role."""
        body, principal = await self._asked(request, MEMBER)
        command = PutMember(id=MEMBER_ID.in_path_of(request), role=role_from(body["role"]), name=body.get("name"))
        await self._require_conditions(request, principal, member=command.id)
        return json_answer(member_document(await self._access.execute(command, principal)))

    async def remove_member(self, request: Request) -> Response:
        """Take a member out."""
        principal = await self._emptily(request)
        command = RemoveMember(id=MEMBER_ID.in_path_of(request))
        await self._require_conditions(request, principal, member=command.id)
        await self._access.execute(command, principal)
        return Answer(204, b"", [])

    async def leave(self, request: Request) -> Response:
        """Let the caller leave."""
        await self._access.execute(LeaveWorkspace(), await self._emptily(request))
        return Answer(204, b"", [])

    async def list_invitations(self, request: Request) -> Response:
        """Return the invitations that can be accepted."""
        query = ListInvitations(**read_query(request.scope, ITEMS_LIMIT, AFTER_ID))
        page = await self._access.ask(query, await self._callers.principal(request))
        return _page(request, [invitation_document(each) for each in page.items], page.next_after, query.limit)

    async def create_invitation(self, request: Request) -> Response:
        """Make an invitation."""
        body, principal = await self._asked(request, NEW_INVITATION)
        life = {"expires_in": life_from(body["expires_in"])} if "expires_in" in body else {}
        made = await self._access.execute(CreateInvitation(role=role_from(body["role"]), **life), principal)
        return secret_created(new_invitation_document(made), location_of(request.scope, made.invitation.id))

    async def revoke_invitation(self, request: Request) -> Response:
        """Make an invitation good for nothing."""
        principal = await self._emptily(request)
        await self._require_conditions(request, principal)
        await self._access.execute(RevokeInvitation(id=INVITATION_ID.in_path_of(request)), principal)
        return Answer(204, b"", [])

    async def accept_invitation(self, request: Request) -> Response:
        """Let whoever has the secret become a member."""
        known = await self._known_member(request)
        refuse_query(request.scope)
        body = validated(ACCEPT, await read_json(request, JSON, self._max_body_bytes), not_yours={})
        if known is None and "id" not in body:
            raise InvalidRequest.at("body.id", "is required unless the request says who it is from", code="missing")
        if known is not None and "id" in body:
            raise InvalidRequest.at("body.id", "must be left out: it is that of the caller", code="read_only")
        if known is None and self._has_issuers and not body.get("id", "").startswith(GUEST):
            raise InvalidValue("id", f"must start with {GUEST}, unless the request says who it is from")
        command = AcceptInvitation(
            secret=body["secret"],
            id=known or body.get("id", ""),
            name=body.get("name"),
            is_new=known is None,
        )
        accepted = await self._access.execute(command, system_in(SERVICE_WORKSPACE))
        return json_answer(accepted_document(accepted))

    async def list_tokens(self, request: Request) -> Response:
        """Return the tokens of the workspace."""
        query = ListTokens(**read_query(request.scope, ITEMS_LIMIT, AFTER_ID))
        page = await self._access.ask(query, await self._callers.principal(request))
        return _page(request, [token_document(each) for each in page.items], page.next_after, query.limit)

    async def create_token(self, request: Request) -> Response:
        """Make a token."""
        body, principal = await self._asked(request, NEW_TOKEN)
        seconds = body.get("expires_in", int(DEFAULT_LIFE.total_seconds()))
        command = CreateToken(
            name=body["name"],
            scope=scope_from(body["scope"]),
            lists=body.get("lists"),
            expires_in=None if seconds is None else life_from(seconds),
        )
        made = await self._access.execute(command, principal)
        return secret_created(new_token_document(made), location_of(request.scope, made.token.id))

    async def revoke_token(self, request: Request) -> Response:
        """Make a token good for nothing."""
        principal = await self._emptily(request)
        await self._require_conditions(request, principal)
        await self._access.execute(RevokeToken(id=TOKEN_ID.in_path_of(request)), principal)
        return Answer(204, b"", [])

    async def list_audit(self, request: Request) -> Response:
        """Return what happened to access, the latest first."""
        query = ListAudit(**read_query(request.scope, EVENTS_LIMIT, AFTER_EVENT))
        page = await self._access.ask(query, await self._callers.principal(request))
        return _page(request, [audit_document(each) for each in page.items], page.next_after, query.limit)

    async def _asked(
        self, request: Request, adapter: TypeAdapter[Any], accepted: Sequence[str] = JSON
    ) -> tuple[dict[str, Any], Principal]:
        refuse_query(request.scope)
        body = validated(adapter, await read_json(request, accepted, self._max_body_bytes), not_yours={})
        return body, await self._callers.principal(request)  # who it is by now

    async def _emptily(self, request: Request, *, reads_query: bool = False) -> Principal:
        if not reads_query:
            refuse_query(request.scope)
        refuse_body(await read_body(request, self._max_body_bytes))
        return await self._callers.principal(request)

    async def _require_conditions(self, request: Request, principal: Principal, *, member: str | None = None) -> None:
        """Heed If-Match and If-None-Match: is there such a member, or the workspace that has whatever else it is?"""

        async def is_there() -> bool:
            workspace = await self._access.ask(GetWorkspace(), principal)
            return member is None or any(each.id == member for each in workspace.members)

        await require_conditions(request.scope, is_there)

    async def _known_member(self, request: Request) -> str | None:
        """Return the member who asks, or None if it is somebody new. The local user is nobody in particular."""
        try:
            principal = await self._callers.principal(request)
        except Unauthenticated as refusal:
            if refusal.is_invalid:
                raise
            return None
        if principal.kind is PrincipalKind.TOKEN:
            raise PermissionDenied("a member", has="a token")
        return principal.member


def _page(request: Request, items: Sequence[object], after: str | None, limit: int) -> Answer:
    answer = json_answer(items)
    if after is not None:
        answer.raw_headers.append((b"link", link_to_next(request.scope, f"after={quote(after)}&limit={limit}")))
    return answer
