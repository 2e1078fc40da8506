"""What an operator can set. `settings_environment` reads it and says in a sentence what is wrong."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.history.purge import Purge
from taskharbor.application.quotas.quota_guard import Quotas
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, WorkspaceId, workspace_from
from taskharbor.domain.search.urgency_weights import UrgencyWeights
from taskharbor.entrypoints.settings.access import AccessSettings
from taskharbor.entrypoints.settings.environment import PREFIX, TaskharborEnvironment
from taskharbor.entrypoints.settings.limits import LimitSettings
from taskharbor.entrypoints.settings.metrics import MetricsSettings
from taskharbor.entrypoints.settings.oidc import OidcSettings
from taskharbor.entrypoints.settings.reminders import ReminderOptions
from taskharbor.entrypoints.settings.stores import StoreSettings
from taskharbor.entrypoints.settings.texts import lower_case, none_if

MAX_CONNECTIONS: Final = 40
"""How many connections one server opens to PostgreSQL, all its workers together: its default limit is 100."""

MAX_POOL_SIZE: Final = 10
"""Per worker. No connection is held while Python thinks, so more would only wait for the same processor."""


def _weight(default: float, of: str) -> float:
    return Field(default=default, ge=-1000, le=1000, description=f"urgency weight of {of}")


class Settings(LimitSettings, OidcSettings, AccessSettings, ReminderOptions, MetricsSettings, StoreSettings):
    """Everything that can be set; each field is the variable `TASKHARBOR_<FIELD>`.

    Arguments win over the environment. Neither its repr nor its errors show a password.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    host: str = Field(default="127.0.0.1", min_length=1, description="the address to listen on; 0.0.0.0 for all")
    port: int = Field(
        default=8000, ge=0, le=65_535, description="the port to listen on, by default PORT; 0 for any free port"
    )
    workers: int = Field(default=1, ge=1, le=64, description="the number of worker processes")
    log_level: Annotated[Literal["debug", "info", "warning", "error", "critical"], BeforeValidator(lower_case)] = Field(
        default="info", description="the minimum log level"
    )
    log_format: Annotated[Literal["auto", "json", "console"], BeforeValidator(lower_case)] = Field(
        default="auto", description="auto means console on a terminal, json otherwise"
    )
    migrate: Annotated[bool | None, BeforeValidator(none_if("auto"))] = Field(
        default=None, description="whether to upgrade the schema at start; auto means yes except on PostgreSQL"
    )
    pool_size: Annotated[int | None, BeforeValidator(none_if("auto"))] = Field(
        default=None,
        ge=1,
        le=200,
        description=f"connections to PostgreSQL, or reader threads on SQLite (4 at most), of each worker; "
        f"auto means {MAX_CONNECTIONS} divided by the workers, from 2 to {MAX_POOL_SIZE}",
    )
    store_timeout: Annotated[float | None, BeforeValidator(none_if("auto"))] = Field(
        default=None,
        gt=0,
        le=300,
        description="seconds to wait for the store before a request fails with 503; auto means 2 for PostgreSQL, "
        "and 10 for a SQLite file that another process has locked",
    )
    ready_timeout: float = Field(
        default=2.0, gt=0, le=60, description="seconds within which the store must respond to /health/ready"
    )
    # Docker kills a container 10 seconds after it asked it to stop.
    drain_timeout: int = Field(
        default=8, ge=0, le=3600, description="seconds that requests in flight have to finish when the server stops"
    )
    # A description of 65,536 characters, each escaped as two \uXXXX, takes 786,432 bytes.
    max_body_bytes: int = Field(
        default=1_048_576,
        ge=1024,
        le=67_108_864,
        description="maximum bytes of a request body; 413 above",
    )
    max_batch_bytes: int = Field(
        default=16_777_216,
        ge=1024,
        le=268_435_456,
        description="maximum bytes of the body of a batch, which can hold 1,000 tasks; 413 above",
    )
    max_import_bytes: int = Field(
        default=268_435_456,
        ge=1024,
        le=17_179_869_184,
        description="maximum bytes of a file imported over HTTP; 413 above",
    )
    trash_retention: Annotated[int | None, BeforeValidator(none_if("forever"))] = Field(
        default=2_592_000,
        ge=0,
        le=3_153_600_000,
        description="seconds before a deleted task is purged and can no longer be restored; or forever",
    )
    history_retention: Annotated[int | None, BeforeValidator(none_if("forever"))] = Field(
        default=31_536_000,
        ge=0,
        le=3_153_600_000,
        description="seconds before the history of a commit is purged; or forever",
    )
    purge_interval: int = Field(default=3600, ge=1, le=86_400, description="seconds between purge runs")
    idempotency_retention: int = Field(
        default=86_400,
        ge=1,
        le=31_536_000,
        description="seconds for which the response to a request with an Idempotency-Key is kept",
    )
    cursor_key: SecretStr | None = Field(
        default=None,
        description="seals the cursors of filtered and sorted pages; all servers of one API need the same; "
        "a random one is kept in the store by default",
    )
    urgency_next: float = _weight(15.0, "the tag next")
    urgency_due: float = _weight(
        12.0, "a due date; a fifth of it two weeks before the due date, all of it one week after"
    )
    urgency_blocking: float = _weight(8.0, "blocking an open task")
    urgency_priority_high: float = _weight(6.0, "a priority of 1 to 4")
    urgency_priority_medium: float = _weight(3.9, "a priority of 5")
    urgency_priority_low: float = _weight(1.8, "a priority of 6 to 9")
    urgency_scheduled: float = _weight(5.0, "a past start")
    urgency_active: float = _weight(4.0, "being in process")
    urgency_age: float = _weight(2.0, "age; all of it from TASKHARBOR_URGENCY_AGE_MAX on")
    urgency_annotations: float = _weight(1.0, "comments; 0.8 of it for one, 0.9 for two, all for more")
    urgency_tags: float = _weight(1.0, "tags; in the same way")
    urgency_project: float = _weight(1.0, "a list other than the inbox")
    urgency_blocked: float = _weight(-5.0, "being blocked by an open task")
    urgency_age_max: float = Field(
        default=365.0, ge=0, le=100_000, description="days after which the age of a task has its full weight"
    )
    root_path: str = Field(default="", description="the path prefix that a proxy strips, such as /tasks-api")
    workspace: WorkspaceId = Field(default=DEFAULT_WORKSPACE, description="the workspace that the HTTP API serves")

    @field_validator("root_path")
    @classmethod
    def _check_root_path(cls, path: str) -> str:
        if path and (not path.startswith("/") or path.endswith("/")):
            raise ValueError("must be empty, or start with / and not end with it")
        return path

    @field_validator("workspace")
    @classmethod
    def _check_workspace(cls, name: str) -> WorkspaceId:
        try:
            return workspace_from(name)
        except InvalidValue as invalid:
            raise ValueError(invalid.reason) from None

    @model_validator(mode="after")
    def _check_workers(self) -> Self:
        if self.workers > 1 and self.database_url.get_secret_value().lower().startswith("memory:"):
            raise ValueError(f"{PREFIX}WORKERS must be 1 with memory://, which keeps tasks within one process")
        return self

    @model_validator(mode="after")
    def _check_issuers(self) -> Self:
        if self.oidc_issuers and self.auth != "required":
            raise ValueError(f"{PREFIX}OIDC_ISSUERS needs {PREFIX}AUTH=required")
        if self.oidc_issuers and self.public_url is None:
            raise ValueError(f"{PREFIX}OIDC_ISSUERS needs {PREFIX}PUBLIC_URL, where browsers find this server")
        return self

    def purge_command(self) -> Purge:
        """Return what the settings say about how long things are kept."""
        trash, history = [
            None if seconds is None else timedelta(seconds=seconds)
            for seconds in (self.trash_retention, self.history_retention)
        ]
        return Purge(trash_retention=trash, history_retention=history)

    def storage_options(self) -> StorageOptions:
        """Return what the settings say about the use of a store, for one worker."""
        return StorageOptions(
            migrate=self.migrate,
            pool_size=self.pool_size or max(2, min(MAX_POOL_SIZE, MAX_CONNECTIONS // self.workers)),
            timeout=self.store_timeout,
            query_timeout=self.query_timeout,
        )

    def hosts(self) -> Sequence[str]:
        """Return the names of the server."""
        public = () if self.public_url is None else (urlsplit(self.public_url).hostname or "",)
        return (self.host, *public, *self.allowed_hosts)

    def quotas(self) -> Quotas:
        """Return how much a workspace may hold."""
        return Quotas(
            tasks=self.quota_tasks,
            lists=self.quota_lists,
            members=self.quota_members,
            tokens=self.quota_tokens,
            webhooks=self.quota_webhooks,
            bytes=self.quota_bytes,
        )

    def webhook_addresses(self) -> tuple[str, ...]:
        """Return which addresses webhooks may have though they are not public."""
        return tuple(network for network in self.webhook_networks.replace(",", " ").split() if network)

    def urgency_weights(self) -> UrgencyWeights:
        """Return what makes a task urgent."""
        return UrgencyWeights(
            next=self.urgency_next,
            due=self.urgency_due,
            blocking=self.urgency_blocking,
            priority_high=self.urgency_priority_high,
            priority_medium=self.urgency_priority_medium,
            priority_low=self.urgency_priority_low,
            scheduled=self.urgency_scheduled,
            active=self.urgency_active,
            age=self.urgency_age,
            annotations=self.urgency_annotations,
            tags=self.urgency_tags,
            project=self.urgency_project,
            blocked=self.urgency_blocked,
            age_max=self.urgency_age_max,
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments and the environment; no file is looked for in whatever folder this happens to run in."""
        return init_settings, TaskharborEnvironment(settings_cls)
