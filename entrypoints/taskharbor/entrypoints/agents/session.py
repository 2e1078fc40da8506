"""What the tools work with: the calls of a harbor, and where the agent is."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from taskharbor.domain.access.permission import Permission
from taskharbor.domain.frozen import frozen
from taskharbor.domain.values.time_zone import time_zone_from, zone
from taskharbor.entrypoints.embedded.harbor import Harbor


def _now() -> datetime:
    return datetime.now(UTC)


@frozen(kw_only=True)
class AgentSession:
    """An agent, for one call or for many.

    Attributes:
        harbor: what it works on, and as whom.
        permission: what it may do.
        time_zone: where it is, unless a call says otherwise.
        holder: in whose name it claims tasks; None for the actor of the harbor.
        now: what time it is.
    """

    harbor: Harbor
    permission: Permission = Permission.MANAGE
    time_zone: str = "UTC"
    holder: str | None = None
    now: Callable[[], datetime] = _now

    def dated(self, answer: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
        """Return an answer that says by which clock its dates are, and what day it is there.

        Raises:
            InvalidValue: for `time_zone`.
        """
        name = self.zone_of(arguments)
        return answer | {"time_zone": name, "today": self.now().astimezone(zone(name)).date().isoformat()}

    def zone_of(self, arguments: dict[str, Any]) -> str:
        """Return the zone that a call names, or that of the session.

        Raises:
            InvalidValue: for `time_zone`.
        """
        return time_zone_from("time_zone", arguments.get("time_zone", self.time_zone))
