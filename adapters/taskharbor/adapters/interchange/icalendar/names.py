"""Names: the key of a task's foreign data, and our own properties and parameters."""

from typing import Final

FILED_UNDER: Final = "icalendar"

LIST_PROPERTY: Final = "X-TASKHARBOR-LIST"
AUTHOR: Final = "X-TASKHARBOR-AUTHOR"
CREATED: Final = "X-TASKHARBOR-CREATED"
ORIGINAL: Final = "X-TASKHARBOR-ORIGINAL"
