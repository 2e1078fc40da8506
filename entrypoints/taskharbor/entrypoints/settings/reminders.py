"""What an operator can set about reminders."""

from datetime import time
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from taskharbor.application.reminder_settings import ReminderSettings
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.alert import ReminderRules
from taskharbor.domain.values.time_zone import time_zone_from
from taskharbor.entrypoints.settings.texts import comma_separated


class ReminderOptions(BaseSettings):
    """When reminders are due that do not say, and who is told."""

    model_config = SettingsConfigDict(defer_build=True)  # only all settings together are ever made

    reminder_time_zone: str = Field(
        default="UTC", description="the time zone of reminders of all-day tasks and of tasks without a time zone"
    )
    reminder_all_day_at: time = Field(
        default=time(9), description="the time of the day from which reminders of all-day tasks count"
    )
    smtp_url: SecretStr | None = Field(
        default=None, description="sends reminders by e-mail: smtp://user:password@host:587, or smtps://"
    )
    email_from: str | None = Field(default=None, description="the sender of these e-mails")
    email_to: Annotated[tuple[str, ...], NoDecode, BeforeValidator(comma_separated)] = Field(
        default=(), description="their recipients, separated by commas"
    )
    ntfy_url: SecretStr | None = Field(
        default=None, description="publishes reminders to a topic of ntfy, such as https://ntfy.sh/my-tasks"
    )
    ntfy_token: SecretStr | None = Field(default=None, description="the access token for that")
    apprise_urls: SecretStr | None = Field(
        default=None, description="notifies of reminders by these URLs of Apprise, separated by spaces"
    )

    @field_validator("reminder_time_zone")
    @classmethod
    def _check_time_zone(cls, name: str) -> str:
        try:
            return time_zone_from("reminder_time_zone", name)
        except InvalidValue as invalid:
            raise ValueError(invalid.reason) from None

    def reminder_settings(self) -> ReminderSettings:
        """Return how reminders are counted, and by what they are told."""
        given = {
            "email": self.smtp_url is not None,
            "ntfy": self.ntfy_url is not None,
            "apprise": self.apprise_urls is not None,
        }
        rules = ReminderRules(time_zone=self.reminder_time_zone, all_day_at=self.reminder_all_day_at)
        return ReminderSettings(rules=rules, channels=tuple(name for name, is_given in given.items() if is_given))
