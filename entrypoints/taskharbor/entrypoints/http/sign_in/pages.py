"""The few pages of sign-in: text, links and one button, without scripts or styles."""

from collections.abc import Iterable
from html import escape
from typing import Final

from starlette.responses import Response

from taskharbor.entrypoints.http.responses.responses import Answer, Header

_HEADERS: Final[list[Header]] = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
    # The link with its secret goes nowhere; our own server still learns the origin of the form.
    (b"referrer-policy", b"same-origin"),
]


def page(title: str, *paragraphs: str, status: int = 200, headers: Iterable[Header] = ()) -> Response:
    """Return a page. The paragraphs are HTML."""
    text = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
    body = (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title></head>\n'
        f"<body>\n<h1>{escape(title)}</h1>\n{text}</body>\n</html>\n"
    ).encode()
    return Answer(status, body, [*_HEADERS, (b"content-length", b"%d" % len(body)), *headers])


def link(address: str, text: str) -> str:
    """Return a link as HTML."""
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def button(action: str, text: str, **fields: str) -> str:
    """Return a button as HTML, which posts these fields."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items()
    )
    return f'<form method="post" action="{escape(action)}">{hidden}<button>{escape(text)}</button></form>'


def redirect(address: str, *, headers: Iterable[Header] = ()) -> Response:
    """Send a browser elsewhere, with a GET."""
    location = (b"location", address.encode("ascii", "ignore"))
    return Answer(303, b"", [location, (b"cache-control", b"no-store"), (b"content-length", b"0"), *headers])
