"""The command to take the tasks of a file. What carries it out is loaded with the first one."""

from collections.abc import Callable

from taskharbor.application.ports.interchange import Format
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.values.uid import Uid


@frozen
class ImportNames:
    """How an import and its commits are called.

    Attributes:
        id: the name of the import.
        commit: makes a name for one of its commits.
    """

    id: Uid
    commit: Callable[[], Uid]


@frozen(kw_only=True)
class ImportTasks:
    """Take the tasks of a file in this format.

    A task that is there already, by its uid, is changed where the file says something else; so importing a file again
    changes nothing. If it is `atomic`, whatever cannot be taken lets nothing be taken. A `dry_run` writes nothing: its
    report says what would be. The format is that of a file which does not say its own.

    Raises:
        InvalidValue: for `format`, if it can only be written.
    """

    format: Format | None = None
    atomic: bool = False
    dry_run: bool = False

    def __post_init__(self) -> None:
        if self.format is not None and self.format.reader() is None:
            raise InvalidValue("format", f"must be one that can be read: {self.format.name} is only written")


@frozen(kw_only=True)
class ImportRequest:
    """An `ImportTasks` with its file, as it is distinguished from others with the same idempotency key.

    Attributes:
        format: the name of the format.
        atomic: whether all or nothing was to be taken.
        digest: the SHA-256 of the file, in hexadecimal.
    """

    format: str
    atomic: bool
    digest: str
