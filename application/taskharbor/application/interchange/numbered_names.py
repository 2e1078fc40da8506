"""The uids of tasks in files without any: by a name, which others can have too, and by their order among these."""

from collections import Counter
from dataclasses import replace

from taskharbor.application.ports.interchange import ReadItem, TaskDraft
from taskharbor.domain.values.uid import Uid, uid_named


def uid_of_name(name: str, number: int) -> Uid:
    """Return the uid that the number-th task of a name is made with."""
    return uid_named(name if number == 1 else f"{name} {number}")


class NumberedNames:
    """The names that have come in a file so far."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def with_uid(self, found: ReadItem) -> ReadItem:
        """Return what was read, a task that has a name and no uid with that of its name."""
        if not isinstance(found, TaskDraft) or found.name is None:
            return found
        return replace(found, uid=self.next_uid(found.name))

    def next_uid(self, name: str) -> Uid:
        """Return the uid of the next task of this name."""
        self._seen[name] += 1
        return uid_of_name(name, self._seen[name])
