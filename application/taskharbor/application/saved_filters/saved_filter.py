"""A question with a name."""

import json
import re
from typing import Final, Self

from taskharbor.application.documents.unreadable import UNREADABLE, unreadable
from taskharbor.application.errors import PreconditionFailed
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision
from taskharbor.domain.values.primitives import string_from
from taskharbor.domain.values.text import folded

KIND: Final = "filter"
"""The kind of the records that hold them."""

MAX_NAME_LENGTH: Final = 64
MAX_SAVED_FILTERS: Final = 1000

_FORBIDDEN: Final = re.compile("[/?#\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class FilterNotFound(TaskharborError, LookupError):
    """The workspace has no saved filter of this name."""

    code = "filter_not_found"

    def __init__(self, name: str) -> None:
        super().__init__("Saved filter not found")
        self.name = name


class FilterNameTaken(TaskharborError):
    """A saved filter with this name, perhaps in a different case, already exists."""

    code = "filter_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"A saved filter named {name} already exists")
        self.name = name


class FilterPreconditionFailed(PreconditionFailed):
    """`if_match` is not the current revision of the saved filter."""

    def __init__(self, name: str, *, expected: Revision, current: Revision) -> None:
        TaskharborError.__init__(self, f"Saved filter {name} has revision {current}, not {expected}")
        self.name = name
        self.expected = expected
        self.current = current


@frozen(kw_only=True)
class SavedFilter:
    """A named filter, words to search for, or both. Dates such as `today` mean the day on which it is used.

    Attributes:
        name: 1 to 64 characters; two that differ in case only are the same.
        filter: the text form of the filter, or None.
        q: words to search for, or None.
        sort: the default order of its tasks, or None.
        time_zone: the default time zone in which its days begin and end, or None.
        revision: the revision of the workspace that last changed it.
    """

    name: str
    filter: str | None = None
    q: str | None = None
    sort: str | None = None
    time_zone: str | None = None
    revision: Revision = 0

    @property
    def key(self) -> str:
        """By what it is found."""
        return folded(self.name)

    def as_json(self) -> dict[str, str | None]:
        """Return the wire form, but for the revision."""
        return {
            "name": self.name,
            "filter": self.filter,
            "q": self.q,
            "sort": self.sort,
            "time_zone": self.time_zone,
        }

    def document(self) -> str:
        """Return it as a record keeps it."""
        return json.dumps(self.as_json(), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def of(cls, document: str, revision: Revision) -> Self:
        """Return the saved filter that a record keeps.

        Raises:
            StoreNotReady: if it keeps none: the store is damaged.
        """
        try:
            return cls(**json.loads(document), revision=revision)
        except UNREADABLE as error:
            raise unreadable(f"A saved filter of revision {revision}", error) from error


def filter_name_from(value: object, *, field: str = "name") -> str:
    """Return `value` as the name of a saved filter: trimmed, 1 to 64 characters that can stand in a path.

    Raises:
        InvalidValue: for `field`.
    """
    name = string_from(field, value).strip()
    if not 1 <= len(name) <= MAX_NAME_LENGTH:
        raise InvalidValue(field, f"must have 1 to {MAX_NAME_LENGTH} characters that are not white space")
    if found := _FORBIDDEN.search(name):
        raise InvalidValue(field, f"must not contain U+{ord(found[0]):04X}")
    if name in {".", ".."}:
        raise InvalidValue(field, "must not be . or ..")
    return name
