"""Hypothesis strategies for text that people write: titles, descriptions, tags, links."""

from typing import Final
from unicodedata import normalize

from hypothesis import strategies as st

from taskharbor.domain.tasks.links import MAX_LINK_LENGTH, MAX_LINKS, Links
from taskharbor.domain.tasks.tags import MAX_TAG_LENGTH, MAX_TAGS, Tags, tags_from
from taskharbor.domain.values.text import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH

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

_PLAIN_LINKS: Final = (
    "https://example.org/",
    "HTTPS://EXAMPLE.ORG:443/%7euser/?q[]=%F0%9F%98%80&r='%22#a;b,c",
    "http://[::1]:65535/",
    "mailto:somebody@example.org",
    "tel:+49-30-1234",
    "x-note:'),($1)--",
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


def tags() -> st.SearchStrategy[str]:
    """Tags as the domain keeps them: in NFC, trimmed, 1 to 64 characters, in any case."""
    character = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))
    hostile = st.sampled_from([text.replace("\u2028", "").replace("\u2029", "") for text in HOSTILE])
    text = st.lists(hostile | character | st.sampled_from("aAbB, "), min_size=1, max_size=8).map("".join)
    return text.map(lambda tag: normalize("NFC", tag)[:MAX_TAG_LENGTH].strip()).filter(bool)


def tag_sets() -> st.SearchStrategy[Tags]:
    """Sets of tags in the order in which the domain keeps them, now and then as many as there can be."""
    some = st.lists(tags(), max_size=5)
    most = tags().map(lambda tag: [f"{number:02}{tag}"[:MAX_TAG_LENGTH] for number in range(MAX_TAGS)])
    return st.one_of(some, some, some, most).map(tags_from)


def links() -> st.SearchStrategy[str]:
    """Links as the domain keeps them: exactly as written, the longest too."""
    longest = "https://example.org/"
    paths = st.text("aZ0-._~:/?@!$&'()*+,;=[]", max_size=20).map(lambda path: f"https://example.org/{path}")
    return st.one_of(st.sampled_from(_PLAIN_LINKS), paths, st.just(longest.ljust(MAX_LINK_LENGTH, "x")))


def link_lists() -> st.SearchStrategy[Links]:
    """Lists of different links in any order, now and then as many as there can be."""
    some = st.lists(links(), max_size=4, unique=True).map(tuple)
    most = st.just(tuple(f"https://example.org/{number}" for number in reversed(range(MAX_LINKS))))
    return st.one_of(some, some, some, most)
