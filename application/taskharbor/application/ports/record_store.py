"""The port for whatever is kept beside the tasks: lists, saved filters, answers that can be asked for again."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, WorkspaceId


class RecordKey(NamedTuple):
    """How a record is found.

    Attributes:
        kind: what it is: up to 32 of `a-z` and `-`.
        key: its name among those of its kind: 1 to 255 code points. Keys sort like the bytes of their UTF-8.
    """

    kind: str
    key: str


@frozen(kw_only=True)
class Record:
    """Something that is read by its key and written as a whole.

    There are few of a kind, or each is of short life, so one shape serves them all; what is in the document is the
    business of those who wrote it.

    Attributes:
        kind: see `RecordKey`.
        key: see `RecordKey`.
        document: JSON text; None if the record has been removed.
        revision: the revision that last wrote it; in a changeset the one at which it was read, 0 if it is new.
        expires: when it may be purged, or None; aware, in UTC. What is left of a removed one is kept from then on for
            as long as deleted tasks are.
    """

    kind: str
    key: str
    document: str | None
    revision: Revision = 0
    expires: datetime | None = None

    @property
    def found_by(self) -> RecordKey:
        """The key by which it is found."""
        return RecordKey(self.kind, self.key)


class RecordStore(Protocol):
    """Committed records."""

    @abstractmethod
    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        """Return those of the records that were ever written and not purged, removed ones too, from one snapshot.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        """Return up to `limit` records of a kind with keys greater than `after`, in ascending order of key.

        Removed ones are left out.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...


async def load_record(store: RecordStore, workspace: WorkspaceId, key: RecordKey) -> Record | None:
    """Return a record that was ever written and not purged, a removed one too; None if there is none.

    Raises:
        StoreUnavailable: if the store cannot be asked.
    """
    return (await store.load_records(workspace, [key])).get(key)
