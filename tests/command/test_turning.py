"""Keys turn while broker and matcher run, and people meet."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from broker import topics
from broker.identity import unb64url
from tests.command.running import Running
from tests.engines.mqtt_probe import publish, subscribe
from tests.faults.walkers import Walker, meet


@pytest.fixture
async def keys(tmp_path: Path) -> Path:
    file = tmp_path / "passerby.keys"
    async with Running.start("keys", "new", file) as new:
        assert await new.ends() == 0
    return file


class House(NamedTuple):
    """Where peers come in, and where a matcher does."""

    port: int
    url: str
    matcher: Running


@pytest.fixture
async def house(keys: Path) -> AsyncIterator[House]:
    """Broker and matcher, apart."""
    async with Running.start("broker", "embedded", "--keys", keys, "--port", "0", "--service-port", "0") as broker:
        up = await broker.says(r"http://127.0.0.1:(\d+)/, the matcher at port (\d+)")
        url = f"mqtt://127.0.0.1:{up[2]}"
        async with Running.start("matcher", "--keys", keys, "--broker", url, "--log-level", "info") as matcher:
            await matcher.says("connected to the broker")
            yield House(int(up[1]), url, matcher)


async def turn(keys: Path) -> None:
    async with Running.start("keys", "turn", keys, "--after", "5") as turning:
        assert await turning.ends() == 0
        assert "is turned" in turning.said


def key_of(seat: str) -> int:
    return int.from_bytes(unb64url(seat)[:2], "big")


async def until_seats_are_signed_with(key: int, walker: Walker) -> None:
    """Ask for seats, again and again as pages do, until they are."""
    ping = {"kind": "ping", "life": walker.life, "wantSeat": True}
    async with asyncio.timeout(20):
        while True:
            given = [message["seat"] for message in walker.inbox() if "seat" in message]
            if key_of(given[-1]) == key:
                return
            await walker.probe.send(walker.packet(topics.presence(walker.peer), ping, packet_id=11))
            await asyncio.sleep(0.2)


async def signals(one: Walker, other: Walker, to: str, text: bytes) -> bool:
    """Tell whether what one says to the other's seat arrives."""
    await one.probe.send(publish(topics.session(to), text))
    await one.probe.echo()
    await other.probe.echo()
    return any(each.payload == text for each in other.probe.seen)


async def test_seats_outlive_one_turn_and_not_two_and_everybody_goes_on_meeting(keys: Path, house: House) -> None:
    async with Walker.walk(house.port) as ana, Walker.walk(house.port) as bo:
        told, _ = await meet(ana, bo)
        old = told["to"]
        assert key_of(old) == 1
        await turn(keys)
        await until_seats_are_signed_with(2, ana)
        assert await signals(ana, bo, old, b"after one turn")
        await ana.probe.send(subscribe(topics.session(ana.seat), packet_id=21))
        await ana.probe.until(lambda: len(ana.probe.subacks) > 2)
        assert ana.probe.subacks[-1] == [0]
        async with Walker.walk(house.port) as cy, Walker.walk(house.port) as dee:
            told, _ = await meet(cy, dee)
            assert key_of(told["to"]) == 2
            assert await signals(cy, dee, told["to"], b"with the new key")
            await turn(keys)
            await until_seats_are_signed_with(3, ana)
            assert not await signals(ana, bo, old, b"after two turns")
            assert await signals(cy, dee, told["to"], b"after one turn of theirs")
        async with Walker.walk(house.port) as eli, Walker.walk(house.port) as fay:
            told, _ = await meet(eli, fay)
            assert key_of(told["to"]) == 3


async def test_a_matcher_that_starts_after_a_turn_comes_in_before_and_after_it_takes_effect(
    keys: Path, house: House
) -> None:
    options = ("matcher", "--keys", keys, "--broker", house.url, "--log-level", "info")
    await turn(keys)
    async with Walker.walk(house.port) as ana, Running.start(*options) as second:
        assert await house.matcher.ends() == 3
        await until_seats_are_signed_with(2, ana)
        async with Running.start(*options) as third:
            assert await second.ends() == 3
            await third.says("connected to the broker")
            async with Walker.walk(house.port) as bo, Walker.walk(house.port) as cy:
                await meet(bo, cy)
