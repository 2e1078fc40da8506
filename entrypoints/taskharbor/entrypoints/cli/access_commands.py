"""The commands on workspaces, members, invitations and tokens, and their options."""

# ruff: noqa: PLC0415 - what they do is imported when it is asked for: help must be quick

from typing import Annotated, Final

import typer

token: Final = typer.Typer(help="Manage the API tokens of a workspace.", no_args_is_help=True, rich_markup_mode=None)
workspace: Final = typer.Typer(help="Manage workspaces.", no_args_is_help=True, rich_markup_mode=None)
member: Final = typer.Typer(help="Manage the members of a workspace.", no_args_is_help=True, rich_markup_mode=None)
invitation: Final = typer.Typer(
    help="Manage invitations into a workspace.", no_args_is_help=True, rich_markup_mode=None
)

app: Final = typer.Typer(rich_markup_mode=None)
for _name, _group in {"workspace": workspace, "member": member, "invitation": invitation, "token": token}.items():
    app.add_typer(_group, name=_name)

Where = Annotated[
    str | None, typer.Option("--workspace", metavar="W", help="The workspace. [that of TASKHARBOR_WORKSPACE]")
]
Url = Annotated[str | None, typer.Option(metavar="URL", help="The store, as for `taskharbor serve`.")]
Role = Annotated[str, typer.Option(metavar="ROLE", help="owner, editor or viewer.")]


@token.command("create")
def create_token(
    scope: Annotated[str, typer.Option(metavar="SCOPE", help="read, write or manage.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="What it is for.")] = "from the command line",
    lists: Annotated[
        list[int] | None, typer.Option("--list", metavar="L", help="A list to which it is narrowed; can be repeated.")
    ] = None,
    expires: Annotated[str, typer.Option(metavar="TIME", help="How long it is good: 90d, 12h, or never.")] = "90d",
    of: Annotated[
        str | None, typer.Option("--member", metavar="ID", help="The member for whom it acts. [none]")
    ] = None,
    workspace: Where = None,
    database_url: Url = None,
) -> None:
    """Create an API token, and print it. It cannot be shown again."""
    from taskharbor.entrypoints.cli.access import create_token as run

    run(workspace, database_url, name=name, scope=scope, lists=lists, expires=expires, member=of)


@token.command("list")
def list_tokens(workspace: Where = None, database_url: Url = None) -> None:
    """List the API tokens of a workspace."""
    from taskharbor.entrypoints.cli.access import list_tokens as run

    run(workspace, database_url)


@token.command("revoke")
def revoke_token(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id that `token list` shows.")],
    workspace: Where = None,
    database_url: Url = None,
) -> None:
    """Revoke an API token, on every server within 5 seconds."""
    from taskharbor.entrypoints.cli.access import revoke_token as run

    run(workspace, database_url, id)


@workspace.command("create")
def create_workspace(
    id: Annotated[str, typer.Argument(metavar="ID", help="1 to 64 of a-z 0-9 . _ -")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What people call it. [its id]")] = None,
    owner: Annotated[str | None, typer.Option(metavar="ID", help="The member who owns it. [local]")] = None,
    database_url: Url = None,
) -> None:
    """Create a workspace, or take one into the directory that a program has made."""
    from taskharbor.entrypoints.cli.access import create_workspace as run

    run(database_url, id, name=name, owner=owner)


@workspace.command("list")
def list_workspaces(database_url: Url = None) -> None:
    """List all workspaces."""
    from taskharbor.entrypoints.cli.access import list_workspaces as run

    run(database_url)


@workspace.command("rename")
def rename_workspace(
    id: Annotated[str, typer.Argument(metavar="ID")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="What people call it; its id stays.")],
    database_url: Url = None,
) -> None:
    """Give a workspace another name."""
    from taskharbor.entrypoints.cli.access import change_workspace as run

    run(database_url, id, name=name)


@workspace.command("time-zone")
def set_time_zone(
    id: Annotated[str, typer.Argument(metavar="ID")],
    time_zone: Annotated[
        str | None, typer.Argument(metavar="[ZONE]", help="Such as Europe/Berlin. [that of the service]")
    ] = None,
    database_url: Url = None,
) -> None:
    """Say in which time zone reminders of all-day tasks, and of tasks without a time zone, are due."""
    from taskharbor.entrypoints.cli.access import set_time_zone as run

    run(database_url, id, time_zone=time_zone)


@workspace.command("archive")
def archive_workspace(id: Annotated[str, typer.Argument(metavar="ID")], database_url: Url = None) -> None:
    """Let a workspace only be read."""
    from taskharbor.entrypoints.cli.access import change_workspace as run

    run(database_url, id, archived=True)


@workspace.command("unarchive")
def unarchive_workspace(id: Annotated[str, typer.Argument(metavar="ID")], database_url: Url = None) -> None:
    """Let a workspace take changes again."""
    from taskharbor.entrypoints.cli.access import change_workspace as run

    run(database_url, id, archived=False)


@workspace.command("delete")
def delete_workspace(
    id: Annotated[str, typer.Argument(metavar="ID")],
    without_export: Annotated[
        bool, typer.Option("--without-export", help="Even if it has changed since its last export.")
    ] = False,
    database_url: Url = None,
) -> None:
    """Delete a workspace with all that is in it."""
    from taskharbor.entrypoints.cli.access import delete_workspace as run

    run(database_url, id, without_export=without_export)


@workspace.command("move")
def move_workspace(
    id: Annotated[str, typer.Argument(metavar="ID")],
    to: Annotated[str, typer.Option(metavar="SHARD", help="A name of TASKHARBOR_SHARDS, or home.")],
    database_url: Url = None,
) -> None:
    """Move a workspace to another server of PostgreSQL while it is used."""
    from taskharbor.entrypoints.cli.store.moving import move_workspace as run

    run(database_url, id, to)


@member.command("set")
def set_member(
    id: Annotated[str, typer.Argument(metavar="ID")],
    role: Role,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What people call them. [the id]")] = None,
    workspace: Where = None,
    database_url: Url = None,
) -> None:
    """Take somebody into a workspace, or give a member another role."""
    from taskharbor.entrypoints.cli.access import set_member as run

    run(workspace, database_url, id, role=role, name=name)


@member.command("list")
def list_members(workspace: Where = None, database_url: Url = None) -> None:
    """List the members of a workspace."""
    from taskharbor.entrypoints.cli.access import list_members as run

    run(workspace, database_url)


@member.command("remove")
def remove_member(
    id: Annotated[str, typer.Argument(metavar="ID")], workspace: Where = None, database_url: Url = None
) -> None:
    """Take a member out of a workspace."""
    from taskharbor.entrypoints.cli.access import remove_member as run

    run(workspace, database_url, id)


@invitation.command("create")
def create_invitation(
    role: Role,
    expires: Annotated[str, typer.Option(metavar="TIME", help="How long it is good, up to 90d.")] = "7d",
    workspace: Where = None,
    database_url: Url = None,
) -> None:
    """Invite somebody into a workspace, and print the secret, which works once."""
    from taskharbor.entrypoints.cli.access import create_invitation as run

    run(workspace, database_url, role=role, expires=expires)


@app.command("sign-in-link")
def sign_in_link(
    member: Annotated[str, typer.Option(metavar="ID", help="The member who may sign in with it.")],
    expires: Annotated[str, typer.Option(metavar="TIME", help="How long it is good, up to 1d.")] = "15m",
    database_url: Url = None,
) -> None:
    """Print a link by which a member can sign in with a browser, once."""
    from taskharbor.entrypoints.cli.access import create_sign_in_link as run

    run(database_url, member=member, expires=expires)


@app.command("sign-out")
def sign_out(
    member: Annotated[str, typer.Option(metavar="ID", help="The member whose sessions end; API tokens stay.")],
    database_url: Url = None,
) -> None:
    """Sign a member out of all browsers, on every server within 5 seconds."""
    from taskharbor.entrypoints.cli.access import sign_out as run

    run(database_url, member=member)
