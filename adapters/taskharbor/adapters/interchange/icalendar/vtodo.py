"""The properties of a VTODO, by the part of the task that they describe."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from taskharbor.adapters.interchange.icalendar.components import Part
from taskharbor.adapters.interchange.icalendar.content_lines import list_line
from taskharbor.adapters.interchange.icalendar.names import AUTHOR, CREATED, LIST_PROPERTY
from taskharbor.adapters.interchange.icalendar.originals import STAMPS, restored
from taskharbor.adapters.interchange.icalendar.parameters import says_more
from taskharbor.adapters.interchange.icalendar.preserving import Preserver
from taskharbor.adapters.interchange.icalendar.properties import Flaw, Property, properties_of
from taskharbor.adapters.interchange.icalendar.recurrence import SERIES
from taskharbor.adapters.interchange.icalendar.texts import comment_text_from
from taskharbor.adapters.interchange.icalendar.times import ZoneOf, instant_of, time_of
from taskharbor.application.interchange.fitting import NOT_IN_LINE, NOT_IN_TEXT, fitted_line, fitted_tags
from taskharbor.application.ports.interchange import CommentDraft
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.recurrence import MAX_DATES
from taskharbor.domain.tasks.comment import MAX_AUTHOR_LENGTH, MAX_COMMENT_LENGTH, MAX_COMMENTS, MAX_COMMENTS_LENGTH
from taskharbor.domain.tasks.links import MAX_LINKS, link_from
from taskharbor.domain.tasks.relations import MAX_DEPENDENCIES
from taskharbor.domain.values.uid import Uid, uid_named

RECURRENCE_ID: Final = "RECURRENCE-ID"

_DEPENDENCIES: Final = frozenset({"DEPENDS-ON", "FINISHTOSTART"})
_ONCE: Final = (
    frozenset({"UID", "SUMMARY", "DESCRIPTION", "STATUS", "PERCENT-COMPLETE", "PRIORITY", "DTSTART", "DUE", "DURATION"})
    | frozenset({"ESTIMATED-DURATION", LIST_PROPERTY, RECURRENCE_ID})
    | STAMPS
)


class VTodo:
    """The properties of one VTODO.

    Attributes:
        once: those of which there can be one, by name.
        tags: CATEGORIES.
        links: URL and LINK.
        comments: COMMENT.
        series: RRULE, RDATE and EXDATE.
        parent: the first RELATED-TO that names one.
        depends_on: what RELATED-TO names as to be done before.
        preserver: what is not understood.
        categories: the lines of CATEGORIES.
        remarks: what could not be taken as it is.
        names: what the file calls the tasks that it names, by their uids.
        no_tags: texts of CATEGORIES that are no tags.
    """

    def __init__(self, part: Part, zone_of: ZoneOf) -> None:
        self.once: dict[str, Property] = {}
        self.tags: list[str] = []
        self.links: list[str] = []
        self.comments: list[CommentDraft] = []
        self.series: list[Property] = []
        self.parent: Uid | None = None
        self.depends_on: list[Uid] = []
        self.preserver = Preserver()
        self.categories: list[str] = []
        self.remarks: list[str] = list(part.flaws)
        self.no_tags: list[str] = []
        self.names: dict[str, str] = {}
        self._zone_of = zone_of
        self._says_more_of_categories = False
        for found in properties_of(list(restored(part.lines))):
            self._take(found)
        for name in ("RDATE", "EXDATE"):
            self._limit_dates(name)
        if self.no_tags:
            line = list_line("CATEGORIES", self.no_tags)
            self.preserver.keep(Property(part.number, "CATEGORIES", {}, "", line))
        if not self._says_more_of_categories or not self.preserver.has_room("CATEGORIES", self.categories):
            self.categories = []

    def text(self, name: str) -> str:
        """Return the text of a property of which there can be one, as it fits on a line; empty if there is none."""
        return NOT_IN_LINE.sub("", self.once[name].text).strip() if name in self.once else ""

    def _take(self, found: Property | Flaw) -> None:
        if isinstance(found, Flaw):
            self.remarks.append(f"line {found.number} ({found.name}): {found.reason}: left out")
            return
        if found.flaw is not None:
            is_understood = found.name in _ONCE or found.name in SERIES or found.name in _TAKERS
            is_left_out = found.is_cut and not is_understood
            done = "left out" if is_left_out else "cut" if found.is_cut else "read so"
            self.remarks.append(f"{found.place}: {found.flaw}: {done}")
            if is_left_out:
                return
        if found.name in _ONCE:
            self._take_once(found)
        elif found.name in SERIES:
            self._take_series(found)
        elif taker := _TAKERS.get(found.name):
            if found.value.strip():
                taker(self, found)
        else:
            self.preserver.keep(found)

    def _take_once(self, found: Property) -> None:
        if found.name in STAMPS and not found.value.strip():
            return
        if found.name in self.once:
            self.remarks.append(f"{found.place}: comes twice: the first counts")
            return
        self.once[found.name] = found
        if found.name == RECURRENCE_ID:
            self.preserver.keep(found)
        else:
            self.preserver.keep_parameters(found)

    def _take_series(self, found: Property) -> None:
        if found.name == "RRULE" and any(each.name == "RRULE" and each.value.strip() for each in self.series):
            self.remarks.append(f"{found.place}: comes twice: the first counts, and this one is kept")
            self.preserver.keep(found)
            return
        readable = self._readable_dates(found) if found.name in {"RDATE", "EXDATE"} else found
        if readable is not None:
            self.series.append(readable)
            self.preserver.keep_parameters(found)

    def _readable_dates(self, found: Property) -> Property | None:
        """Return a list of dates without those that are none, which are kept."""
        good: list[str] = []
        bad: list[str] = []
        for value in found.values:
            try:
                time_of(found.with_value(value.partition("/")[0]), self._zone_of)  # of a period, its beginning
                good.append(value)
            except InvalidValue as invalid:
                bad.append(value)
                self.remarks.append(f"{found.place}: {invalid.reason}: kept, and not read")
        if bad:
            self.preserver.keep(found.with_value(",".join(bad)))
        return found.with_value(",".join(good)) if good else None

    def _limit_dates(self, name: str) -> None:
        """Keep the dates beyond what a series can hold: the earliest, as the latest are still to come."""
        dates = [(value, at) for at, each in enumerate(self.series) if each.name == name for value in each.values]
        excess = sorted(dates)[: max(len(dates) - MAX_DATES, 0)]
        if not excess:
            return
        place = next(each.place for each in self.series if each.name == name)
        self.remarks.append(f"{place}: there are more than {MAX_DATES}: the first {len(excess)} are kept, and not read")
        for at in {at for _, at in excess}:
            each, early = self.series[at], {value for value, place in excess if place == at}
            self.preserver.keep(each.with_value(",".join(value for value in each.values if value in early)))
            self.series[at] = each.with_value(",".join(value for value in each.values if value not in early))

    def _take_categories(self, found: Property) -> None:
        self.tags, others = fitted_tags([*self.tags, *(text for text in found.texts if text.strip())])
        for text, reason in others:
            self.no_tags.append(text)
            self.remarks.append(f"{found.place}: a category {reason}: kept, and no tag")
        self.categories.append(found.raw)
        self._says_more_of_categories |= says_more(found)

    def _take_url(self, found: Property) -> None:
        if len(self.links) == MAX_LINKS:
            self.remarks.append(f"{found.place}: a task has at most {MAX_LINKS} links: kept, and not among them")
            self.preserver.keep(found)
            return
        try:
            self.links.append(link_from(found.name, found.value.strip()))
            self.preserver.keep_parameters(found)
        except InvalidValue as invalid:
            self.remarks.append(f"{found.place}: {invalid.reason}: kept, and not among the links")
            self.preserver.keep(found)

    def _take_link(self, found: Property) -> None:
        relation = found.parameters.get("LINKREL", "related").lower()
        if relation == "related" and set(found.parameters) <= {"LINKREL", "VALUE"}:
            self._take_url(found)
        else:
            self.preserver.keep(found)

    def _take_relation(self, found: Property) -> None:
        kind = found.parameters.get("RELTYPE", "PARENT").upper()
        name = NOT_IN_LINE.sub("", found.text).strip()
        if kind == "PARENT" and self.parent is None and name:
            self.parent = self._named(found, name)
            self.preserver.keep_parameters(found)
        elif kind in _DEPENDENCIES and name and len(self.depends_on) < MAX_DEPENDENCIES:
            self.depends_on.append(self._named(found, name))
            self.preserver.keep_parameters(found)
        else:
            self.preserver.keep(found)

    def _named(self, found: Property, name: str) -> Uid:
        """Return the uid of a task that is named, and keep the name: the task may not come for a while."""
        uid = uid_named(name)
        if uid != name.lower() and self.preserver.has_room(found.place, [found.value]):
            self.names[uid] = found.value.strip()
        return uid

    def _take_comment(self, found: Property) -> None:
        text = comment_text_from(found)
        if not text:
            return
        length = sum(len(comment.text) for comment in self.comments)
        is_too_much = len(self.comments) == MAX_COMMENTS or length + len(text) > MAX_COMMENTS_LENGTH
        if is_too_much or len(text) > MAX_COMMENT_LENGTH:
            self.remarks.append(f"{found.place}: the comments are too many or too long: kept, and none of them")
            self.preserver.keep(found)
            return
        self.preserver.keep_parameters(found.with_value(NOT_IN_TEXT.sub("", found.value)))
        if text != found.text.strip():
            self.remarks.append(f"{found.place}: control characters were left out")
            self.preserver.keep_original(found, text)
        author = fitted_line(found.parameters.get(AUTHOR, ""), MAX_AUTHOR_LENGTH) or None
        self.comments.append(CommentDraft(text=text, author=author, created=self._created(found)))

    def _created(self, found: Property) -> datetime | None:
        created = found.parameters.get(CREATED)
        try:
            return instant_of(found._replace(value=created), self._zone_of) if created else None
        except InvalidValue as invalid:
            self.remarks.append(f"{found.place}: {CREATED} {invalid.reason}: left out")
            return None


_TAKERS: Final[dict[str, Callable[[VTodo, Property], None]]] = {
    "CATEGORIES": VTodo._take_categories,  # noqa: SLF001
    "URL": VTodo._take_url,  # noqa: SLF001
    "LINK": VTodo._take_link,  # noqa: SLF001
    "RELATED-TO": VTodo._take_relation,  # noqa: SLF001
    "COMMENT": VTodo._take_comment,  # noqa: SLF001
}
