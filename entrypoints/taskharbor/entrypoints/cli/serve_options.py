"""The options of `taskharbor serve`, read without Typer, which a server would hold as long as it runs: 1.4 MB."""

from collections.abc import Mapping, Sequence
from typing import Final

_NO_VALUE: Final = "-"

VALUES: Final[Mapping[str, str]] = {
    "--host": "host",
    "--port": "port",
    "--workers": "workers",
    "--database-url": "database_url",
    "--log-level": "log_level",
    "--log-format": "log_format",
}
"""The setting of each option that has a value."""

FLAGS: Final[Mapping[str, tuple[str, str]]] = {
    "--migrate": ("migrate", "True"),
    "--no-migrate": ("migrate", "False"),
    "--insecure-no-auth": ("insecure_no_auth", "true"),
}
"""The setting of each other option, and its value."""


def serve_options(arguments: Sequence[str]) -> dict[str, str | None] | None:
    """Return the settings that the options name, or None if Typer is to help or to say what is wrong."""
    found: dict[str, str | None] = dict.fromkeys([*VALUES.values(), *(setting for setting, _ in FLAGS.values())])
    left = iter(arguments)
    for argument in left:
        name, is_joined, value = argument.partition("=")
        if argument in FLAGS:
            setting, value = FLAGS[argument]
        elif name in VALUES:
            setting = VALUES[name]
            if not is_joined:
                value = next(left, _NO_VALUE)
                if value.startswith("-"):
                    return None
        else:
            return None
        found[setting] = value
    return found
