"""Hypothesis strategies for what a task may hold, the nasty parts first."""

from datetime import UTC, datetime
from typing import Final

from hypothesis import strategies as st

from taskharbor.domain.progress import Progress
from taskharbor.domain.task import Task
from taskharbor.domain.text import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH
from taskharbor.domain.uid import Uid

HOSTILE: Final = (
    "\u00e9",  # one character in NFC
    "e\u0301",  # the same in NFD
    "\ufb01\u212b",  # the ligature fi and the angstrom sign: NFKC and NFC would change them
    "Z\u0351\u036b\u0343a\u0329\u035c",  # combining marks in heaps
    "\u202e\u05d0\u05d1\u202c \u0627\u0644\u0639\u0631\u0628\u064a\u0629",  # right to left, by override and by nature
    "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466\U0001f3fd",  # a family: emoji, joiners, a skin tone
    "\U0001f1e9\U0001f1ea",  # a flag: two regional indicators
    "\ufdd0\ufffe\uffff\U0010ffff",  # noncharacters
    "\ufeff",  # the byte order mark
    "a\u2028b\u2029c\u00a0d",  # line and paragraph separators, a no-break space
    "\u0130\u0131\u1e9e\u00df",  # case mappings that are not one to one
    "'; DROP TABLE tasks; --",
    "%_\\'\"`$1 :name {0} ?",
    "\U00020000\U0001d11e",  # astral letters
    "null",
)


def titles() -> st.SearchStrategy[str]:
    """Titles as the domain keeps them: trimmed, 1 to 500 characters, no controls."""
    character = st.characters(exclude_categories=("Cs", "Cc"))
    text = st.lists(st.sampled_from(HOSTILE) | character, min_size=1, max_size=12).map("".join)
    return text.map(lambda title: title[:MAX_TITLE_LENGTH].strip()).filter(bool)


def descriptions() -> st.SearchStrategy[str | None]:
    """Descriptions as the domain keeps them, with line breaks and tabs, empty, or absent."""
    character = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\r\t")
    text = st.lists(st.sampled_from(HOSTILE) | character, max_size=30).map("".join)
    return st.none() | text.map(lambda description: description[:MAX_DESCRIPTION_LENGTH])


def instants() -> st.SearchStrategy[datetime]:
    """Instants in UTC, to the microsecond, from the first to the last that Python knows."""
    edges = st.sampled_from(
        [
            datetime.min.replace(tzinfo=UTC),
            datetime.max.replace(tzinfo=UTC),
            datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
            datetime(2000, 1, 1, tzinfo=UTC),
            datetime(2024, 2, 29, 23, 59, 59, 1, UTC),
            datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
        ]
    )
    return edges | st.datetimes(timezones=st.just(UTC))


def uids() -> st.SearchStrategy[Uid]:
    """Uids of any version, the nil and the max UUID included."""
    return st.uuids(allow_nil=True).map(lambda uuid: Uid(str(uuid)))


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """New tasks in every state that a task can be in, with the id 1: give them one of the store's."""
    created, changed, updated = sorted(draw(st.tuples(instants(), instants(), instants())))
    progress = draw(st.sampled_from(Progress))
    return Task(
        id=1,
        uid=draw(uids()),
        title=draw(titles()),
        description=draw(descriptions()),
        progress=progress,
        created=created,
        updated=updated,
        completed=changed if progress is Progress.COMPLETED else None,
        deleted=draw(st.none() | st.just(updated)),
    )
