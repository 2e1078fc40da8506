"""What an operator can set about how much of the server one client gets."""

from importlib.util import find_spec
from ipaddress import ip_network
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from taskharbor.entrypoints.settings.rate import Rate, RateSetting
from taskharbor.entrypoints.settings.texts import none_if

_SHARED: Final = ("redis://", "rediss://", "redis+unix://", "valkey://", "valkeys://", "valkey+unix://")


Quota = Annotated[int | None, BeforeValidator(none_if("off"))]
"""None means that there is no limit."""


class LimitSettings(BaseSettings):
    """Bounds on requests, and on how many wait at once."""

    model_config = SettingsConfigDict(defer_build=True)  # only all settings together are ever made

    max_request_line_bytes: int = Field(
        default=65_536,
        ge=1024,
        le=1_048_576,
        description="maximum bytes of the URL of a request, percent-encoded; 414 above",
    )
    max_header_bytes: int = Field(
        default=32_768, ge=1024, le=1_048_576, description="maximum bytes of all headers of a request; 431 above"
    )
    max_headers: int = Field(
        default=100, ge=10, le=10_000, description="maximum number of headers of a request; 431 above"
    )
    head_timeout: float = Field(
        default=10.0, gt=0, le=600, description="seconds within which the head of a request must arrive; 408 otherwise"
    )
    min_body_rate: int = Field(
        default=240,
        ge=0,
        le=1_048_576,
        description="minimum bytes per second of a request body, over any 5 seconds; 408 below",
    )
    max_running: int = Field(
        default=64,
        ge=4,
        le=10_000,
        description="maximum concurrent reads, and as many writes, of each worker, fewer if they are slow; "
        "others wait their turn",
    )
    max_wait: float = Field(
        default=0.4,
        gt=0,
        le=60,
        description="maximum seconds that a request waits its turn; one that would wait longer gets 503 at once",
    )
    query_timeout: float = Field(
        default=2.0, gt=0, le=300, description="seconds that one query may take the store; 503 for what takes longer"
    )
    max_streams: int = Field(
        default=2000, ge=1, le=100_000, description="maximum concurrent streams of events of each worker; 503 above"
    )
    deliver_webhooks: bool = Field(
        default=True, description="whether this server calls webhooks; several share them, one calls each"
    )
    webhook_networks: str = Field(
        default="",
        description="addresses that webhooks may have though they are not public, such as 10.0.0.0/8,127.0.0.1",
    )
    stream_heartbeat: float = Field(
        default=15.0, gt=0, le=3600, description="seconds between the comments that keep a stream of events alive"
    )
    rate_limit: RateSetting = Field(
        default=None, description="requests of one caller, such as 600/minute; 429 above; or off"
    )
    rate_limit_per_address: RateSetting = Field(
        default=None, description="requests from one address (IPv6: one /64), whoever calls; 429 above; or off"
    )
    failed_sign_ins: RateSetting = Field(
        default=Rate(20, 60),
        description="wrong tokens and sign-ins from one address before all from there are refused; 429 above; or off",
    )
    rate_limit_store: SecretStr | None = Field(
        default=None,
        description="where rates are counted: redis://host:6379 or valkey://host:6379, for all servers together; "
        "auto means in each worker",
    )

    quota_tasks: Quota = Field(default=None, ge=1, description="tasks that a workspace may hold; 409 above; or off")
    quota_lists: Quota = Field(default=None, ge=1, description="lists that a workspace may hold; 409 above; or off")
    quota_members: Quota = Field(default=None, ge=1, description="members of a workspace; 409 above; or off")
    quota_tokens: Quota = Field(default=None, ge=1, description="API tokens of a workspace; 409 above; or off")
    quota_webhooks: Quota = Field(default=None, ge=1, description="webhooks of a workspace; 409 above; or off")
    quota_bytes: Quota = Field(
        default=None, ge=1, description="bytes of the tasks of a workspace, as JSON; 409 above; or off"
    )

    @field_validator("webhook_networks")
    @classmethod
    def _check_webhook_networks(cls, networks: str) -> str:
        for network in networks.replace(",", " ").split():
            try:
                ip_network(network)
            except ValueError:
                raise ValueError("must be networks such as 10.0.0.0/8 or fd00::/8, separated by commas") from None
        return networks

    @field_validator("rate_limit_store")
    @classmethod
    def _check_rate_limit_store(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(_SHARED):
            raise ValueError("must be a URL such as redis://host:6379 or valkey://host:6379")
        if url is not None and not (find_spec("limits") and find_spec("redis")):
            raise ValueError("needs packages that are not installed: pip install 'taskharbor[redis]'")
        return url
