"""What nobody has read yet: kept in order, within bounds, until the last."""

from stranger import events
from stranger.unread import UNREAD_BYTES, UNREAD_MOST, Unread


async def all_of(unread: Unread) -> list[events.Event]:
    told = []
    while (event := await unread.next()) is not None:
        told.append(event)
    return told


async def test_events_are_told_in_order_and_the_last_is_the_last() -> None:
    unread = Unread()
    said: list[events.Event] = [events.Typing(on=True), events.Heard(0, "hello"), events.Got(0)]
    for event in said:
        unread.put(event)
    unread.close(events.Over("left"))
    unread.put(events.Heard(1, "too late"))
    unread.close(events.Over("lost"))
    assert await all_of(unread) == [*said, events.Over("left")]
    assert await unread.next() is None


async def test_more_events_than_anybody_reads_are_one_notice() -> None:
    unread = Unread()
    for number in range(2 * UNREAD_MOST):
        unread.put(events.Heard(number, "hello"))
    unread.close(None)
    told = await all_of(unread)
    assert told[:UNREAD_MOST] == [events.Heard(number, "hello") for number in range(UNREAD_MOST)]
    assert told[UNREAD_MOST:] == [events.Notice("unread")]


async def test_pictures_are_bounded_by_their_bytes_and_reading_makes_room() -> None:
    unread = Unread()
    big = bytes(UNREAD_BYTES // 4)
    for number in range(6):
        unread.put(events.Arrived(number, "image", "image/png", big))
    assert [getattr(await unread.next(), "nth", None) for _ in range(2)] == [0, 1]
    unread.put(events.Arrived(6, "image", "image/png", big))
    unread.close(None)
    rest = await all_of(unread)
    assert [event.nth for event in rest if isinstance(event, events.Arrived)] == [2, 3, 6]
    assert rest.count(events.Notice("unread")) == 1
