"""`taskharbor workspace`, `member`, `invitation` and `token`: the operator changes the directory of a store."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import typer

import taskharbor.entrypoints.cli.lean_container  # noqa: F401  # before the container
from taskharbor.application.access.directory_queries import GetWorkspace, ListTokens, ListWorkspaces
from taskharbor.application.access.invitations import CreateInvitation
from taskharbor.application.access.manage_members import PutMember, RemoveMember
from taskharbor.application.access.manage_tokens import CreateToken, RevokeToken
from taskharbor.application.access.manage_workspaces import ChangeWorkspace, CreateWorkspace, DeleteWorkspace
from taskharbor.application.access.sessions import CreateSignInLink, EndSessions
from taskharbor.application.errors import StoreNotReady, StoreUnavailable, WorkspaceNotFound
from taskharbor.application.pagination import MAX_LIMIT
from taskharbor.application.principal import Principal, system_in
from taskharbor.application.use_cases.access import AccessUseCases
from taskharbor.domain.access.api_token import scope_from
from taskharbor.domain.access.members import role_from
from taskharbor.domain.errors import InvalidValue, TaskharborError, counted
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.instant import instant_as_json
from taskharbor.entrypoints.cli.configured import configured, store_failures
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.container import container_from

R = TypeVar("R")
Work = Callable[[AccessUseCases, Principal], Awaitable[R]]

_LIFE: Final = re.compile(r"([1-9][0-9]{0,4})([mhdw])", re.ASCII)
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def create_token(workspace: str | None, url: str | None, **said: Any) -> None:  # noqa: ANN401  # as they were typed
    """Make a token and print it, alone on stdout; all else goes to stderr."""

    async def work(access: AccessUseCases, operator: Principal) -> None:
        expires = said.pop("expires")
        life = None if expires == "never" else _life_from(expires)
        scope = scope_from(said.pop("scope"))
        made = await access.execute(CreateToken(scope=scope, expires_in=life, **said), operator)
        until = "never expires" if made.token.expires is None else f"expires on {_shown(made.token.expires)}"
        typer.echo(f"Token {made.token.id} of workspace {made.token.workspace} {until}:", err=True)
        typer.echo(made.secret)

    _run(work, workspace, url)


def list_tokens(workspace: str | None, url: str | None) -> None:
    """Print a line for each token."""

    async def work(access: AccessUseCases, operator: Principal) -> None:
        after: str | None = ""
        while after is not None:
            page = await access.ask(ListTokens(limit=MAX_LIMIT, after=after), operator)
            for each in page.items:
                token = each.token
                narrowed = "" if token.lists is None else f" lists {','.join(map(str, token.lists))}"
                of = "" if token.member is None else f" of {token.member}"
                typer.echo(
                    f"{token.id} {token.scope.label}{narrowed}{of}, expires {_shown(token.expires)}, "
                    f"last used {_shown(each.last_used)}: {token.name}"
                )
            after = page.next_after

    _run(work, workspace, url)


def revoke_token(workspace: str | None, url: str | None, id_: str) -> None:
    """Make a token good for nothing."""

    async def work(access: AccessUseCases, operator: Principal) -> None:
        token = await access.execute(RevokeToken(id=id_), operator)
        typer.echo(f"Revoked {token.id}: {token.name}")

    _run(work, workspace, url)


def create_workspace(url: str | None, id_: str, *, name: str | None, owner: str | None) -> None:
    """Make a workspace."""

    async def work(access: AccessUseCases, operator: Principal) -> None:
        made = await access.execute(CreateWorkspace(id=id_, name=name, owner=owner), operator)
        typer.echo(f"Created {made.id}, owned by {made.members[0].id}.")

    _run(work, None, url)


def list_workspaces(url: str | None) -> None:
    """Print a line for each workspace."""

    async def work(access: AccessUseCases, operator: Principal) -> None:
        after: str | None = ""
        while after is not None:
            page = await access.ask(ListWorkspaces(limit=MAX_LIMIT, after=after), operator)
            for each in page.items:
                archived = ", archived" if each.archived else ""
                typer.echo(f"{each.id} ({counted(len(each.members), 'member')}{archived}): {each.name}")
            after = page.next_after

    _run(work, None, url)


def change_workspace(url: str | None, id_: str, *, name: str | Unset = UNSET, archived: bool | Unset = UNSET) -> None:
    """Rename a workspace, or archive it."""

    async def work(access: AccessUseCases, operator: Principal) -> None:
        changed = await access.execute(ChangeWorkspace(name=name, archived=archived), operator)
        typer.echo(f"{changed.id} is called {changed.name}{' and archived' if changed.archived else ''}.")

    _run(work, id_, url)


def set_time_zone(url: str | None, id_: str, *, time_zone: str | None) -> None:
    """Say in which time zone a workspace is; None for that of the service."""

    async def work(access: AccessUseCases, operator: Principal) -> None:
        changed = await access.execute(ChangeWorkspace(time_zone=time_zone), operator)
        where = "the time zone of the service" if changed.time_zone is None else changed.time_zone
        typer.echo(f"Reminders of {changed.id} that name no time zone are in {where}.")

    _run(work, id_, url)


def delete_workspace(url: str | None, id_: str, *, without_export: bool) -> None:
    """Delete a workspace."""

    async def work(access: AccessUseCases, operator: Principal) -> None:
        await access.execute(DeleteWorkspace(without_export=id_ if without_export else None), operator)
        typer.echo(f"Deleted {id_}. `taskharbor purge`, or a server, removes what the store holds of it.")

    _run(work, id_, url)


def set_member(workspace: str | None, url: str | None, id_: str, *, role: str, name: str | None) -> None:
    """Take somebody in, or change a role."""

    async def work(access: AccessUseCases, operator: Principal) -> None:
        found = await access.execute(PutMember(id=id_, role=role_from(role), name=name), operator)
        typer.echo(f"{found.id} is {found.role.value} of {operator.workspace}.")

    _run(work, workspace, url)


def list_members(workspace: str | None, url: str | None) -> None:
    """Print a line for each member."""

    async def work(access: AccessUseCases, operator: Principal) -> None:
        for each in (await access.ask(GetWorkspace(), operator)).members:
            typer.echo(f"{each.id} {each.role.value}: {each.name}")

    _run(work, workspace, url)


def remove_member(workspace: str | None, url: str | None, id_: str) -> None:
    """Take a member out."""

    async def work(access: AccessUseCases, operator: Principal) -> None:
        await access.execute(RemoveMember(id=id_), operator)
        typer.echo(f"{id_} is no longer a member of {operator.workspace}.")

    _run(work, workspace, url)


def create_invitation(workspace: str | None, url: str | None, *, role: str, expires: str) -> None:
    """Make an invitation and print its secret, alone on stdout."""

    async def work(access: AccessUseCases, operator: Principal) -> None:
        command = CreateInvitation(role=role_from(role), expires_in=_life_from(expires))
        made = await access.execute(command, operator)
        typer.echo(f"POST it to /invitations/accept before {_shown(made.invitation.expires)}:", err=True)
        typer.echo(made.secret)

    _run(work, workspace, url)


def create_sign_in_link(url: str | None, *, member: str, expires: str) -> None:
    """Make a link by which a member can sign in, and print it, alone on stdout."""
    settings = configured({"database_url": url})
    base = settings.public_url or f"http://{settings.host}:{settings.port}"

    async def work(access: AccessUseCases, operator: Principal) -> None:
        life = _life_from(expires)
        secret = await access.execute(CreateSignInLink(member=member, expires_in=life), operator)
        typer.echo(f"{member} can sign in once with this, within {expires}:", err=True)
        typer.echo(f"{base.rstrip('/')}{settings.root_path}/sign-in/link?secret={secret}")

    _run(work, None, url)


def sign_out(url: str | None, *, member: str) -> None:
    """End all sessions of a member."""

    async def work(access: AccessUseCases, operator: Principal) -> None:
        await access.execute(EndSessions(member=member), operator)
        typer.echo(f"{member} is signed out everywhere.")

    _run(work, None, url)


def _run(work: Work[None], workspace: WorkspaceId | None, url: str | None) -> None:
    """Do some work as the operator of a store, in a workspace that is there.

    Raises:
        CommandFailed: if a setting is wrong, the store cannot be used, or the work is refused.
    """
    options = {"database_url": url}
    settings = configured(options)
    where = settings.workspace if workspace is None else workspace

    async def act() -> None:
        container = container_from(settings)
        async with container.storage():
            access = container.use_cases().access
            await access.principals.of_local(where, is_default=where == settings.workspace)
            await work(access, system_in(where))

    with store_failures(options):
        try:
            asyncio.run(act())
        except WorkspaceNotFound:
            reason = f"there is no workspace {where}; `taskharbor workspace create {where}` makes one"
            raise CommandFailed(reason, exit_code=CommandFailed.USAGE) from None
        except (StoreUnavailable, StoreNotReady):
            raise
        except InvalidValue as invalid:
            if invalid.field == "database_url":
                raise
            raise CommandFailed(str(invalid), exit_code=CommandFailed.USAGE) from None
        except TaskharborError as refusal:
            raise CommandFailed(str(refusal), exit_code=CommandFailed.USAGE) from None


def _life_from(text: str) -> timedelta:
    found = _LIFE.fullmatch(text)
    if found is None:
        raise InvalidValue("--expires", "must be a number and m, h, d or w, such as 90d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _shown(at: datetime | None) -> str:
    return "never" if at is None else instant_as_json(at.replace(microsecond=0))
