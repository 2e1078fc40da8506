"""`taskharbor settings`."""

import typer
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.settings.access import AccessSettings
from taskharbor.entrypoints.settings.environment import PREFIX
from taskharbor.entrypoints.settings.limits import LimitSettings
from taskharbor.entrypoints.settings.loading import InvalidSettings, settings_from
from taskharbor.entrypoints.settings.masking import MASK, masked
from taskharbor.entrypoints.settings.oidc import OidcIssuer, OidcSettings
from taskharbor.entrypoints.settings.rate import Rate
from taskharbor.entrypoints.settings.settings import Settings


def list_settings() -> None:
    """Print every setting; the values too, unless one of them is wrong.

    Raises:
        CommandFailed: after the list, if a setting is wrong.
    """
    try:
        settings, wrong = settings_from(), None
    except InvalidSettings as invalid:
        settings, wrong = None, str(invalid)
    # Limits, which few look for, come last.
    for name, field in sorted(Settings.model_fields.items(), key=lambda item: _group(item[0])):
        value = "" if settings is None else f"={_shown(getattr(settings, name), field)}"
        typer.echo(f"{PREFIX}{name.upper()}{value}")
        typer.echo(f"    {field.description} [default: {_shown(field.default, field) or 'empty'}]")
    if wrong is not None:
        raise CommandFailed(wrong, exit_code=CommandFailed.USAGE)


def _shown(value: object, field: FieldInfo) -> str:
    if value is None and (field.description or "").endswith("or off"):
        return "off"
    if isinstance(value, SecretStr):
        secret = value.get_secret_value()
        return masked(secret) if "://" in secret else MASK
    if isinstance(value, tuple) and not isinstance(value, Rate):
        return ",".join(each.issuer if isinstance(each, OidcIssuer) else each for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    return "auto" if value is None else str(value)


def _group(name: str) -> int:
    """Return 0 for the settings of the server, 1 for who may reach it, 2 for limits."""
    return (
        2
        if name in LimitSettings.model_fields
        else int(name in AccessSettings.model_fields or name in OidcSettings.model_fields)
    )
