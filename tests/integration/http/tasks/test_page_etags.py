"""The ETag of a page is that of its bytes, however long it is."""

import pytest

from taskharbor.entrypoints.http.responses.page_body import PageBody


@pytest.mark.parametrize("size", [10, 100_000])
def test_only_the_same_bytes_and_link_have_the_same_etag(size):
    body = b"[" + b"1" * size + b"]"
    etag = PageBody.of(body).etag(b"")
    assert etag == PageBody.of(bytes(bytearray(body))).etag(b"")
    assert etag != PageBody.of(body[:-2] + b"2]").etag(b"")
    assert etag != PageBody.of(body).etag(b"</tasks/?after=1>")
