"""What a caller can say of a call, beside the command."""

from typing import TypedDict

from taskharbor.domain.identifiers import WorkspaceId


class CallOptions(TypedDict, total=False):
    """Who calls, and how. Every command takes these by keyword.

    Attributes:
        workspace: where; `default` if nobody says.
        actor: who wants it, for the history; see `actor_from`.
        idempotency_key: names this call, so that it can be repeated without being carried out twice; see
            `idempotency_key_from`.
    """

    workspace: WorkspaceId
    actor: str | None
    idempotency_key: str | None
