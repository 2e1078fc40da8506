"""What searches look like, for OpenAPI."""

import json
from typing import Any, Final

from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.change_matching import MatchingOutcome
from taskharbor.application.search.count_tasks import Facets
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.tasks.progress import Progress
from taskharbor.entrypoints.http.responses.responses import json_answer
from taskharbor.entrypoints.http.schemas.examples import OPEN_TASK
from taskharbor.entrypoints.http.search.documents import bulk_document, facets_document, saved_filter_document


def _as_json(document: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes(json_answer(document).body))
    return found


FACETS_EXAMPLE: Final = _as_json(
    facets_document(
        Facets(
            total=3,
            progress={progress: 3 * (progress is Progress.NEEDS_ACTION) for progress in Progress},
            lists={INBOX: 3},
            tags={"home": 2, "Balcony": 1},
            due={"past": 0, "today": 1, "tomorrow": 0, "this_week": 0, "next_week": 1, "later": 0, "none": 1},
        )
    )
)
_SAVED: Final = SavedFilter(
    name="shopping", filter="is_open AND tags:shop", sort="due,-priority", time_zone="Europe/Berlin", revision=7
)
SAVED_EXAMPLE: Final = _as_json(saved_filter_document(_SAVED))
NEW_FILTERS: Final[dict[str, object]] = {
    "a filter with an order": {name: value for name, value in _SAVED.as_json().items() if value is not None},
    "words": {"name": "plants", "q": "plant water"},
}
CHANGED_FILTERS: Final[dict[str, object]] = {
    "another order": {"sort": "due nulls first"},
    "another name": {"name": "groceries"},
}
BULKS: Final[dict[str, object]] = {
    "put off what is overdue": {
        "filter": "is_open AND due < today",
        "time_zone": "Europe/Berlin",
        "changes": {"due": {"date": "2026-03-16"}},
        "max_affected": 50,
    },
    "what would happen": {
        "filter": "tags:home",
        "q": "plants",
        "changes": {"priority": 1},
        "max_affected": 1000,
        "dry_run": True,
    },
}
BULK_EXAMPLE: Final = _as_json(bulk_document(MatchingOutcome(tasks=[OPEN_TASK], revision=OPEN_TASK.revision)))
