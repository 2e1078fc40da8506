"""What an operator can set about OpenID Connect issuers."""

import json
from importlib.util import find_spec
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from taskharbor.domain.access.permission import Role
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import WorkspaceId, workspace_from
from taskharbor.entrypoints.settings.loopback import is_loopback

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]

_PACKAGES: Final = ("httpx", "joserfc")


GUEST_PREFIX: Final = "guest"
"""What stands before a `+` in the ids that people choose themselves where an issuer vouches for others."""


def _check_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("must be a URL such as https://id.example.org") from None
    is_here = host == "localhost" or is_loopback(host)
    if not host or parts.username is not None or not (parts.scheme == "https" or (parts.scheme == "http" and is_here)):
        raise ValueError("must be an https URL; http is for this machine only")
    if parts.query or parts.fragment:
        raise ValueError("must have no query and no fragment")
    return url


def _check_workspace(name: str) -> WorkspaceId:
    try:
        return workspace_from(name)
    except InvalidValue as invalid:
        raise ValueError(invalid.reason) from None


Url = Annotated[str, AfterValidator(_check_url)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


class Grant(_Part):
    """Who becomes a member of which workspace at first sight: everybody, or whose claim has this value."""

    workspace: Annotated[str, AfterValidator(_check_workspace)]
    role: Role
    claim: str | None = None
    value: str | None = None


class OidcIssuer(_Part):
    """An issuer whose users may call."""

    name: str = Field(default="sso", pattern=r"^[a-z0-9-]{1,32}$")
    issuer: Url
    audience: str = Field(min_length=1)
    algorithms: tuple[Algorithm, ...] = Field(default=("RS256", "ES256"), min_length=1)
    client_id: str | None = Field(default=None, min_length=1)
    client_secret: SecretStr | None = None
    scope: str = "openid profile email"
    member_claim: str = Field(default="sub", min_length=1)
    member_prefix: str = Field(default="", pattern=r"^[a-z0-9.-]{0,32}$")
    create_members: bool = False
    follow_claims: bool = False
    grants: tuple[Grant, ...] = ()


def _from_json(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise ValueError("must be a JSON list of objects") from None


def _check_issuers(issuers: tuple[OidcIssuer, ...]) -> tuple[OidcIssuer, ...]:
    if issuers and not all(find_spec(package) for package in _PACKAGES):
        raise ValueError("needs packages that are not installed: pip install 'taskharbor[oidc]'")
    for what, found in {
        "name": [each.name for each in issuers],
        "issuer": [each.issuer for each in issuers],
        "member_prefix": [each.member_prefix for each in issuers],
    }.items():
        if len(set(found)) < len(found):
            raise ValueError(f"must give each issuer another {what}")
    if any(each.member_prefix == GUEST_PREFIX for each in issuers):
        raise ValueError(f"must give no issuer the member_prefix {GUEST_PREFIX}: those who are invited have it")
    if len(issuers) > 1 and not all(each.member_prefix for each in issuers):
        raise ValueError("must give each issuer a member_prefix: two issuers can call different people the same")
    return issuers


class OidcSettings(BaseSettings):
    """Sign-in with OpenID Connect, and where browsers find this server."""

    model_config = SettingsConfigDict(defer_build=True)  # only all settings together are ever made

    public_url: Annotated[str, AfterValidator(_check_url)] | None = Field(
        default=None,
        description="where browsers and clients find this server, such as https://tasks.example.org, without "
        "TASKHARBOR_ROOT_PATH; its host is served, and cookies are for TLS only if it is https",
    )
    oidc_issuers: Annotated[
        tuple[OidcIssuer, ...], NoDecode, BeforeValidator(_from_json), AfterValidator(_check_issuers)
    ] = Field(
        default=(),
        description="OpenID Connect issuers whose users may call, as a JSON list; docs/access.md says what is in it",
    )

    @property
    def has_tls(self) -> bool:
        """Whether browsers come over TLS."""
        return (self.public_url or "").startswith("https:")
