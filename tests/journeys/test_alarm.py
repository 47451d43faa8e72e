"""A man in the middle of the signaling can read it, and is found out."""

import asyncio
import contextlib
import secrets
import time
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from playwright.async_api import Browser

from broker import topics
from broker.identity import SECRET_BYTES, b64url, peer_of, unb64url
from broker.messages import Matched
from broker.seats import mint
from matcher.effects import Effect, Send
from matcher.service import Service
from tests.engines.mqtt_probe import Probe, connect, over_websocket, publish, subscribe
from tests.journeys.house import House
from tests.journeys.people import Person
from tests.reference.sealing import Seal, private_of, public


@dataclass
class Side:
    """How the man in the middle stands to one of the two."""

    seat: str  # his own, where this one speaks to the supposed stranger
    their_seat: str = ""
    seal: Seal | None = None


class EvilService(Service):
    """A service that swaps the sealing keys of the first pair for one of its own."""

    middle: "Middle | None" = None

    def _do(self, effects: list[Effect]) -> None:
        matched = [each for each in effects if isinstance(each, Send) and isinstance(each.message, Matched)]
        if self.middle is not None and len(matched) == 2:
            effects = self.middle.swap(matched)
        super()._do(effects)


class Middle:
    """Opens what comes, reads it, and passes it on under new seals."""

    def __init__(self, house: House, probe: Probe) -> None:
        self.probe = probe
        self.secret = secrets.token_bytes(SECRET_BYTES)
        self.peer = peer_of(self.secret)
        self.private = private_of(int.from_bytes(secrets.token_bytes(31), "big"))
        expiry = int(time.time() + 600)
        keys = house.keys.seat_keys(time.time())
        self.sides = [Side(mint(keys, self.peer, expiry, secrets.token_bytes(12))) for _ in range(2)]
        self.read: list[bytes] = []

    async def listen(self) -> None:
        seats = [topics.session(side.seat) for side in self.sides]
        await self.probe.send(connect(self.peer, b64url(self.secret)), subscribe(*seats))
        await self.probe.until(lambda: self.probe.subacks)
        assert self.probe.subacks == [[0, 0]]

    def swap(self, pair: list[Any]) -> list[Effect]:
        told: list[Effect] = []
        for index, (mine, other) in enumerate(((pair[0], pair[1]), (pair[1], pair[0]))):
            side = self.sides[index]
            message, stranger = mine.message, other.message
            side.their_seat = stranger.to
            side.seal = Seal(
                role="b" if message.role == "a" else "a",
                mine=self.private,
                theirs=unb64url(stranger.key),
                my_seat=side.seat,
                their_seat=side.their_seat,
            )
            swapped = {"to": side.seat, "key": b64url(public(self.private))}
            told.append(Send(mine.peer, message.model_copy(update=swapped)))
        return told

    async def relay(self) -> None:
        done = 0
        while True:
            if done == len(self.probe.seen):
                await asyncio.sleep(0.005)
                continue
            message = self.probe.seen[done]
            done += 1
            index = [topics.session(side.seat) for side in self.sides].index(message.topic)
            here, there = self.sides[index], self.sides[1 - index]
            assert here.seal is not None
            assert there.seal is not None
            with contextlib.suppress(InvalidTag, ValueError):
                plain = here.seal.open(message.payload)
                self.read.append(plain)
                await self.probe.send(publish(topics.session(there.their_seat), there.seal.seal(plain)))


async def test_swapped_sealing_keys_are_an_alarm_on_both_pages_before_a_word_is_said(chromium: Browser) -> None:
    async with House.open(service=EvilService) as house, over_websocket(house.broker.port) as probe:
        middle = Middle(house, probe)
        await middle.listen()
        assert isinstance(house.service, EvilService)
        house.service.middle = middle
        relaying = asyncio.create_task(middle.relay())
        contexts = [await chromium.new_context() for _ in range(2)]
        ana, bo = [
            await Person.arrive(context, house.url, name) for context, name in zip(contexts, ("Ana", "Bo"), strict=True)
        ]
        await asyncio.gather(ana.start(), bo.start())
        await asyncio.gather(ana.sees("alarm"), bo.sees("alarm"))
        relaying.cancel()
        assert any(b"a=fingerprint" in plain for plain in middle.read), "the attack itself must have worked"
        for person in (ana, bo):
            assert await person.log.count() == 0
        house.service.middle = None
        for person in (ana, bo):
            await person.press("Back to the lobby")
        await asyncio.gather(ana.start(), bo.start())
        await asyncio.gather(ana.meets(bo), bo.meets(ana))  # nothing stays behind of it
        for context in contexts:
            await context.close()
