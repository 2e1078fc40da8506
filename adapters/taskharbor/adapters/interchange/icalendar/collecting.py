"""What stands in a VTODO, property by property, sorted by what it says of the task."""

from collections.abc import Callable
from typing import Final

from taskharbor.adapters.interchange.icalendar.components import Part
from taskharbor.adapters.interchange.icalendar.keeping import Keeper
from taskharbor.adapters.interchange.icalendar.names import AUTHOR, CREATED, LIST_PROPERTY
from taskharbor.adapters.interchange.icalendar.parameters import says_more
from taskharbor.adapters.interchange.icalendar.properties import Flaw, Property, properties_of
from taskharbor.adapters.interchange.icalendar.recurrence import SERIES
from taskharbor.adapters.interchange.icalendar.texts import comment_told
from taskharbor.adapters.interchange.icalendar.times import ZoneOf, instant_of
from taskharbor.application.ports.interchange import CommentDraft
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.comment import MAX_COMMENTS, comment_text_from
from taskharbor.domain.tasks.links import link_from
from taskharbor.domain.tasks.tags import tag_from
from taskharbor.domain.values.uid import Uid, uid_named

RECURRENCE_ID: Final = "RECURRENCE-ID"

_DEPENDENCIES: Final = frozenset({"DEPENDS-ON", "FINISHTOSTART"})
_STAMPS: Final = frozenset({"CREATED", "LAST-MODIFIED", "DTSTAMP", "COMPLETED"})
_ONCE: Final = (
    frozenset({"UID", "SUMMARY", "DESCRIPTION", "STATUS", "PERCENT-COMPLETE", "PRIORITY", "DTSTART", "DUE", "DURATION"})
    | frozenset({"ESTIMATED-DURATION", LIST_PROPERTY, RECURRENCE_ID})
    | _STAMPS
)


class Refused(Exception):
    """This VTODO is no task. Says where, and why."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason


class Collected:
    """The properties of one VTODO.

    Attributes:
        once: those of which there can be one, by name.
        tags: CATEGORIES.
        links: URL and LINK.
        comments: COMMENT.
        series: RRULE, RDATE and EXDATE.
        parent: the first RELATED-TO that names one.
        depends_on: what RELATED-TO names as to be done before.
        keeper: what is not understood.
        categories: the lines of CATEGORIES.
        remarks: what could not be taken as it is.
    """

    def __init__(self, part: Part, zone_of: ZoneOf) -> None:
        self.once: dict[str, Property] = {}
        self.tags: list[str] = []
        self.links: list[str] = []
        self.comments: list[CommentDraft] = []
        self.series: list[Property] = []
        self.parent: Uid | None = None
        self.depends_on: list[Uid] = []
        self.keeper = Keeper()
        self.categories: list[str] = []
        self.remarks: list[str] = []
        self._zone_of = zone_of
        self._says_more_of_categories = False
        for found in properties_of(part.lines):
            self._take(found)
        if not self._says_more_of_categories or not self.keeper.has_room("CATEGORIES", self.categories):
            self.categories = []

    def text(self, name: str) -> str:
        """Return the text of a property of which there can be one, without spaces around it; empty if there is none."""
        return self.once[name].text.strip() if name in self.once else ""

    def _take(self, found: Property | Flaw) -> None:
        if isinstance(found, Flaw):
            place = f"line {found.number} ({found.name})"
            if found.name in _ONCE:
                raise Refused(place, found.reason)
            self.remarks.append(f"{place}: {found.reason}: left out")
        elif found.name in _ONCE:
            self._take_once(found)
        elif found.name in SERIES:
            self._take_series(found)
        elif taker := _TAKERS.get(found.name):
            if found.value.strip():
                taker(self, found)
        else:
            self.keeper.keep(found)

    def _take_once(self, found: Property) -> None:
        if found.name in _STAMPS and not found.value.strip():
            return
        if found.name in self.once:
            self.remarks.append(f"{found.place}: comes twice: the first counts")
            return
        self.once[found.name] = found
        if found.name == RECURRENCE_ID:
            self.keeper.keep(found)
        else:
            self.keeper.keep_parameters(found)

    def _take_series(self, found: Property) -> None:
        if found.name == "RRULE" and any(each.name == "RRULE" and each.value.strip() for each in self.series):
            self.remarks.append(f"{found.place}: comes twice: the first counts, and this one is kept")
            self.keeper.keep(found)
            return
        self.series.append(found)
        self.keeper.keep_parameters(found)

    def _take_categories(self, found: Property) -> None:
        for text in found.texts:
            if text.strip():
                try:
                    self.tags.append(tag_from(found.name, text))
                except InvalidValue as invalid:
                    raise Refused(found.place, f"a category {invalid.reason}") from None
        self.categories.append(found.raw)
        self._says_more_of_categories |= says_more(found)

    def _take_url(self, found: Property) -> None:
        try:
            self.links.append(link_from(found.name, found.value.strip()))
            self.keeper.keep_parameters(found)
        except InvalidValue as invalid:
            self.remarks.append(f"{found.place}: {invalid.reason}: kept, and not among the links")
            self.keeper.keep(found)

    def _take_link(self, found: Property) -> None:
        relation = found.parameters.get("LINKREL", "related").lower()
        if relation == "related" and set(found.parameters) <= {"LINKREL", "VALUE"}:
            self._take_url(found)
        else:
            self.keeper.keep(found)

    def _take_relation(self, found: Property) -> None:
        kind = found.parameters.get("RELTYPE", "PARENT").upper()
        name = found.text.strip()
        if kind == "PARENT" and self.parent is None and name:
            self.parent = uid_named(name)
            self.keeper.keep_parameters(found)
        elif kind in _DEPENDENCIES and name:
            self.depends_on.append(uid_named(name))
            self.keeper.keep_parameters(found)
        else:
            self.keeper.keep(found)

    def _take_comment(self, found: Property) -> None:
        text = comment_told(found)
        if not text:
            return
        if len(self.comments) == MAX_COMMENTS:
            raise Refused(found.place, f"there are more than {MAX_COMMENTS} comments")
        created = found.parameters.get(CREATED)
        self.keeper.keep_parameters(found)
        self.comments.append(
            CommentDraft(
                text=comment_text_from(found.name, text),
                author=found.parameters.get(AUTHOR),
                created=instant_of(found._replace(value=created), self._zone_of) if created else None,
            )
        )


_TAKERS: Final[dict[str, Callable[[Collected, Property], None]]] = {
    "CATEGORIES": Collected._take_categories,  # noqa: SLF001
    "URL": Collected._take_url,  # noqa: SLF001
    "LINK": Collected._take_link,  # noqa: SLF001
    "RELATED-TO": Collected._take_relation,  # noqa: SLF001
    "COMMENT": Collected._take_comment,  # noqa: SLF001
}
