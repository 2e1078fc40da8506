"""What answers tell of files of tasks, in the form in which JSON has it."""

from typing import Annotated

from pydantic import Field

from taskharbor.application.interchange.export_tasks import Export
from taskharbor.application.interchange.import_report import MAX_LISTED, ImportReport
from taskharbor.entrypoints.http.schemas.documents import Document


class FindingDocument(Document):
    """Something to be told of a place in the file."""

    place: Annotated[str, Field(description="The place, such as `line 12 (DUE)`.")]
    message: Annotated[str, Field(description="What was found there.")]


class ImportDocument(Document):
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


class LossesDocument(Document):
    """What a format cannot hold of the tasks that there are."""

    count: Annotated[int, Field(description="How many tasks the export has.")]
    losses: Annotated[dict[str, int], Field(description="What is lost, and for how many tasks.")]


def import_document(report: ImportReport) -> ImportDocument:
    """Return what is told of an import."""
    return ImportDocument(
        report.created,
        report.updated,
        report.unchanged,
        report.refused,
        [FindingDocument(each.place, each.message) for each in report.problems],
        report.remarked,
        [FindingDocument(each.place, each.message) for each in report.remarks],
    )


def losses_document(export: Export) -> LossesDocument:
    """Return what is told of an export that has been gone through."""
    return LossesDocument(export.count, dict(sorted(export.losses.items())))
