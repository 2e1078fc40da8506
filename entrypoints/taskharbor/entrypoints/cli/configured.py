"""Settings for a command, and the sentences for what goes wrong with a store."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.settings.loading import InvalidSettings, name_of, settings_from
from taskharbor.entrypoints.settings.settings import Settings


def configured(options: Mapping[str, str | None]) -> Settings:
    """Return the settings.

    Raises:
        CommandFailed: if one is wrong.
    """
    try:
        return settings_from(options)
    except InvalidSettings as invalid:
        raise CommandFailed(str(invalid), exit_code=CommandFailed.USAGE) from None


@contextmanager
def store_failures(options: Mapping[str, str | None]) -> Iterator[None]:
    """Turn what a store refuses within the block into `CommandFailed`."""
    try:
        yield
    except InvalidValue as invalid:
        name = name_of(invalid.field, options)
        raise CommandFailed(f"{name} {invalid.reason}", exit_code=CommandFailed.USAGE) from None
    except ImportError as missing:
        raise CommandFailed(str(missing), exit_code=CommandFailed.USAGE) from None
    except (StoreUnavailable, StoreNotReady) as refusal:
        raise CommandFailed(str(refusal), exit_code=CommandFailed.STORE) from None
