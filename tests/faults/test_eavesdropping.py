"""Whoever was not meant to hear hears nothing, while many others talk."""

import asyncio
import contextlib

import pytest

from broker import topics
from tests.engines.mqtt_probe import publish, subscribe
from tests.faults.walkers import Walker
from tests.journeys.house import House

FILTERS = (
    "#",
    "+/#",
    "+/+/#",
    "+/+/+",
    "v1/#",
    "v1/+",
    "v1/+/+",
    "v1/session/#",
    "v1/session/+",
    "v1/inbox/+",
    "v1/presence/+",
    "v1/lobby/+",
    "v1/gate/+",
    "v1/desk/+/ask",
    "+/session/+",
    "$share/g/#",
    "$share/g/v1/session/+",
    "$SYS/#",
    "$SYS/broker/clients/connected",
    "/#",
)
PAIRS = 50


@pytest.mark.timeout(180)
async def test_wildcards_deliver_nothing_while_fifty_sessions_signal(house: House) -> None:
    async with contextlib.AsyncExitStack() as stack:

        async def arrive() -> Walker:
            return await stack.enter_async_context(Walker.walk(house.broker.port))

        ear = await arrive()
        for number, filter_ in enumerate(FILTERS):
            await ear.probe.send(subscribe(filter_, packet_id=100 + number))
            await ear.probe.echo()
        heard_before = len(ear.probe.seen)
        people = [await arrive() for _ in range(2 * PAIRS)]
        await asyncio.gather(*(person.join() for person in people))
        matched = await asyncio.gather(*(person.told("matched") for person in people))
        sessions = [message["session"] for message in matched]
        assert all(sessions.count(session) == 2 for session in sessions)
        for person, message in zip(people, matched, strict=True):
            await person.probe.send(publish(topics.session(message["to"]), b"sealed " + message["to"].encode()))
        for person in people:
            await person.probe.hears(topics.session(person.seat), b"sealed " + person.seat.encode())
        await ear.probe.echo()
        foreign = [each for each in ear.probe.seen[heard_before:] if each.topic != topics.PULSE]
        assert foreign == []
        own = [each.topic for each in ear.probe.seen[:heard_before]]
        assert set(own) <= {topics.PULSE, topics.inbox(ear.peer)}


async def test_a_third_who_learns_a_seat_cannot_listen_and_what_it_says_is_not_believed(house: House) -> None:
    async with (
        Walker.walk(house.broker.port) as ana,
        Walker.walk(house.broker.port) as bo,
        Walker.walk(house.broker.port) as eve,
    ):
        await asyncio.gather(ana.join(), bo.join())
        told = await ana.told("matched")
        await eve.probe.send(subscribe(topics.session(told["to"]), packet_id=55))
        await eve.probe.echo()
        await ana.probe.send(publish(topics.session(told["to"]), b"for bo"))
        await bo.probe.hears(topics.session(bo.seat), b"for bo")
        await eve.probe.echo()
        assert all(not each.topic.startswith("v1/session/") for each in eve.probe.seen)
