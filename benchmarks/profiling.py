"""Where our server's time goes under each call: `python -m benchmarks.profiling`, with py-spy installed beside Python.

py-spy samples the process from outside, so the server runs as it does for the comparison. Only samples that hold
Python's lock count: threads that wait for a disk or for work cost nothing. A function's own time is what was spent
in its lines and in the C code that they call; its total adds the Python functions that it calls.
"""

import argparse
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Final

from benchmarks.calls import CALLS, GET, Call
from benchmarks.client import client_on
from benchmarks.drawing import draw, write_drawn
from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import OURS
from benchmarks.markdown import markdown_table
from benchmarks.seeding import seeded_tasks
from benchmarks.servers import Server, running
from benchmarks.signals import exit_on_signals
from benchmarks.stores import STORES, open_stores
from benchmarks.temporary import temporary_folder
from benchmarks.wrk import drive, require_wrk

PROFILED: Final = ("create", "get", "change", "list of 100")
SAMPLES_PER_SECOND: Final = 250
TASKS: Final = 1000
LEAST_SHARE: Final = 0.02
EXIT_WITHOUT_PROFILER: Final = 2


def main() -> None:
    options = options_from(sys.argv[1:])
    require_wrk()
    profiler = require_profiler()
    exit_on_signals()
    calls = [call for call in CALLS if call.name in options.calls]
    try:
        with open_stores(options.stores) as stores:
            for store in options.stores:
                with stores[store]() as url, running(OURS, url) as server:
                    print(report_of(store, dict(stacks_of(server, calls, profiler, options.seconds)), options.top))
    except BenchmarkFailed as failure:
        sys.exit(str(failure))


def options_from(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profiling")
    calls = [call.name for call in CALLS]
    parser.add_argument("--seconds", type=int, default=5, help="of load for each call")
    parser.add_argument("--top", type=int, default=10, help="how many functions a table has")
    parser.add_argument("--calls", nargs="+", choices=calls, default=list(PROFILED), metavar="CALL")
    parser.add_argument("--stores", nargs="+", choices=STORES, default=list(STORES))
    return parser.parse_args(arguments)


def require_profiler() -> str:
    """Return the path of py-spy; leave the program with status 2 if it is not installed."""
    beside = Path(sys.executable).with_name("py-spy")
    found = str(beside) if beside.exists() else shutil.which("py-spy")
    if found is None:
        print("Profiling needs py-spy: .venv/bin/pip install py-spy.", file=sys.stderr)
        sys.exit(EXIT_WITHOUT_PROFILER)
    return found


def stacks_of(server: Server, calls: Sequence[Call], profiler: str, seconds: int) -> Iterator[tuple[str, Counter[str]]]:
    """Yield the name of each call with how often each stack was seen while it was being sent."""
    with temporary_folder() as folder:
        drawn = folder / "drawn"
        with client_on(server.port) as client:
            write_drawn(draw(seeded_tasks(client, OURS, TASKS)), drawn)
        drive(GET, port=server.port, drawn=drawn, seconds=1)
        for call in calls:
            raw = folder / "stacks"
            command = [profiler, "record", "--gil", "--function", "--format", "raw"]
            command += ["--rate", str(SAMPLES_PER_SECOND), "--duration", str(seconds)]
            command += ["--output", str(raw), "--pid", str(server.pid)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as recording:
                drive(call, port=server.port, drawn=drawn, seconds=seconds)
                said, _ = recording.communicate()
            if recording.returncode or not raw.exists():
                raise BenchmarkFailed(f"py-spy could not watch the server: {said}")
            yield call.name, read_stacks(raw.read_text())
            raw.unlink()


def read_stacks(text: str) -> Counter[str]:
    """Return how often each stack was seen, from lines such as `outer;inner 17`."""
    stacks: Counter[str] = Counter()
    for line in text.splitlines():
        stack, _, count = line.rpartition(" ")
        stacks[stack] += int(count)
    return stacks


def report_of(store: str, stacks: Mapping[str, Counter[str]], top: int) -> str:
    """Return the functions that took most time of their own under each call, and what each package took."""
    columns = [top_of(counts, top) for counts in stacks.values()]
    ranks = [[str(rank), *cells] for rank, cells in enumerate(zip_longest(*columns, fillvalue=""), start=1)]
    shares = [f"* {call}: {', '.join(shares_of(counts))}" for call, counts in stacks.items()]
    return "\n".join([f"\n{store}\n", markdown_table(["", *stacks], ranks), "", *shares])


def top_of(stacks: Counter[str], top: int) -> Sequence[str]:
    """Return the functions that took most time of their own, with their shares of it."""
    own: Counter[str] = Counter()
    for stack, count in stacks.items():
        own[shortened(stack.rpartition(";")[2])] += count
    samples = stacks.total() or 1
    return [f"`{frame}` {count / samples:.0%}" for frame, count in own.most_common(top)]


def shares_of(stacks: Counter[str]) -> Sequence[str]:
    """Return the shares of packages and layers in the time, the largest first: of what runs, not of what calls it."""
    parts: Counter[str] = Counter()
    for stack, count in stacks.items():
        parts[part_of(stack.rpartition(";")[2])] += count
    samples = stacks.total() or 1
    return [f"{part} {count / samples:.0%}" for part, count in parts.most_common() if count / samples >= LEAST_SHARE]


def part_of(frame: str) -> str:
    """Return the package that a frame belongs to; ours are separated by layer."""
    place = frame.rpartition(" (")[2]
    for layer in ("adapters", "application", "domain", "entrypoints"):
        if f"/taskharbor/{layer}/" in place or place.startswith(f"taskharbor/{layer}/"):
            return f"our {layer}"
    _, found, rest = place.partition("site-packages/")
    package = (rest if found else place).partition("/")[0].partition(":")[0]
    return package if found or ("/" in place and not place.startswith("/")) else "Python's library"


def shortened(frame: str) -> str:
    """Return the innermost name and the file's, from what py-spy says of a frame: `name (folder/file.py:17)`."""
    name, _, place = frame.rpartition(" (")
    file = place.rpartition("/")[2].partition(":")[0].rstrip(")")
    return f"{name.rpartition('<locals>.')[2]}, {file}" if name else frame


if __name__ == "__main__":
    main()
