"""The responses about import and export."""

from typing import Annotated

from pydantic import Field

from taskharbor.application.interchange.export_tasks import Export
from taskharbor.application.interchange.import_report import MAX_LISTED, ImportReport
from taskharbor.application.undo.undo_import import ImportUndone
from taskharbor.entrypoints.http.schemas.documents import Document
from taskharbor.entrypoints.http.schemas.undo_documents import ConflictDocument, RecordConflictDocument


class FindingDocument(Document):
    """A finding at a place in the file."""

    place: Annotated[str, Field(description="The place, such as `line 12 (DUE)`.")]
    message: Annotated[str, Field(description="What was found there.")]


class ImportDocument(Document, omit_defaults=True):
    """What became of an import."""

    created: Annotated[int, Field(description="How many tasks were created.")]
    updated: Annotated[int, Field(description="How many existing tasks were changed.")]
    unchanged: Annotated[int, Field(description="How many existing tasks were already the same.")]
    refused: Annotated[int, Field(description="How many parts of the file could not be imported.")]
    problems: Annotated[list[FindingDocument], Field(description=f"Which, and why; the first {MAX_LISTED}.")]
    remarked: Annotated[int, Field(description="How many remarks there are.")]
    remarks: Annotated[
        list[FindingDocument],
        Field(description=f"What was imported with a change, or skipped; the first {MAX_LISTED}."),
    ]
    id: Annotated[str | None, Field(description="By which it can be undone; absent if nothing was written.")] = None


class LossesDocument(Document):
    """What a format cannot hold of the tasks that there are."""

    count: Annotated[int, Field(description="How many tasks the export has.")]
    losses: Annotated[dict[str, int], Field(description="What is lost, and for how many tasks.")]


class ImportUndoneDocument(Document):
    """What became of the undo of an import."""

    revisions: Annotated[
        list[int],
        Field(description="What its commits took: undo them, the last one first, and it is done again."),
    ]
    tasks: Annotated[int, Field(description="Number of tasks of which something was undone.")]
    records: Annotated[int, Field(description="Of how many lists.")]
    conflicting: Annotated[int, Field(description="How many conflicts there are.")]
    conflicts: Annotated[
        list[ConflictDocument], Field(description=f"What could not be undone of tasks; the first {MAX_LISTED}.")
    ]
    record_conflicts: Annotated[
        list[RecordConflictDocument], Field(description=f"What could not be undone of lists; the first {MAX_LISTED}.")
    ]


def import_document(report: ImportReport) -> ImportDocument:
    """Return the document of an import."""
    return ImportDocument(
        report.created,
        report.updated,
        report.unchanged,
        report.refused,
        [FindingDocument(each.place, each.message) for each in report.problems],
        report.remarked,
        [FindingDocument(each.place, each.message) for each in report.remarks],
        report.id,
    )


def undone_document(undone: ImportUndone) -> ImportUndoneDocument:
    """Return the document of an import that was undone."""
    return ImportUndoneDocument(
        undone.revisions,
        undone.tasks,
        undone.records,
        undone.conflicting,
        [ConflictDocument(each.task, each.fields, each.code, each.why) for each in undone.conflicts],
        [RecordConflictDocument(each.kind, each.key, each.code, each.why) for each in undone.record_conflicts],
    )


def losses_document(export: Export) -> LossesDocument:
    """Return the document of a finished export."""
    return LossesDocument(export.count, dict(sorted(export.losses.items())))
