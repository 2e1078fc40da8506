"""Answers that are left out if the caller has them already: RFC 9110 section 13.1.2."""

from starlette.types import Scope

from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.identifiers import Revision
from taskharbor.entrypoints.http.requests.preconditions import is_known
from taskharbor.entrypoints.http.responses.page_body import PageBody
from taskharbor.entrypoints.http.responses.responses import (
    Answer,
    document_answer,
    etag_of,
    page_answer,
    page_not_modified,
    task_answer,
    task_etag,
    task_not_modified,
)


def task_unless_known(scope: Scope, task: TaskView) -> Answer:
    """Return a task, or 304.

    Raises:
        MalformedHeader: if If-None-Match is not what it must be.
    """
    etag = etag_of(task)
    return task_not_modified(etag) if is_known(scope, etag) else task_answer(task, etag)


def document_unless_known(scope: Scope, document: object, revision: Revision) -> Answer:
    """Return a part of a task, or a list, or 304.

    Raises:
        MalformedHeader: if If-None-Match is not what it must be.
    """
    etag = task_etag(revision)
    return task_not_modified(etag) if is_known(scope, etag) else document_answer(document, revision)


def page_unless_known(scope: Scope, body: PageBody, link: bytes) -> Answer:
    """Return a page, or 304.

    Raises:
        MalformedHeader: if If-None-Match is not what it must be.
    """
    etag = body.etag(link)
    return page_not_modified(etag, link) if is_known(scope, etag) else page_answer(body, etag, link)
