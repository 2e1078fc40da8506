"""What reaches the kernel when the server answers."""

import asyncio

import pytest

from taskharbor.entrypoints.server.coalesced_writes import HeadsWait

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"


class Wire(asyncio.Transport):
    """Notes each call that would be a system call."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[bytes] = []

    def write(self, data) -> None:
        self.calls.append(bytes(data))

    def writelines(self, list_of_data) -> None:
        self.calls.append(b"".join(list_of_data))

    def close(self) -> None:
        self.calls.append(b"<close>")


@pytest.fixture
def wire():
    return Wire()


@pytest.fixture
async def transport(wire):
    return HeadsWait(wire, asyncio.get_running_loop())


async def test_head_and_body_go_out_together(wire, transport):
    transport.write(HEAD)
    transport.write(b"hello")
    await asyncio.sleep(0)

    assert wire.calls == [HEAD + b"hello"]


async def test_a_head_without_a_body_goes_out_by_itself(wire, transport):
    transport.write(HEAD)
    await asyncio.sleep(0)

    assert wire.calls == [HEAD]


async def test_a_stream_that_takes_its_time_does_not_hold_up_its_head(wire, transport):
    transport.write(HEAD)
    await asyncio.sleep(0)
    transport.write(b"hel")
    transport.write(b"lo")

    assert wire.calls == [HEAD, b"hel", b"lo"]


async def test_two_answers_that_follow_each_other_stay_in_order(wire, transport):
    for _ in range(2):
        transport.write(HEAD)
        transport.write(b"hello")
    await asyncio.sleep(0)

    assert wire.calls == [HEAD + b"hello"] * 2


async def test_a_100_continue_is_sent_at_once(wire, transport):
    transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    assert wire.calls == [b"HTTP/1.1 100 Continue\r\n\r\n"]


async def test_closing_loses_nothing(wire, transport):
    transport.write(HEAD)
    transport.close()
    await asyncio.sleep(0)

    assert wire.calls == [HEAD, b"<close>"]
