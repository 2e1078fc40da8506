from pathlib import Path

from typer.testing import CliRunner

from taskharbor.adapters.interchange.formats import READ_FORMAT_NAMES
from taskharbor.entrypoints.cli.commands import app
from taskharbor.entrypoints.cli.failure import CommandFailed

FILE = Path(__file__).parents[2] / "data" / "todotxt" / "todo.txt"


def run(database: Path, *arguments: str):
    return CliRunner().invoke(app, [*arguments, "--database-url", f"sqlite:///{database}"])


def test_a_file_goes_in_and_comes_out(tmp_path: Path):
    database = tmp_path / "tasks.db"
    assert run(database, "import", str(FILE)).stdout == "23 new, 0 changed, 0 unchanged, 0 refused.\n"
    assert run(database, "import", str(FILE)).stdout == "0 new, 0 changed, 23 unchanged, 0 refused.\n"
    out = tmp_path / "out.txt"
    answer = run(database, "export", "--format", "todotxt", str(out))
    assert answer.stderr.startswith("Exported 23 tasks.")
    assert [line.strip() for line in out.read_text().splitlines()] == [
        line.strip() for line in FILE.read_text().splitlines()
    ]


def test_what_cannot_be_taken_is_said_and_shows_in_the_exit_code(tmp_path: Path):
    bad = tmp_path / "bad.txt"
    bad.write_text("one\ntwo due:soon\nthr\0ee\n")
    answer = run(tmp_path / "tasks.db", "import", str(bad))
    assert "refused: line 3: it has NUL bytes, as no text in UTF-8 has" in answer.stderr
    assert "note: line 2 (due): must be a date such as 2026-12-01: kept, and not read" in answer.stderr
    assert isinstance(answer.exception, CommandFailed)
    assert answer.exception.exit_code == CommandFailed.DATA
    assert "Nothing was imported." in run(tmp_path / "other.db", "import", "--atomic", str(bad)).stderr


def test_an_export_that_fails_leaves_the_file_that_was_there(tmp_path: Path):
    out = tmp_path / "out.txt"
    out.write_text("mine")
    answer = CliRunner().invoke(
        app, ["export", "--format", "todotxt", str(out), "--database-url", "sqlite:////no/x.db"]
    )
    assert isinstance(answer.exception, CommandFailed)
    assert out.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


def test_a_file_that_can_be_neither_made_nor_removed_is_said_in_a_sentence(tmp_path: Path):
    (tmp_path / "a.txt").write_text("one\n")
    run(tmp_path / "tasks.db", "import", str(tmp_path / "a.txt"))
    answer = run(tmp_path / "tasks.db", "export", "--format", "jsonl", str(tmp_path / "a.txt" / "out.jsonl"))
    assert isinstance(answer.exception, CommandFailed)
    assert "cannot write" in str(answer.exception)


def test_a_file_whose_name_tells_no_format_needs_one(tmp_path: Path):
    (tmp_path / "tasks").write_text("one\n")
    answer = run(tmp_path / "tasks.db", "import", str(tmp_path / "tasks"))
    assert isinstance(answer.exception, CommandFailed)
    assert str(answer.exception).endswith(f"pass --format, one of {', '.join(READ_FORMAT_NAMES)}")
    assert run(tmp_path / "tasks.db", "import", "--format", "todotxt", str(tmp_path / "tasks")).exit_code == 0


def test_a_format_that_is_only_written_is_refused_with_those_that_can_be_read(tmp_path: Path):
    table = tmp_path / "tasks.csv"
    table.write_text("id,uid,title\n")
    answer = run(tmp_path / "tasks.db", "import", str(table))
    assert isinstance(answer.exception, CommandFailed)
    assert answer.exception.exit_code == CommandFailed.USAGE
    assert str(answer.exception) == (
        "csv can only be exported; formats that can be imported: " + ", ".join(READ_FORMAT_NAMES)
    )


def test_an_export_makes_no_database_where_there_is_none(tmp_path: Path):
    answer = run(tmp_path / "slip.db", "export", "--format", "jsonl", str(tmp_path / "out.jsonl"))
    assert isinstance(answer.exception, CommandFailed)
    assert "no schema yet" in str(answer.exception)
    assert list(tmp_path.iterdir()) == []


def test_files_and_folders_go_in_together_whatever_names_what(tmp_path: Path):
    folder = tmp_path / "tasks"
    (folder / "sub").mkdir(parents=True)
    todo = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//EN\r\nBEGIN:VTODO\r\n"
        "UID:{0}\r\nSUMMARY:{0}\r\n{1}END:VTODO\r\nEND:VCALENDAR\r\n"
    )
    (folder / "a.ics").write_text(todo.format("child", "RELATED-TO:parent\r\n"))
    (folder / "sub" / "b.ics").write_text(todo.format("parent", ""))
    (folder / "README.md").write_text("no tasks")
    (folder / "odd.json").write_text("[]")
    (folder / ".hidden.ics").write_text(todo.format("hidden", ""))
    lines = tmp_path / "more"
    lines.write_text('{"title": "third"}\n')
    database = tmp_path / "tasks.db"
    answer = run(database, "import", str(lines), str(folder))
    assert answer.stdout == "3 new, 0 changed, 0 unchanged, 0 refused.\n"
    assert run(database, "import", str(folder), str(lines)).stdout.startswith("0 new, 0 changed, 3 unchanged")
    exported = run(database, "export", "--format", "jsonl").stdout
    assert '"parent_uid":"' in next(line for line in exported.splitlines() if '"title":"child"' in line)


def test_a_dry_run_says_what_would_be_and_an_import_is_undone_as_one(tmp_path: Path):
    database = tmp_path / "tasks.db"
    dry = run(database, "import", "--dry-run", str(FILE))
    assert dry.stdout == "23 new, 0 changed, 0 unchanged, 0 refused.\n"
    assert "A dry run: nothing was written." in dry.stderr
    assert "Exported 0 tasks." in run(database, "export", "--format", "jsonl").stderr
    answer = run(database, "import", str(FILE))
    (hint,) = [line for line in answer.stderr.splitlines() if line.startswith("Undo: ")]
    undone = run(database, *hint.removeprefix("Undo: taskharbor ").split())
    assert undone.stdout.startswith("Undone: 23 tasks, ")
    assert undone.stdout.endswith(" 0 conflicts.\n")
    assert "Exported 0 tasks." in run(database, "export", "--format", "jsonl").stderr
    other = run(database, "undo-import", "0190b1f4-1234-7abc-8def-0123456789ab")
    assert str(other.exception) == "Import not found"


def test_an_app_s_format_is_only_read(tmp_path: Path):
    answer = run(tmp_path / "tasks.db", "export", "--format", "trello")
    assert str(answer.exception).startswith("trello can only be imported")
