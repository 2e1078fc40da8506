"""Links and colours."""

import pytest

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.lists.colour import colour_from
from taskharbor.domain.tasks.links import MAX_LINK_LENGTH, MAX_LINKS, links_from


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "https://example.org:8080/a/b;c?d=e&f[]=g#h/i?j",
        "HTTP://EXAMPLE.ORG/%C3%A4",
        "http://[2001:db8::1]:80/",
        "http://user@127.0.0.1/",
        "mailto:someone@example.org?subject=Hello%20there",
        "tel:+49-30-901820",
        "ftp://ftp.example.org/x",
        "message://%3cabc@example.org%3e",
        "obsidian://open?vault=x",
        "urn:isbn:0451450523",
        "file:///srv/report.pdf",
        "geo:52.5,13.4",
        "https://example.org/" + "x" * (MAX_LINK_LENGTH - 20),
    ],
)
def test_an_absolute_url_is_kept_as_it_was_written(url):
    assert links_from([url]) == (url,)


@pytest.mark.parametrize(
    "url",
    [
        *["", " ", "example.org", "//example.org/x", "/x", "#x", "?x", "https:", "https://", "https:///x", "http:x"],
        *["https://example.org/a b", " https://example.org", "https://example.org\n", "java\nscript:alert(1)"],
        *[
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "vbscript:x",
            "data:text/html,x",
            "blob:https://x/y",
            "about:x",
        ],
        *["https://exämple.org/", "https://example.org/%zz", "https://example.org/%", "https://example.org/<script>"],
        *["https://example.org/#a#b", "https://example.org:99999/", "https://example.org:x/", "https://[::1", "1a:x"],
        *["https://example.org:0/", "https://[x]/", "https://:80/", 'https://example.org/"', "https://example.org/\\"],
        *["https://example.org/" + "x" * (MAX_LINK_LENGTH - 19), "x" * 1_000_000, None, 5, ["https://example.org"]],
        *["https://example.org/\ud800", "https://example.org/\u202e", "view-source:https://example.org"],
    ],
)
def test_what_is_no_link_is_refused_with_its_place(url):
    with pytest.raises(InvalidValue) as refused:
        links_from(["https://example.org", url])

    assert refused.value.field == "links[1]"


@pytest.mark.parametrize("value", [None, "https://example.org", {}, ["https://example.org"] * (MAX_LINKS + 1)])
def test_links_are_a_list_of_limited_length(value):
    with pytest.raises(InvalidValue) as refused:
        links_from(value)

    assert refused.value.field == "links"


def test_links_keep_their_order_and_none_comes_twice():
    assert links_from(["tel:2", "tel:1", "tel:2"]) == ("tel:2", "tel:1")


@pytest.mark.parametrize(("text", "colour"), [("#1e90ff", "#1e90ff"), ("#1E90FF", "#1e90ff"), ("#000000", "#000000")])
def test_a_colour_has_one_spelling(text, colour):
    assert colour_from("colour", text) == colour
    assert colour_from("colour", colour) == colour


@pytest.mark.parametrize(
    "value",
    ["", "dodgerblue", "#fff", "#1e90ff80", "1e90ff", "#1e90fg", "#1e90ff\n", "rgb(0,0,0)", None, 0, "#\uff11e90ff"],
)
def test_no_other_notation_is_a_colour(value):
    with pytest.raises(InvalidValue) as refused:
        colour_from("colour", value)

    assert refused.value.field == "colour"
