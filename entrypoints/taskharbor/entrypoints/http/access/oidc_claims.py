"""From what an issuer says of somebody to a member of ours."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from taskharbor.domain.access.members import MemberId, member_id_from
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.settings.oidc import GUEST_PREFIX, Grant, OidcIssuer

GUEST: Final = f"{GUEST_PREFIX}+"
"""How the ids begin that people choose themselves where an issuer vouches for others."""

_HASHED: Final = "sub-"
_HASH_DIGITS: Final = 40


def member_id_of(claims: Mapping[str, Any], issuer: OidcIssuer) -> MemberId | None:
    """Return the id of the member whom an issuer vouches for; None if its claim is missing or not to be trusted.

    An address counts only if the issuer has verified it, in lower case. Whatever cannot be an id, and what looks like
    that or like the id of a guest, becomes `sub-` and the beginning of its SHA-256: no two people get the same id.
    """
    said = claims.get(issuer.member_claim)
    if not isinstance(said, str) or not said:
        return None
    if issuer.member_claim == "email":
        if claims.get("email_verified") is not True:
            return None
        said = said.lower()
    before = f"{issuer.member_prefix}+" if issuer.member_prefix else ""
    plain = f"{before}{said}"
    if _is_member_id(plain) and not said.startswith((_HASHED, GUEST)):
        return plain
    return f"{before}{_HASHED}{sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:_HASH_DIGITS]}"


def name_of(claims: Mapping[str, Any]) -> str | None:
    """Return what people call somebody, on one line of at most 100 characters; None if the issuer does not say."""
    for claim in ("name", "preferred_username", "email"):
        said = claims.get(claim)
        if isinstance(said, str) and (name := " ".join(said.split())):
            return "".join(letter for letter in name if letter.isprintable())[:100] or None
    return None


def grants_of(claims: Mapping[str, Any], issuer: OidcIssuer) -> Iterator[Grant]:
    """Yield what the settings give to somebody with these claims, in their order; of each workspace once."""
    seen: set[str] = set()
    for grant in issuer.grants:
        if grant.workspace not in seen and _has(claims, grant):
            seen.add(grant.workspace)
            yield grant


def _has(claims: Mapping[str, Any], grant: Grant) -> bool:
    if grant.claim is None:
        return True
    said = claims.get(grant.claim)
    if isinstance(said, list):
        return grant.value in said
    # Scopes are words in one text (RFC 8693 section 4.2).
    return isinstance(said, str) and (said == grant.value or grant.value in said.split(" "))


def _is_member_id(text: str) -> bool:
    try:
        member_id_from("id", text)
    except InvalidValue:
        return False
    return True
