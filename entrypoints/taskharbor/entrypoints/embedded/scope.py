"""What all calls of a harbor have in common: the workspace and the actor."""

from taskharbor.application.calls import CallContext, actor_from
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import workspace_from


class HarborScope:
    """A workspace and an actor."""

    def __init__(self, use_cases: UseCases, *, workspace: str, actor: str | None = None) -> None:
        self._use_cases = use_cases
        self._workspace = workspace_from(workspace)
        self._actor = actor_from(actor)

    def _context(self, idempotency_key: str | None) -> CallContext:
        return {"workspace": self._workspace, "actor": self._actor, "idempotency_key": idempotency_key}
