"""What all calls of a harbor have in common: who calls, and where."""

from taskharbor.application.principal import CallContext, Principal, StillAllowed
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.identifiers import Revision, workspace_from
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.entrypoints.embedded.use_cases import CalledUseCases


class HarborScope:
    """A principal, and so a workspace.

    Raises:
        InvalidValue: if the workspace has no valid name.
        PermissionDenied: if the principal may not even read.
    """

    def __init__(
        self, use_cases: CalledUseCases, principal: Principal, still_allowed: StillAllowed | None = None
    ) -> None:
        principal.require(Permission.READ)
        self._use_cases = use_cases if principal.lists is None else use_cases.narrowed_to(principal.lists)
        self._principal = principal
        self._still_allowed = still_allowed
        self._workspace = workspace_from(principal.workspace)

    def _context(self, idempotency_key: str | None) -> CallContext:
        return {
            "principal": self._principal,
            "still_allowed": self._still_allowed,
            "idempotency_key": idempotency_key,
        }


def fence_from(fence: Revision | None) -> Revision | Unset:
    """Return what a command has for the fence that a caller gives, or does not give."""
    return UNSET if fence is None else fence
