"""From options, environment and contexts to the store or server that a command is carried out on."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from taskharbor.domain.frozen import frozen
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.target.contexts import Context, Contexts, read_contexts

if TYPE_CHECKING:
    from taskharbor.entrypoints.embedded.harbor import Harbor

DEFAULT_DATABASE: Final = "sqlite:///tasks.db"
DEFAULT_WORKSPACE: Final = "default"


@frozen(kw_only=True)
class Options:
    """What a command was told of where tasks are; None where it was not."""

    database_url: str | None = None
    server: str | None = None
    token: str | None = None
    context: str | None = None
    workspace: str | None = None


@frozen(kw_only=True)
class Target:
    """A store or a server, and a workspace of it.

    Attributes:
        server: the URL of a server; None for a store.
        database_url: the URL of a store.
        token: the API token for the server.
        workspace: the workspace.
    """

    server: str | None
    database_url: str
    token: str | None
    workspace: str

    @property
    def place(self) -> str:
        """What to name in messages."""
        return self.server or self.database_url


def target_of(options: Options, environment: Mapping[str, str] = os.environ) -> Target:
    """Return where a command is carried out: what it was told, else the environment, else the context in use.

    A token belongs to one server: that of a context is not sent to a server that was named otherwise.

    Raises:
        CommandFailed: if two places are named, or no context has the name.
    """
    if options.server is not None and options.database_url is not None:
        raise CommandFailed("give --server or --database-url, not both", exit_code=CommandFailed.USAGE)
    given = Context(server=options.server, database_url=options.database_url)
    if given == Context():
        given = _of_environment(options.context, environment)
    token = options.token or environment.get("TASKHARBOR_TOKEN") or given.token
    if token is None and given.token_env is not None:
        token = environment.get(given.token_env)
        if not token:
            reason = f"the context takes its token from the variable {given.token_env}, which is not set"
            raise CommandFailed(reason, exit_code=CommandFailed.USAGE)
    return Target(
        server=given.server,
        database_url=given.database_url or DEFAULT_DATABASE,
        token=token,
        workspace=options.workspace or environment.get("TASKHARBOR_WORKSPACE") or given.workspace or DEFAULT_WORKSPACE,
    )


def _of_environment(name: str | None, environment: Mapping[str, str]) -> Context:
    if name is None:
        server, url = environment.get("TASKHARBOR_SERVER"), environment.get("TASKHARBOR_DATABASE_URL")
        if server or url:
            return Context(server=server or None, database_url=None if server else url)
    contexts = read_contexts()
    name = name or environment.get("TASKHARBOR_CONTEXT") or contexts.current
    return Context() if name is None else context_named(name, contexts)


def context_named(name: str, contexts: Contexts) -> Context:
    """Return a context.

    Raises:
        CommandFailed: if there is none of this name; it suggests one that is spelt alike.
    """
    found = contexts.by_name.get(name)
    if found is not None:
        return found
    near = get_close_matches(name, contexts.by_name, n=1)
    hint = f"; did you mean {near[0]}?" if near else ": `taskharbor context list` lists them"
    raise CommandFailed(f"there is no context named {name}{hint}", exit_code=CommandFailed.USAGE)


@asynccontextmanager
async def opened(target: Target, *, reads: bool = False) -> "AsyncIterator[Harbor]":
    """Open a store or a server. Who only reads makes no database where there is none, and upgrades none."""
    if target.server is not None:
        from taskharbor.entrypoints.client.connecting import connect  # noqa: PLC0415  # httpx takes time to load

        async with connect(target.server, token=target.token, workspace=target.workspace) as harbor:
            yield harbor
        return
    from taskharbor.entrypoints.embedded.opening import open_taskharbor  # noqa: PLC0415  # as does SQLAlchemy

    async with open_taskharbor(
        target.database_url,
        workspace=target.workspace,
        migrate=False if reads else None,
        shards=_shards_of(target),
    ) as harbor:
        yield harbor


def _shards_of(target: Target) -> dict[str, str]:
    named = os.environ.get("TASKHARBOR_SHARDS")
    if not named or not target.database_url.startswith("postgres"):
        return {}
    from taskharbor.application.shards.shard_urls import shard_urls_from  # noqa: PLC0415
    from taskharbor.domain.errors import InvalidValue  # noqa: PLC0415

    try:
        return shard_urls_from(named)
    except InvalidValue as invalid:
        raise CommandFailed(f"TASKHARBOR_SHARDS {invalid.reason}", exit_code=CommandFailed.USAGE) from None
