"""What may differ between the output on a page and that of today."""

import re
from typing import Final

_VOLATILE: Final = [
    (re.compile(r"\r\n"), "\n"),
    # A page breaks JSON that is too long for it after a comma, and indents the next line.
    (re.compile(r",\n +"), ","),
    (re.compile(r"\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"), "<date>"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "<instant>"),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "<uid>"),
    (re.compile(r"(x-request-id: |request_id[=\":]+)[0-9a-f]{32}"), r"\1<request id>"),
    (re.compile(r"\betag: \"[0-9a-f]{32}\"", re.IGNORECASE), 'etag: "<hash>"'),
    (re.compile(r"\b[0-9a-f]{16}\b"), "<id>"),
    (re.compile(r"\bth[a-z]?_[0-9A-Za-z]{33}\b"), "<secret>"),
    (re.compile(r"\bcursor=[\w-]{22,}"), "cursor=<cursor>"),
    (re.compile(r"(\"next\":\"[\d.~_]+-)[0-9a-f]{12,}"), r"\1<time>"),
    (re.compile(r"^(id: [\d.~_]+-)[0-9a-f]{12,}$", re.MULTILINE), r"\1<time>"),
    (re.compile(r"(duration_ms[=\":]+)[\d.]+"), r"\1<duration>"),
    (re.compile(r"\d+ passed(, \d+ deselected)? in [\d.]+s"), r"<all> passed in <time>"),
    (re.compile(r"^[.]+ +\[ *\d+%\]\n", re.MULTILINE), ""),
]


def normalised(output: str) -> str:
    """Return the output without what is another one each time: dates, uids, request ids, hashes of lists, durations."""
    for pattern, name in _VOLATILE:
        output = pattern.sub(name, output)
    return output.strip()
