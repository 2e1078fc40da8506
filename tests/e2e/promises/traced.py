"""A program that commits to a SQLite file, and what it asks the system to do, as strace sees it."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from debian_packages import program

# What is acknowledged is written to standard output, by one call of the system each.
PROGRAM = """
import asyncio, os, sys
from taskharbor.entrypoints.embedded import StoreUnavailable, open_taskharbor

async def main(folder, commits):
    async with open_taskharbor(f"sqlite:///{folder}/tasks.db") as harbor:
        tasks = [await harbor.create_task(title=f"task {number}") for number in range(3)]
        os.write(1, b"ACK 3\\n")
        for number in range(commits):
            index = number % len(tasks)
            try:
                tasks[index] = await harbor.change_task(tasks[index].id, description=f"{number} " + "x" * 500)
                os.write(1, b"ACK %d\\n" % tasks[index].revision)
            except StoreUnavailable as error:
                os.write(1, b"REFUSED\\n")

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the system that changes a file, or what was acknowledged.

    Attributes:
        name: "write", "truncate", "sync", "unlink" or "said".
        path: the name of the file.
        offset: where it writes, or to what it cuts.
        data: what it writes.
        is_refused: whether it was made to fail.
    """

    name: str
    path: str = ""
    offset: int = 0
    data: bytes = b""
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Traced:
    """What came of the program.

    Attributes:
        code: its exit code.
        said: the lines that it has written.
        calls: what it did, in order.
    """

    code: int
    said: Sequence[str]
    calls: Sequence[Call]


def run_traced(folder: Path, *, commits: int, inject: Sequence[str] = ()) -> Traced:
    """Run the program with its file in `folder`, some of its calls of the system being made to fail."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    strace = program("strace", "strace", tools)
    trace = folder / "trace"
    command = [
        str(strace), "-f", "-y", "-xx", "-s", "1000000", "-o", str(trace),
        "-e", "trace=write,pwrite64,lseek,fsync,fdatasync,ftruncate,unlink",
        *inject,
        sys.executable, "-c", PROGRAM, str(folder), str(commits),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return Traced(done.returncode, done.stdout.splitlines(), list(_calls_in(trace)))


_LINE = re.compile(
    r"(?P<thread>\d+) +(?:(?P<name>\w+)\((?P<arguments>.*)|<\.\.\. (?P<resumed>\w+) resumed>(?P<rest>.*))"
)
_FILE = re.compile(r"(?P<number>\d+)<(?P<path>[^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def _calls_in(trace: Path) -> Iterator[Call]:
    positions: dict[str, int] = {}
    begun: dict[str, str] = {}
    with trace.open() as lines:
        for line in lines:
            found = _LINE.match(line)
            if found is None:
                continue
            thread = found["thread"]
            if found["resumed"]:
                whole = begun.pop(thread, "") + found["rest"]
                name = found["resumed"]
            elif "<unfinished ...>" in line:
                begun[thread] = found["arguments"].partition("<unfinished")[0]
                continue
            else:
                name, whole = found["name"], found["arguments"]
            if (call := _call(name, whole, positions)) is not None:
                yield call


def _call(name: str, arguments: str, positions: dict[str, int]) -> Call | None:
    """Return a call that has ended; a write that another thread's sync overtook counts after it."""
    is_refused = "= -1 " in arguments
    if name == "unlink":
        return Call("unlink", Path(_bytes(arguments).decode()).name)
    file = _FILE.match(arguments)
    path, number = ("", "") if file is None else (Path(_decoded(file["path"])).name, file["number"])
    if number == "1" and name == "write":
        return Call("said", data=_bytes(arguments))
    if not path.startswith("tasks.db") or path.endswith("-shm"):
        return None
    asked, _, answered = arguments.rpartition("= ")
    result, last = int(answered.split()[0]), asked.rpartition(")")[0].rsplit(",", 1)[-1]
    if name == "lseek":
        positions[number] = result
        return None
    if name in {"write", "pwrite64"}:
        offset = int(last) if name == "pwrite64" else positions.get(number, 0)
        positions[number] = offset + max(result, 0)
        return Call("write", path, offset, _bytes(arguments)[: max(result, 0)], is_refused)
    return Call("truncate", path, int(last)) if name == "ftruncate" else Call("sync", path, is_refused=is_refused)


def _bytes(arguments: str) -> bytes:
    text = _TEXT.search(arguments)
    return b"" if text is None else bytes.fromhex(text[1].replace("\\x", ""))


def _decoded(path: str) -> str:
    return re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), path)
