"""The records that say where workspaces are.

At home, in the workspace of the service: an entry for each workspace, and the workspaces that are being moved. In each
workspace, where it is: its fence, which every commit there guards. It is open in one store only, the one that the
directory names, and closed in those that the workspace has left.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.domain.identifiers import Revision, WorkspaceId

HOME: Final = "home"
"""The name of the store that has the directory, and workspaces too."""

SHARD: Final = "shard"
"""The kind of the entries of the directory, under the ids of workspaces."""

FENCE: Final = RecordKey("shard-fence", "fence")

MOVES: Final = RecordKey("shard-moves", "moves")

NAME: Final = RecordKey("shard-name", "this")
"""The record by which a store knows, in the workspace of the service, which one of which directory it is."""

KNOWN: Final = "shard-known"
"""The kind of the records by which the directory knows the stores, under their names."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the directory says of a workspace.

    Attributes:
        shard: the name of the store that it is in.
        has_moved: whether it came there from another one, so that it has a fence there.
        revision: of the record.
    """

    shard: str
    has_moved: bool
    revision: Revision


def entry_key(workspace: WorkspaceId) -> RecordKey:
    """Return the key of the entry of a workspace."""
    return RecordKey(SHARD, workspace)


def entry_from(record: Record) -> Entry:
    """Return what a record of the directory says."""
    said = json.loads(record.document or "{}")
    return Entry(shard=said["shard"], has_moved=said["moved"], revision=record.revision)


def entry_record(workspace: WorkspaceId, entry: Entry) -> Record:
    """Return the record of an entry; the revision is the one at which it was read, 0 if it is new."""
    document = json_text({"shard": entry.shard, "moved": entry.has_moved})
    return Record(kind=SHARD, key=workspace, document=document, revision=entry.revision)


def fence_record(*, is_open: bool, revision: Revision) -> Record:
    """Return a fence; the revision is the one at which it was read, 0 if it is new."""
    return Record(kind=FENCE.kind, key=FENCE.key, document=json_text({"open": is_open}), revision=revision)


def is_open(fence: Record) -> bool:
    """Return whether commits are taken where this fence is."""
    found: bool = json.loads(fence.document or "{}").get("open", False)
    return found


def moves_record(moving: Mapping[WorkspaceId, Revision], revision: Revision) -> Record:
    """Return the record that names what is being moved, each with the revision that its entry had before."""
    return Record(kind=MOVES.kind, key=MOVES.key, document=json_text(dict(sorted(moving.items()))), revision=revision)


def moving_by(record: Record | None) -> Mapping[WorkspaceId, Revision]:
    """Return which workspaces are being moved, each with the revision that its entry had before."""
    return dict(json.loads((record and record.document) or "{}"))
