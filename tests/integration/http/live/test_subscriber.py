"""What waits for a client is bounded, and sent once."""

import asyncio

import pytest

from taskharbor.entrypoints.http.live.subscriber import MAX_WAITING_BYTES, End, Subscriber

SOON = 10


async def test_texts_come_in_order_and_then_the_end():
    subscriber = Subscriber()
    subscriber.put(b"one")
    subscriber.put(b"two")
    subscriber.finish(End.STOPPING, b"retry")
    subscriber.put(b"too late")
    assert [await subscriber.next_text() for _ in range(4)] == [b"one", b"two", b"retry", None]


async def test_events_that_were_seen_before_it_joined_are_left_out():
    subscriber = Subscriber()
    subscriber.seen = 2
    subscriber.put_events([(2, b"b"), (3, b"c")], b"bc")
    subscriber.put_events([(1, b"a"), (2, b"b")], b"ab")
    subscriber.put_events([(3, b"d"), (4, b"e")], b"de")
    subscriber.finish(End.GONE)
    assert [await subscriber.next_text() for _ in range(3)] == [b"c", b"de", None]


async def test_a_client_for_which_too_much_waits_is_cut_at_once():
    subscriber = Subscriber()

    async def send() -> None:
        async with asyncio.timeout(None) as patience:
            subscriber.cut_with(patience)
            subscriber.put(b"x" * MAX_WAITING_BYTES)
            assert subscriber.end is None
            subscriber.put(b"y")
            await asyncio.Event().wait()  # as a send does that the client does not take

    async with asyncio.timeout(SOON):
        with pytest.raises(TimeoutError):
            await send()
    assert subscriber.end is End.TOO_SLOW


async def test_one_large_text_is_taken_whatever_its_size():
    subscriber = Subscriber()
    subscriber.put(b"x" * (2 * MAX_WAITING_BYTES))
    assert subscriber.end is None
