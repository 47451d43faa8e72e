"""Bad input costs who sends it at most their connection, and nobody else anything."""

import gc
import json
import tracemalloc
from collections.abc import Iterator

from broker import topics
from broker.messages import VERSION
from tests.engines.mqtt_probe import publish
from tests.faults.walkers import Walker, meet
from tests.journeys.house import House
from tests.polling import until

PEER, SEAT = "x" * 22, "x" * 56


def bad_payloads(walker: Walker) -> Iterator[bytes]:
    """Malformed, oversize, deep, wrong-typed, not UTF-8, and of another version."""
    join = {"kind": "join", **walker.wish()}
    yield b""
    yield b"\x00"
    yield b"\xff\xfe{}"
    yield b"{"
    yield b"null"
    yield b"[" * 4000
    yield b'{"a":' * 800
    yield b"x" * 5000
    yield b'{"kind":"join"}'
    yield b'{"kind":"nothing"}'
    yield json.dumps({**join, "life": 7}).encode()
    yield json.dumps({**join, "seat": SEAT}).encode()
    yield json.dumps({**join, "tags": {"a": 1}}).encode()
    yield json.dumps({**join, "relay": None}).encode()
    yield json.dumps({**join, "extra": "x" * 3000}).encode()
    yield json.dumps({**join, "life": "L" * 12}).encode()
    yield b'{"kind":"ping","life":"\xc3\x28LLLLLLLLL"}'
    yield json.dumps({"kind": "here", "life": "L" * 11, "version": VERSION + 1, "moods": []}).encode()
    yield json.dumps({"kind": "here", "life": "L" * 11, "version": 1e300}).encode()
    yield json.dumps({"kind": "gone", "life": "L" * 11, "mood": "banned"}).encode()
    yield json.dumps({"kind": "talking", "life": walker.life, "session": "S" * 23}).encode()
    yield json.dumps({"kind": "report", "life": walker.life, "session": "S" * 22, "reason": "because"}).encode()


def every_topic(walker: Walker) -> list[str]:
    return [
        topics.presence(walker.peer),
        topics.lobby(walker.peer),
        topics.session(walker.seat),
        topics.inbox(walker.peer),
        topics.inbox(PEER),
        topics.session(SEAT),
        topics.PULSE,
        topics.gate("embedded"),
        topics.desk_ask("anna"),
        "v1/lobby",
        "v9/lobby/" + PEER,
        "$SYS/broker",
        "$CONTROL/passerby/v1",
    ]


async def test_bad_messages_on_every_topic_hurt_nobody_else(house: House) -> None:
    async with Walker.walk(house.broker.port) as ana, Walker.walk(house.broker.port) as bo:
        await meet(ana, bo)
        for index in range(len(every_topic(ana))):
            for number in range(len(list(bad_payloads(ana)))):
                async with Walker.walk(house.broker.port) as bad:
                    payload = list(bad_payloads(bad))[number]
                    await bad.probe.send(publish(every_topic(bad)[index], payload))
                    await bad.probe.echo()  # dealt with, or thrown out
        assert not ana.probe.closed
        assert not bo.probe.closed
        assert [message["kind"] for message in ana.inbox()] == ["welcome", "matched"]
        async with Walker.walk(house.broker.port) as cy, Walker.walk(house.broker.port) as dee:
            await meet(cy, dee)
        counts = house.service.stats().counts
        assert counts["malformed"] > 20
        assert counts.get("bugs", 0) == 0


async def test_an_old_tab_is_told_the_version_instead_of_silence(house: House) -> None:
    async with Walker.walk(house.broker.port) as tab:
        here = {"kind": "here", "life": "M" * 11, "version": VERSION + 1, "something": "new"}
        await tab.probe.send(publish(topics.presence(tab.peer), json.dumps(here).encode()))
        await tab.probe.until(lambda: any(message["life"] == "M" * 11 for message in tab.inbox()))
        assert (await tab.told("welcome"))["version"] == VERSION


async def test_the_service_does_not_grow_with_what_it_refuses(house: House) -> None:
    async with Walker.walk(house.broker.port) as bad:
        payloads = [payload for payload in bad_payloads(bad) if len(payload) <= 4096]
        lives = iter(range(10_000_000))

        async def storm(rounds: int) -> None:
            before = house.service.stats().counts.get("malformed", 0)
            for _ in range(rounds):
                fresh = json.dumps({"kind": "ping", "life": f"{next(lives):011d}", "x": 1}).encode()
                await bad.probe.send(*(publish(topics.lobby(bad.peer), each) for each in [*payloads[:4], fresh]))
                await bad.probe.echo()
            await until(lambda: house.service.stats().counts.get("malformed", 0) >= before + rounds * 5)

        await storm(100)
        tables = house.service.stats().lobby
        gc.collect()
        tracemalloc.start()
        try:
            first = tracemalloc.take_snapshot()
            await storm(400)
            gc.collect()
            grown = tracemalloc.take_snapshot().compare_to(first, "filename")
        finally:
            tracemalloc.stop()
        ours = sum(stat.size_diff for stat in grown if "/matcher/" in stat.traceback[0].filename)
        assert ours < 400 * 5 * 16  # less than any object for each; Python itself keeps some small tuples for reuse
        after = house.service.stats().lobby
        assert tables is not None
        assert after is not None
        assert (after.here, after.remembered_peers) == (tables.here, tables.remembered_peers)
