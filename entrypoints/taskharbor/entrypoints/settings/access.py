"""What an operator can set about who reaches the server, and from which pages."""

import ipaddress
import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from taskharbor.entrypoints.settings.environment import PREFIX
from taskharbor.entrypoints.settings.loopback import is_ip_address
from taskharbor.entrypoints.settings.texts import comma_separated, lower_case

_NAME: Final = re.compile(r"[a-z0-9_.-]{1,253}", re.IGNORECASE)
_ORIGIN: Final = re.compile(r"(https?)://(?:[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?")
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


def _check_hosts(hosts: tuple[str, ...]) -> tuple[str, ...]:
    if not all(_NAME.fullmatch(host) or is_ip_address(host.removeprefix("[").removesuffix("]")) for host in hosts):
        raise ValueError("must be names or addresses without a port, separated by commas, without wildcards")
    return hosts


def _check_origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_origin_from(origin.lower()) for origin in origins)


def _check_networks(networks: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(str(ipaddress.ip_network(network)) for network in networks)
    except ValueError:
        raise ValueError("must be addresses or networks such as 10.0.0.0/8, separated by commas") from None


def _origin_from(text: str) -> str:
    found = _ORIGIN.fullmatch(text)
    if found is None:
        raise ValueError("must be origins such as https://app.example.org, separated by commas, without wildcards")
    return text.removesuffix(_DEFAULT_PORTS[found[1]]) if found[2] else text  # as browsers write them


_List = Annotated[tuple[str, ...], NoDecode, BeforeValidator(comma_separated)]


class AccessSettings(BaseSettings):
    """Who may call, names of the server, pages that may use it, and whether it may be reached from elsewhere."""

    model_config = SettingsConfigDict(defer_build=True)  # only all settings together are ever made

    auth: Annotated[Literal["local", "required"], BeforeValidator(lower_case)] = Field(
        default="local",
        description="who may call: local serves everyone who reaches the server as the one user of this machine; "
        "required wants every request to say who it is from, with a token",
    )
    audit_retention: int = Field(
        default=31_536_000,
        ge=0,
        le=3_153_600_000,
        description="seconds for which the owners of a workspace can read what happened to access",
    )
    allowed_hosts: Annotated[_List, AfterValidator(_check_hosts)] = Field(
        default=(),
        description="names of this server besides its address and localhost, separated by commas; 421 for others",
    )
    cors_origins: Annotated[_List, AfterValidator(_check_origins)] = Field(
        default=(),
        description="origins whose pages may use the API, such as https://app.example.org, separated by commas",
    )
    trusted_proxies: Annotated[_List, AfterValidator(_check_networks)] = Field(
        default=(),
        description="addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, "
        "separated by commas",
    )
    mcp: bool = Field(
        default=False, description="whether agents are served at /mcp (Model Context Protocol; needs the extra mcp)"
    )
    insecure_no_auth: bool = Field(
        default=False, description="whether to serve on other than loopback addresses, where nobody has to sign in"
    )

    @model_validator(mode="after")
    def _check_insecure(self) -> Self:
        if self.insecure_no_auth and self.auth != "local":
            raise ValueError(f"{PREFIX}INSECURE_NO_AUTH must be false with {PREFIX}AUTH=required")
        return self
