"""From options and the environment to settings, or to one sentence that says why not."""

import os
import re
from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from taskharbor.entrypoints.settings.environment import unknown_variables, variable_of
from taskharbor.entrypoints.settings.settings import Settings

SEE: Final = "`taskharbor settings` lists them all"


class InvalidSettings(Exception):
    """The message is one sentence that names each wrong setting. It never repeats a value."""


def settings_from(options: Mapping[str, str | None] | None = None) -> Settings:
    """Return the settings of this process.

    `options` are those that were given on the command line, by field; they win over the environment.

    Raises:
        InvalidSettings: if a value is out of bounds, or a TASKHARBOR_ variable is not a setting.
    """
    given = {field: value for field, value in (options or {}).items() if value is not None}
    if unknown := unknown_variables(Settings.model_fields, os.environ):
        raise InvalidSettings(f"{'; '.join(unknown)}: {SEE}")
    try:
        return Settings.model_validate(given)
    except ValidationError as invalid:
        raise InvalidSettings("; ".join(_phrase(error, given) for error in invalid.errors())) from None


def name_of(field: str, options: Mapping[str, str | None]) -> str:
    """Return what the operator calls a setting: the option, if it was given, else the variable."""
    given = options.get(field) is not None
    return f"--{field.replace('_', '-')}" if given else variable_of(field, os.environ)


def _phrase(error: ErrorDetails, options: Mapping[str, str | None]) -> str:
    message = re.sub(r"^(Input|String) should ", "must ", error["msg"].removeprefix("Value error, "))
    if error["type"] == "extra_forbidden":
        message = "is not recognized"
    if not error["loc"]:
        return message
    field, *place = error["loc"]
    # Within a value that is JSON.
    inside = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return f"{name_of(str(field), options)}{inside} {message}"
