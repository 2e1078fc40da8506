"""The keys of an issuer, fetched when they are needed and renewed beside requests."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import Key, import_key

from taskharbor.adapters.oidc.documents import DocumentAt, NoDocument
from taskharbor.adapters.oidc.issuer import IssuerUnavailable, WrongIssuer

RENEWED_AFTER: Final = 600.0
"""Seconds after which keys that are used are fetched anew, beside the requests."""

ASKED_AGAIN_AFTER: Final = 30.0
"""Seconds between two attempts, however many unknown keys are named meanwhile."""

LONGEST_WAIT: Final = 2.0
"""Seconds that a request waits for keys that are being fetched."""

_LOG: Final = logging.getLogger("taskharbor.oidc")
_ASYMMETRIC: Final = frozenset({"RSA", "EC", "OKP"})
_MOST_KEYS: Final = 100


class IssuerKeys:
    """Knows the metadata and the public keys of one issuer. It goes on with those it has while the issuer is away.

    Attributes:
        generation: counts how often the keys were found changed: what was checked with earlier ones must not be kept.
    """

    def __init__(self, issuer: str, document_at: DocumentAt, *, clock: Callable[[], float] = monotonic) -> None:
        self._issuer = issuer
        self._document_at = document_at
        self._clock = clock
        self._metadata: Mapping[str, Any] | None = None
        self._keys: dict[str | None, Key] = {}
        self._fetched = self._tried = float("-inf")
        self._fetching: asyncio.Task[None] | None = None
        self.generation = 0

    async def metadata(self) -> Mapping[str, Any]:
        """Return what the issuer says of itself.

        Raises:
            IssuerUnavailable: if it does not.
        """
        if self._metadata is None:
            await self._wait()
        if self._metadata is None:
            raise IssuerUnavailable(self._issuer)
        return self._metadata

    async def key(self, kid: str | None) -> Key | None:
        """Return the key of this name; without one the only key. None if there is none.

        Raises:
            IssuerUnavailable: if no keys are known yet, and none can be had.
        """
        if kid not in self._keys:
            await self._wait()
        elif self._clock() - self._fetched > RENEWED_AFTER:
            self._start()
        if not self._keys:
            raise IssuerUnavailable(self._issuer)
        return self._keys.get(kid)

    async def fetch(self) -> None:
        """Fetch metadata and keys now.

        Raises:
            NoDocument: if they cannot be had.
            WrongIssuer: if they are another issuer's, or are at no address from which they may be taken.
        """
        self._tried = self._clock()
        metadata = await self._document_at(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if metadata.get("issuer") != self._issuer:
            raise WrongIssuer("its metadata is that of another issuer")
        for name in ("jwks_uri", "authorization_endpoint", "token_endpoint"):
            if name in metadata or name == "jwks_uri":
                self._require_safe(name, metadata.get(name))
        keys = _keys_from(await self._document_at(metadata["jwks_uri"]))
        if {kid: key.thumbprint() for kid, key in keys.items()} != {
            kid: key.thumbprint() for kid, key in self._keys.items()
        }:
            self.generation += 1
        self._metadata, self._keys, self._fetched = metadata, keys, self._clock()

    async def aclose(self) -> None:
        """Stop what is being fetched."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait({self._fetching})

    def _require_safe(self, name: str, url: object) -> None:
        """Make sure that this address is as safe as the issuer's own: keys that came in the clear prove nothing."""
        scheme = urlsplit(url).scheme if isinstance(url, str) else ""
        if scheme != "https" and scheme != urlsplit(self._issuer).scheme:
            raise WrongIssuer(f"its {name} is no https URL")

    async def _wait(self) -> None:
        self._start()
        if self._fetching is not None and not self._fetching.done():
            await asyncio.wait({self._fetching}, timeout=LONGEST_WAIT)

    def _start(self) -> None:
        is_running = self._fetching is not None and not self._fetching.done()
        if not is_running and self._clock() - self._tried >= ASKED_AGAIN_AFTER:
            self._tried = self._clock()
            self._fetching = asyncio.create_task(self._try())

    async def _try(self) -> None:
        try:
            await self.fetch()
        except (NoDocument, WrongIssuer) as failure:
            _LOG.warning("the keys of %s could not be fetched: %s", self._issuer, failure)


def _keys_from(document: Mapping[str, Any]) -> dict[str | None, Key]:
    """Return the public keys that are for signatures by their names; the only one also as None."""
    listed = document.get("keys")
    keys: dict[str | None, Key] = {}
    for member in listed[:_MOST_KEYS] if isinstance(listed, list) else ():
        if not isinstance(member, dict) or member.get("kty") not in _ASYMMETRIC or member.get("use", "sig") != "sig":
            continue
        try:
            key = import_key({name: value for name, value in member.items() if name not in _PRIVATE})
        except (JoseError, ValueError, TypeError, KeyError):
            continue  # of a kind that we do not know
        kid = member.get("kid")
        keys[kid if isinstance(kid, str) else None] = key
    if len(keys) == 1:
        keys[None] = next(iter(keys.values()))
    elif None in keys:
        del keys[None]  # nothing says which it is
    if not keys:
        raise NoDocument("no public key for signatures")
    return keys


_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
