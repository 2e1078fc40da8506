"""Claims: a task that one holder works on alone, until a lease ends.

A claim is a lease with a fencing token. Its *fence* is the revision of the commit that made it, so fences of one task
only grow, and work that is done under an older one can be refused. A claim whose `until` has come counts for nothing:
nobody has to take it away.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Self

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision
from taskharbor.domain.values.duration import Duration, duration_from
from taskharbor.domain.values.instant import instant_as_json
from taskharbor.domain.values.primitives import string_from
from taskharbor.domain.values.text import one_line_from

SHORTEST_LEASE: Final = timedelta(seconds=1)
LONGEST_LEASE: Final = timedelta(days=1)

MAX_HOLDER_LENGTH: Final = 255
"""In code points."""


@frozen
class Claim:
    """A claim on a task.

    Attributes:
        holder: who works on it.
        until: when the claim ends by itself; aware, in UTC.
        fence: the revision of the commit that made the claim; None while the task still has just that revision.
    """

    holder: str
    until: datetime
    fence: Revision | None = None

    def holds(self, at: datetime) -> bool:
        """Return whether it has not ended."""
        return at < self.until

    def fenced(self, revision: Revision) -> Self:
        """Return it with its fence, as a task of this revision has it."""
        return self if self.fence is not None else replace(self, fence=revision)

    def as_json(self) -> dict[str, object]:
        """Return the wire form."""
        return {"holder": self.holder, "until": instant_as_json(self.until), "fence": self.fence}


def holder_from(value: object) -> str:
    """Return `value` as the name of a holder: one line of 1 to 255 characters.

    Raises:
        InvalidValue: for `holder`.
    """
    name = one_line_from("holder", string_from("holder", value))
    if not 1 <= len(name) <= MAX_HOLDER_LENGTH:
        raise InvalidValue("holder", f"must have from 1 to {MAX_HOLDER_LENGTH} characters, has {len(name)}")
    return name


def lease_from(value: str | Duration | timedelta) -> timedelta:
    """Return `value`, such as `PT5M`, as the length of a lease; a day has 24 hours.

    Raises:
        InvalidValue: for `lease`, if it is no duration, or is shorter than a second or longer than a day.
    """
    lease = value if isinstance(value, timedelta) else timedelta(seconds=duration_from("lease", value).in_seconds)
    if not SHORTEST_LEASE <= lease <= LONGEST_LEASE:
        raise InvalidValue("lease", "must be from PT1S to P1D")
    return lease
