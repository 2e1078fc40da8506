"""What is remembered of an import, so that it can be undone as one.

Each of its commits writes a record of its own. The revision of the record is that of the commit; so no commit has to
know its own, and an import that breaks off can be undone as far as it came.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import Revision, WorkspaceId
from taskharbor.domain.values.uid import Uid

KIND: Final = "import"

REMEMBERED: Final = timedelta(days=365)
"""How long an import can be undone, if the history is kept as long."""

_PAGE: Final = 1_000


async def record_import(import_id: Uid, commit: Uid, uow: UnitOfWork) -> bool:
    """Let the commit of this unit of work be one of an import; return whether it writes anything."""
    if not (uow.tasks.added or uow.tasks.changed or uow.records.written):
        return False
    document = json.dumps({"import": import_id})
    await uow.records.put(KIND, f"{import_id}:{commit}", document, expires=uow.now + REMEMBERED)
    return True


async def commits_of(import_id: Uid, store: RecordStore, workspace: WorkspaceId) -> Sequence[Revision]:
    """Return the revisions of the commits of an import, the latest first."""
    found: list[Revision] = []
    after = f"{import_id}:"
    while True:
        page = await store.list_records(workspace, KIND, after=after, limit=_PAGE)
        ours = [record for record in page if record.key.startswith(f"{import_id}:")]
        found += [record.revision for record in ours]
        if len(ours) < _PAGE:
            return sorted(found, reverse=True)
        after = ours[-1].key
