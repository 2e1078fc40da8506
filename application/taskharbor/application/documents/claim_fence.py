"""The fence of a claim that is as old as the task's last change.

It is the revision of the commit that made the claim, which is not known when the document is written, and need not be
repeated in it as long as the task has just that revision. Readers get it from the revision beside the document.
"""

import re
from typing import Final

from taskharbor.domain.identifiers import Revision

# No quotation mark stands in the texts of JSON without a backslash, so this is nothing that a caller has written.
_TO_COME: Final = '"fence":null}'
_TO_COME_IN_BYTES: Final = _TO_COME.encode()

_TASK_TO_COME: Final = re.compile(
    rb'"fence":null\}(?=(?:,"alerts":\[[^\]]*\])?,"completed":null(?:,"blocked":(?:true|false))?,"revision":([0-9]+)\})'
)
"""Only an open task has a claim, and little stands between that and the revision."""


MAY_BE_CLAIMED: Final = ('},"completed":null}', '],"completed":null}')
"""How the document of a task ends that has a claim, or alerts after it: seen sooner than that there is none."""


def fenced(document: str, revision: Revision) -> str:
    """Return the document of a task of this revision with the fence of its claim."""
    return document.replace(_TO_COME, f'"fence":{revision}}}')


def all_fenced(texts: bytes) -> bytes:
    """Return the texts of tasks, each with the fence of its claim."""
    return _TASK_TO_COME.sub(rb'"fence":\1}', texts) if _TO_COME_IN_BYTES in texts else texts
