"""What an operator can set about metrics."""

from importlib.util import find_spec
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from taskharbor.entrypoints.settings.texts import none_if


class MetricsSettings(BaseSettings):
    """Where Prometheus finds its metrics."""

    model_config = SettingsConfigDict(defer_build=True)  # only all settings together are ever made

    metrics_port: Annotated[int | None, BeforeValidator(none_if("off"))] = Field(
        default=None,
        ge=0,
        le=65_535,
        description="the port of /metrics, apart from the API (needs the extra metrics); 0 for any free port; or off",
    )
    metrics_host: str = Field(
        default="127.0.0.1", min_length=1, description="the address of that port; 0.0.0.0 for all"
    )

    @field_validator("metrics_port")
    @classmethod
    def _check_package(cls, port: int | None) -> int | None:
        if port is not None and not find_spec("prometheus_client"):
            raise ValueError("needs a package that is not installed: pip install 'taskharbor[metrics]'")
        return port
