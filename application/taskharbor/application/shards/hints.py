"""Hints of the commits of several stores."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from taskharbor.application.ports.commit_hints import CommitHints
from taskharbor.application.ports.storage import Storage
from taskharbor.domain.identifiers import WorkspaceId

_WITHOUT_HINTS: Final = 0.25
"""Seconds between two hints for nothing, of a store that gives none."""


async def hear_all(stores: Mapping[str, Storage], hear: Callable[[WorkspaceId | None], None]) -> None:
    """Hear of commits what all the stores say, from when no later commit of any can be missed, until cancelled.

    Raises:
        StoreUnavailable: if one says nothing any more.
    """
    deaf = set(stores)

    def hear_of(name: str, workspace: WorkspaceId | None) -> None:
        if name in deaf:
            deaf.remove(name)
            workspace = None
        if not deaf:
            hear(workspace)

    async def listen(name: str, storage: Storage) -> None:
        while not isinstance(storage, CommitHints):  # it may have committed something
            hear_of(name, None)
            await asyncio.sleep(_WITHOUT_HINTS)
        await storage.hear_commits(lambda workspace: hear_of(name, workspace))

    listeners = [asyncio.ensure_future(listen(name, storage)) for name, storage in stores.items()]
    try:
        await asyncio.gather(*listeners)
    finally:
        for listener in listeners:
            listener.cancel()
        await asyncio.gather(*listeners, return_exceptions=True)
