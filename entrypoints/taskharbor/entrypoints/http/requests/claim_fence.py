"""The header `If-Claim`: the fence of the claim under which something is done."""

import re
from typing import Final

from starlette.types import Scope

from taskharbor.domain.identifiers import MAX_ID, Revision
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.entrypoints.http.requests.errors import MalformedHeader
from taskharbor.entrypoints.http.requests.headers import headers_of

# An Integer of RFC 9651 section 3.3.1; or in quotation marks, like an entity tag.
_FENCE: Final = re.compile(rb'[ \t]*("?)([1-9][0-9]{0,15})\1[ \t]*')
_SYNTAX: Final = "the fence of a claim, such as 7"

CLAIM_ERRORS: Final = (MalformedHeader("If-Claim", _SYNTAX),)


def fence_of(scope: Scope) -> Revision | Unset:
    """Return the fence that a request names.

    Raises:
        MalformedHeader: if the header is not what it must be.
    """
    value = headers_of(scope).get(b"if-claim")
    if value is None:
        return UNSET
    found = _FENCE.fullmatch(value)
    if found is None or int(found[2]) > MAX_ID:
        raise MalformedHeader("If-Claim", _SYNTAX)
    return int(found[2])
