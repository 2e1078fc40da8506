import asyncio
import io
import threading

from taskharbor.entrypoints.grouped_output import GroupedOutput


class Recorder(io.StringIO):
    """Keeps what each call wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def write(self, text: str) -> int:
        self.calls.append(text)
        return len(text)


def log(output: GroupedOutput, text: str) -> None:
    output.write(text)
    output.flush()


async def test_lines_of_one_turn_are_one_write_in_their_order():
    stream = Recorder()
    output = GroupedOutput(stream)
    for line in ("one\n", "two\n", "three\n"):
        log(output, line)
    assert stream.calls == []
    await asyncio.sleep(0)
    assert stream.calls == ["one\ntwo\nthree\n"]
    log(output, "four\n")
    await asyncio.sleep(0)
    assert stream.calls[1:] == ["four\n"]


def test_without_an_event_loop_a_line_is_written_at_once():
    stream = Recorder()
    log(GroupedOutput(stream), "one\n")
    assert stream.calls == ["one\n"]


async def test_no_line_of_any_thread_is_lost():
    stream = Recorder()
    output = GroupedOutput(stream)
    threads = [threading.Thread(target=lambda n=n: [log(output, f"{n}-{m}\n") for m in range(100)]) for n in range(4)]
    for thread in threads:
        thread.start()
    for n in range(100):
        log(output, f"loop-{n}\n")
        await asyncio.sleep(0)
    for thread in threads:
        await asyncio.to_thread(thread.join)
    await asyncio.sleep(0)
    lines = "".join(stream.calls).splitlines()
    assert sorted(lines) == sorted(
        [f"loop-{n}" for n in range(100)] + [f"{n}-{m}" for n in range(4) for m in range(100)]
    )


class Gone(io.StringIO):
    """What is written to a pipe whose reader has gone."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError


async def test_a_log_that_nobody_reads_any_more_is_no_event_of_its_own():
    """Whatever the loop is told of, it logs: a report of this would be written in the next turn, and so on for ever."""
    told = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context))
    log(GroupedOutput(Gone()), "one\n")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert told == []
