"""Contexts: saved names for stores and servers, in the user's config folder."""

import json
import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import asdict, field
from pathlib import Path
from typing import Final

from taskharbor.domain.frozen import frozen
from taskharbor.entrypoints.cli.failure import CommandFailed

FILE: Final = "contexts.json"
_ONLY_OURS: Final = 0o600
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@frozen(kw_only=True)
class Context:
    """Where tasks are.

    Attributes:
        database_url: a store of this machine; or
        server: the URL of a server.
        token: the API token for the server.
        token_env: the variable that has the token, so that the file need not.
        workspace: the workspace; None for `default`.
    """

    database_url: str | None = None
    server: str | None = None
    token: str | None = None
    token_env: str | None = None
    workspace: str | None = None


@frozen
class Contexts:
    """All contexts by name, and the one in use."""

    current: str | None = None
    by_name: Mapping[str, Context] = field(default_factory=dict[str, Context])


def contexts_path() -> Path:
    """Return the file that has the contexts: in `XDG_CONFIG_HOME`, else `~/.config`, on Windows in `APPDATA`."""
    folder = os.environ.get("APPDATA") if sys.platform == "win32" else os.environ.get("XDG_CONFIG_HOME")
    return (Path(folder) if folder else Path.home() / ".config") / "taskharbor" / FILE


def read_contexts() -> Contexts:
    """Return the contexts; none if there is no file.

    Raises:
        CommandFailed: if the file cannot be read, or is not one of contexts.
    """
    path = contexts_path()
    try:
        text = path.read_bytes()
        mode = path.stat().st_mode
    except FileNotFoundError:
        return Contexts()
    except OSError as refusal:
        raise CommandFailed(f"cannot read {path}: {refusal.strerror}", exit_code=CommandFailed.SYSTEM) from None
    try:
        found = json.loads(text)
        contexts = Contexts(found["current"], {name: Context(**each) for name, each in found["contexts"].items()})
    except (ValueError, TypeError, KeyError, AttributeError):
        raise CommandFailed(f"{path} is not a file of contexts", exit_code=CommandFailed.USAGE) from None
    if sys.platform != "win32" and mode & _OTHERS and any(each.token for each in contexts.by_name.values()):
        reason = f"{path} has a token and can be read by other users: chmod 600 {path}"
        raise CommandFailed(reason, exit_code=CommandFailed.USAGE)
    return contexts


def write_contexts(contexts: Contexts) -> None:
    """Write the file anew, readable only by its owner; what was there stays until the new one is whole.

    Raises:
        CommandFailed: if it cannot be written.
    """
    path = contexts_path()
    beside = path.with_name(f"{FILE}.{os.getpid()}")
    saved = {
        name: {member: value for member, value in asdict(each).items() if value is not None}
        for name, each in sorted(contexts.by_name.items())
    }
    text = json.dumps({"current": contexts.current, "contexts": saved}, indent=2, ensure_ascii=False)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_OURS), "w", encoding="utf-8"
        ) as file:
            file.write(f"{text}\n")
        beside.replace(path)
    except OSError as refusal:
        beside.unlink(missing_ok=True)
        raise CommandFailed(f"cannot write {path}: {refusal.strerror}", exit_code=CommandFailed.SYSTEM) from None
