"""Make API tokens and revoke them."""

import json
from collections.abc import Collection
from datetime import timedelta
from secrets import randbits
from typing import Final

from taskharbor.application.access.audit import audited
from taskharbor.application.access.directory import is_hex_id, key_in, own_workspace, set_up
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.errors import PermissionDenied
from taskharbor.application.ports.record_store import Record
from taskharbor.application.principal import OPERATORS, Principal, PrincipalKind
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.access.api_token import (
    TOKEN_PREFIX,
    ApiToken,
    TokenId,
    narrowed_lists_from,
    scope_from,
)
from taskharbor.domain.access.errors import MemberNotFound, TokenNotFound
from taskharbor.domain.access.members import Member, MemberId
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.access.secret_text import RANDOM_BITS, digest_of, secret_text
from taskharbor.domain.access.workspace import Workspace
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import ListId, WorkspaceId
from taskharbor.domain.values.instant import instant_as_json, instant_of
from taskharbor.domain.values.text import title_from

TOKEN: Final = "token"  # noqa: S105  # the kind
"""The kind of the records of tokens, under the digests of their secrets."""

TOKEN_OF: Final = "token-of"  # noqa: S105
"""The kind of the records that find the tokens of a workspace by their ids."""

MADE_BY_TOKEN: Final = f"{PrincipalKind.TOKEN.value}:"
"""How `made_by` of a token begins that was made by another one, with which it ends."""

ID_DIGITS: Final = 16

DEFAULT_LIFE: Final = timedelta(days=90)
LONGEST_LIFE: Final = timedelta(days=3650)


@frozen(kw_only=True)
class CreateToken:
    """Make a token for this workspace.

    Without `expires_in` it never expires. It acts for the member who makes it; an operator, who is the program itself
    or the local user, may name another `member`.
    """

    name: str
    scope: Permission
    lists: Collection[ListId] | None = None
    expires_in: timedelta | None
    member: MemberId | None = None


@frozen(kw_only=True)
class RevokeToken:
    """Make a token of this workspace good for nothing, within 5 seconds on every server."""

    id: TokenId


@frozen(kw_only=True)
class NewToken:
    """A token that was just made.

    Attributes:
        token: what is kept of it.
        secret: what calls are made with. It is not kept, and cannot be shown again.
    """

    token: ApiToken
    secret: str


async def create_token(command: CreateToken, uow: UnitOfWork) -> NewToken:
    """Carry out `command`.

    Raises:
        PermissionDenied: if the maker is a token that was made by a token.
        MemberNotFound: if it would act for somebody who is not in the workspace.
        InvalidValue: if a value breaks its rule, if it would be good for no time, or longer than a token that makes it.
    """
    maker = uow.principal
    member = await _member_for(command, uow)
    secret = secret_text(TOKEN_PREFIX, randbits(RANDOM_BITS))
    token = ApiToken(
        id=digest_of(secret)[:ID_DIGITS],
        workspace=maker.workspace,
        name=title_from(command.name, "name"),
        scope=scope_from(command.scope),
        lists=narrowed_lists_from(command.lists),
        member=None if member is None else member.id,
        made_by=maker.qualified_id,
        created=uow.now if member is None else member.not_before(uow.now),
        expires=None if command.expires_in is None else uow.now + _life_from(command.expires_in),
    )
    await _require_no_longer_life(token, maker, uow)
    await set_up(uow)
    await keep_token(token, secret, uow)
    await audited(uow, token=token.id, scope=token.scope.label)
    return NewToken(token=token, secret=secret)


async def keep_token(token: ApiToken, secret: str, uow: UnitOfWork) -> None:
    """Have a token written at commit."""
    digest = digest_of(secret)
    await uow.records.put(TOKEN, digest, token_document(token))
    await uow.records.put(TOKEN_OF, key_in(token.workspace, token.id), json_text(digest))


async def revoke_token(command: RevokeToken, uow: UnitOfWork) -> ApiToken:
    """Carry out `command`; return the token as it was. Those that it has made end with it.

    Raises:
        TokenNotFound: if the workspace has none of this id.
    """
    if not is_hex_id(command.id):
        raise TokenNotFound(command.id)
    found = await uow.records.find(TOKEN_OF, key_in(uow.principal.workspace, command.id))
    if found is None:
        raise TokenNotFound(command.id)
    digest = json.loads(found.document or "null")
    token = token_from(await uow.records.find(TOKEN, digest))
    if token is None:
        raise TokenNotFound(command.id)
    await uow.records.remove(TOKEN, digest, at=uow.now)
    await uow.records.remove(*found.found_by, at=uow.now)
    await audited(uow, token=token.id)
    return token


def token_from(record: Record | None) -> ApiToken | None:
    """Return the token of a record; None if there is none."""
    if record is None or record.document is None:
        return None
    said = json.loads(record.document)
    return ApiToken(
        id=record.key[:ID_DIGITS],
        workspace=said["workspace"],
        name=said["name"],
        scope=scope_from(said["scope"]),
        lists=None if said["lists"] is None else tuple(said["lists"]),
        member=said["member"],
        made_by=said["made_by"],
        created=instant_of(said["created"]),
        expires=None if said["expires"] is None else instant_of(said["expires"]),
    )


def token_document(token: ApiToken) -> str:
    """Return the document of a token's record."""
    return json_text(
        {
            "workspace": token.workspace,
            "name": token.name,
            "scope": token.scope.label,
            "lists": token.lists,
            "member": token.member,
            "made_by": token.made_by,
            "created": instant_as_json(token.created),
            "expires": None if token.expires is None else instant_as_json(token.expires),
        }
    )


def permission_of(token: ApiToken, workspace: Workspace) -> Permission | None:
    """Return what a token may do as things stand; None if its member has left since it was made, or came back."""
    if token.member is None:
        return token.scope
    member = workspace.find(token.member)
    if member is None or not member.was_here(token.created):
        return None
    return min(token.scope, member.role.permission)


async def find_token(id_: TokenId, workspace: WorkspaceId, uow: UnitOfWork) -> ApiToken | None:
    """Return a token of a workspace by its id, or None."""
    found = await uow.records.find(TOKEN_OF, key_in(workspace, id_))
    return None if found is None else token_from(await uow.records.find(TOKEN, json.loads(found.document or "null")))


async def _member_for(command: CreateToken, uow: UnitOfWork) -> Member | None:
    if command.member is not None and uow.principal.kind not in OPERATORS:
        raise InvalidValue("member", "can only be chosen by an operator")
    id_ = uow.principal.member if command.member is None else command.member
    if id_ is None:
        return None
    member = (await own_workspace(uow)).find(id_)
    if member is None:
        raise MemberNotFound(id_)
    return member


def _life_from(life: timedelta) -> timedelta:
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise InvalidValue("expires_in", f"must be more than nothing, and at most {LONGEST_LIFE.days} days")
    return life


async def _require_no_longer_life(token: ApiToken, maker: Principal, uow: UnitOfWork) -> None:
    """Make sure that a token that leaks can neither renew itself nor outlive its being revoked by its offspring."""
    if maker.kind is not PrincipalKind.TOKEN:
        return
    own = await find_token(maker.id, maker.workspace, uow)
    if own is None:
        raise PermissionDenied("a token that is good", has="one that was revoked")
    if own.made_by.startswith(MADE_BY_TOKEN):
        raise PermissionDenied("a member or a token of theirs", has="a token that was made by a token")
    if own.expires is not None and (token.expires is None or token.expires > own.expires):
        raise InvalidValue("expires_in", "must not be later than that of the token that makes it")
