"""The formats in which commands answer programs: stable, whatever the table for people looks like."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, Final

from taskharbor.entrypoints.cli.failure import CommandFailed

Document = dict[str, Any]

TABLE: Final = "table"
FORMATS: Final = (TABLE, "json", "jsonl", "csv", "ids")


def format_from(name: str | None, *, as_json: bool) -> str:
    """Return the format that was asked for.

    Raises:
        CommandFailed: if there is none of this name, or two are asked for.
    """
    if name is None:
        return "json" if as_json else TABLE
    if as_json and name != "json":
        raise CommandFailed("give --json or --format, not both", exit_code=CommandFailed.USAGE)
    if name not in FORMATS:
        raise CommandFailed(f"--format must be one of {', '.join(FORMATS)}", exit_code=CommandFailed.USAGE)
    return name


def written(documents: Sequence[Document], format: str, *, single: bool = False) -> str:
    """Return documents in a format other than the table; a `single` one is in JSON an object, not an array."""
    match format:
        case "json":
            return f"{json.dumps(documents[0] if single else documents, ensure_ascii=False, indent=2)}\n"
        case "jsonl":
            return "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in documents)
        case "csv":
            return _csv(documents)
        case _:
            return "".join(f"{each['id']}\n" for each in documents if "id" in each)


def _csv(documents: Sequence[Document]) -> str:
    text = io.StringIO()
    names = list(dict.fromkeys(name for each in documents for name in each))
    writer = csv.writer(text, lineterminator="\n")
    if names:
        writer.writerow(names)
    writer.writerows([_cell(each.get(name)) for name in names] for each in documents)
    return text.getvalue()


def _cell(value: object) -> str:
    """Return a value as text, guarded where a spreadsheet would take it for a formula (OWASP, CSV injection)."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
    return json.dumps(value, ensure_ascii=False)
