"""Browser sessions, and the links that begin one: as records of the directory, under the digests of their secrets."""

import json
from datetime import timedelta
from secrets import randbits
from typing import Final

from taskharbor.application.access.audit import audited
from taskharbor.application.access.directory import ACCOUNT, account_document, set_up, workspaces_of
from taskharbor.application.access.session_records import (
    SESSION,
    SESSION_LIFE,
    SESSION_PREFIX,
    session_document,
    session_member,
)
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.errors import PermissionDenied, Unauthenticated
from taskharbor.application.principal import PrincipalKind
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.access.errors import MemberNotFound
from taskharbor.domain.access.members import LOCAL_MEMBER, MemberId, member_id_from
from taskharbor.domain.access.secret_text import RANDOM_BITS, digest_of, is_secret, secret_text
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen

SIGN_IN_LINK: Final = "sign-in-link"
"""The kind of the records of links that begin a session, once."""

USED_CODE: Final = "used-code"
"""The kind of the records of authorization codes that were presented, whatever came of it."""

LINK_PREFIX: Final = "thl_"

LINK_LIFE: Final = timedelta(minutes=15)
LONGEST_LINK_LIFE: Final = timedelta(days=1)
CODE_MEMORY: Final = timedelta(hours=1)
"""Issuers take no code that is older than some minutes."""


@frozen(kw_only=True)
class StartSession:
    """Begin a session of a member, whom somebody vouches for: `by` is the name of an issuer."""

    member: MemberId
    by: str


@frozen(kw_only=True)
class EndSession:
    """End a session. One that is not there has ended."""

    secret: str


@frozen(kw_only=True)
class EndSessions:
    """End all sessions of a member, wherever it has signed in."""

    member: MemberId


@frozen(kw_only=True)
class CreateSignInLink:
    """Make a link by which a member can sign in, once."""

    member: MemberId
    expires_in: timedelta = LINK_LIFE


@frozen(kw_only=True)
class UseSignInLink:
    """Begin a session with the secret of a link, which is good for nothing from then on."""

    secret: str


@frozen(kw_only=True)
class UseCode:
    """Note that an authorization code was presented, before anything is done with it."""

    issuer: str
    code: str


async def start_session(command: StartSession, uow: UnitOfWork) -> str:
    """Carry out `command`; return the secret of the session, which is not kept.

    Raises:
        PermissionDenied: if the caller is not the program itself.
    """
    _require_system(uow)
    return await _begun(command.member, command.by, uow)


async def end_session(command: EndSession, uow: UnitOfWork) -> None:
    """Carry out `command`.

    Raises:
        PermissionDenied: if the caller is not the program itself.
    """
    _require_system(uow)
    digest = digest_of(command.secret)
    found = await uow.records.find(SESSION, digest)
    if found is not None and found.document is not None:
        member = session_member(found)
        for workspace in workspaces_of(await uow.records.find(ACCOUNT, member)):
            await audited(uow, workspace=workspace, member=member)
        await uow.records.remove(SESSION, digest, at=uow.now)


async def end_sessions(command: EndSessions, uow: UnitOfWork) -> None:
    """Carry out `command`: those that have begun until now are good for nothing.

    Raises:
        PermissionDenied: if the caller is not the program itself.
        MemberNotFound: if nobody of this id is, or was, in any workspace.
        InvalidValue: for `member`.
    """
    _require_system(uow)
    member = member_id_from("member", command.member)
    account = await uow.records.find(ACCOUNT, member)
    if account is None:
        raise MemberNotFound(member)
    await uow.records.put(ACCOUNT, member, account_document(workspaces_of(account), signed_out=uow.now))
    for workspace in workspaces_of(account):
        await audited(uow, workspace=workspace, member=member)


async def create_sign_in_link(command: CreateSignInLink, uow: UnitOfWork) -> str:
    """Carry out `command`; return the secret of the link, which is not kept.

    Raises:
        PermissionDenied: if the caller is not the program itself.
        MemberNotFound: if nobody of this id is in any workspace.
        InvalidValue: if a value breaks its rule, or it would be good for no time or more than a day.
    """
    _require_system(uow)
    member = member_id_from("member", command.member)
    if member == LOCAL_MEMBER:
        await set_up(uow)  # it owns what nobody else does, and is a member there from now on
    elif not workspaces_of(await uow.records.find(ACCOUNT, member)):
        raise MemberNotFound(member)
    if not timedelta(0) < command.expires_in <= LONGEST_LINK_LIFE:
        raise InvalidValue("expires_in", "must be more than nothing, and at most a day")
    secret = secret_text(LINK_PREFIX, randbits(RANDOM_BITS))
    expires = uow.now + command.expires_in
    await uow.records.put(SIGN_IN_LINK, digest_of(secret), json_text({"member": member}), expires=expires)
    await audited(uow, member=member)
    return secret


async def use_sign_in_link(command: UseSignInLink, uow: UnitOfWork) -> str:
    """Carry out `command`; return the secret of the session. Of several who use one link, one gets in.

    Raises:
        Unauthenticated: if there is none, or it is good no longer. It does not say which.
        PermissionDenied: if the caller is not the program itself.
    """
    _require_system(uow)
    if not is_secret(LINK_PREFIX, command.secret):
        raise Unauthenticated(is_invalid=True)
    digest = digest_of(command.secret)
    found = await uow.records.find(SIGN_IN_LINK, digest)
    if found is None or found.document is None or found.expires is None or found.expires <= uow.now:
        raise Unauthenticated(is_invalid=True)
    await uow.records.remove(SIGN_IN_LINK, digest, at=uow.now)
    return await _begun(json.loads(found.document)["member"], "link", uow)


async def use_code(command: UseCode, uow: UnitOfWork) -> None:
    """Carry out `command`.

    Raises:
        Unauthenticated: if it was presented before.
        PermissionDenied: if the caller is not the program itself.
    """
    _require_system(uow)
    digest = digest_of(f"{command.issuer} {command.code}")
    if await uow.records.find(USED_CODE, digest) is not None:
        raise Unauthenticated(is_invalid=True)
    await uow.records.put(USED_CODE, digest, json_text({}), expires=uow.now + CODE_MEMORY)


async def _begun(member: MemberId, by: str, uow: UnitOfWork) -> str:
    secret = secret_text(SESSION_PREFIX, randbits(RANDOM_BITS))
    await uow.records.put(SESSION, digest_of(secret), session_document(member, by), expires=uow.now + SESSION_LIFE)
    for workspace in workspaces_of(await uow.records.find(ACCOUNT, member)):
        await audited(uow, workspace=workspace, member=member, by=by)
    return secret


def _require_system(uow: UnitOfWork) -> None:
    """Make sure that no caller makes itself another one: only the program knows whom somebody vouches for."""
    if uow.principal.kind is not PrincipalKind.SYSTEM:
        raise PermissionDenied("the program itself", has=f"a {uow.principal.kind.value}")
