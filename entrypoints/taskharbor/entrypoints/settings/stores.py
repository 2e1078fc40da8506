"""What an operator can set about where tasks are kept."""

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from taskharbor.application.shards.shard_urls import shard_urls_from
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.settings.environment import PREFIX
from taskharbor.entrypoints.settings.texts import none_if


class StoreSettings(BaseSettings):
    """The database, and its replicas."""

    model_config = SettingsConfigDict(defer_build=True)  # only all settings together are ever made

    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///tasks.db"),
        description="the store: sqlite:///file.db, postgresql://user:password@host/database, lmdb:///folder or memory://",
    )
    shards: Annotated[SecretStr | None, BeforeValidator(none_if("off"))] = Field(
        default=None,
        description="more servers of PostgreSQL, to which new workspaces go: a name, = and a URL for each, such as "
        "north=postgresql://user:password@host/database, separated by spaces; or off",
    )
    replica_url: Annotated[SecretStr | None, BeforeValidator(none_if("off"))] = Field(
        default=None,
        description="replicas of a PostgreSQL, each host one, which answer queries of callers who say what they have "
        "seen: postgresql://user:password@host1,host2/database; or off",
    )
    replica_wait: float = Field(
        default=0.0, ge=0, le=10, description="seconds to wait for a replica that is behind before the primary is asked"
    )

    @field_validator("database_url", "replica_url")
    @classmethod
    def _check_url(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None:
            return None
        # Which stores there are is not recognized, but a URL that cannot be taken apart cannot be masked either.
        scheme, separator, _ = url.get_secret_value().partition("://")
        if not separator or not scheme:
            raise ValueError("must be a URL, such as sqlite:///tasks.db or postgresql://user:password@host/database")
        try:
            for host in urlsplit(url.get_secret_value()).netloc.rpartition("@")[2].split(","):
                _ = urlsplit(f"//{host}").port
        except ValueError:
            raise ValueError(
                "must be a URL with a numeric port and special characters in the password percent-encoded (%23 for #)"
            ) from None
        return url

    @model_validator(mode="after")
    def _check_replicas(self) -> Self:
        urls = [url.get_secret_value() for url in (self.replica_url, self.database_url) if url is not None]
        if self.replica_url is not None and not all(url.startswith("postgres") for url in urls):
            raise ValueError(f"{PREFIX}REPLICA_URL must start with postgresql://, as must {PREFIX}DATABASE_URL")
        return self

    @field_validator("shards")
    @classmethod
    def _check_shards(cls, shards: SecretStr | None) -> SecretStr | None:
        try:
            for url in shard_urls_from("" if shards is None else shards.get_secret_value()).values():
                cls._check_url(SecretStr(url))
        except InvalidValue as invalid:
            raise ValueError(invalid.reason) from None
        return shards

    @model_validator(mode="after")
    def _check_home(self) -> Self:
        if self.shards is not None and not self.database_url.get_secret_value().startswith("postgres"):
            raise ValueError(f"{PREFIX}SHARDS needs a {PREFIX}DATABASE_URL that starts with postgresql://")
        if self.shards is not None and self.replica_url is not None:
            raise ValueError(f"{PREFIX}SHARDS and {PREFIX}REPLICA_URL cannot be combined")
        return self

    def shard_urls(self) -> dict[str, str]:
        """Return the URLs of the shards by their names."""
        return shard_urls_from("" if self.shards is None else self.shards.get_secret_value())
