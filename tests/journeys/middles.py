"""Men in the middle: an operator who is dishonest, with all that an operator has.

DeceivingService   matches two with somebody who sits between them: other sealing keys, other seats
Middle             opens what comes, reads it, and passes it on under new seals: he swaps the sealing keys, and no more
Poser              answers in the stranger's place, with certificates of his own, and hides it: he passes on what people
                   say over two connections of his, and says in each `hello` what that one expects
"""

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final, Self

from cryptography.exceptions import InvalidTag
from playwright.async_api import Page

from broker import topics
from broker.identity import SECRET_BYTES, b64url, peer_of, unb64url
from broker.messages import Matched
from broker.seats import mint
from matcher.effects import Effect, Send
from matcher.service import Service
from tests.engines.mqtt_probe import Probe, connect, over_websocket, publish, subscribe
from tests.journeys.house import House
from tests.reference.checkwords import commitment
from tests.reference.sealing import Seal, private_of, public


@dataclass
class Side:
    """How the man in the middle stands to one of the two."""

    seat: str  # his own, where this one speaks to the supposed stranger
    key: bytes = b""
    their_seat: str = ""
    seal: Seal | None = None


class DeceivingService(Service):
    """A service that puts one of these between the next two it matches, as long as there are any."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.middles: list[Middle] = []

    def _do(self, effects: list[Effect]) -> None:
        matched = [each for each in effects if isinstance(each, Send) and isinstance(each.message, Matched)]
        if self.middles and len(matched) == 2:
            effects = self.middles.pop(0).swap(matched)
        super()._do(effects)


class Middle:
    """Between one pair."""

    def __init__(self, house: House, probe: Probe) -> None:
        self.probe = probe
        self.secret = secrets.token_bytes(SECRET_BYTES)
        self.peer = peer_of(self.secret)
        self.private = private_of(int.from_bytes(secrets.token_bytes(31), "big"))
        expiry = int(time.time() + 600)
        keys = house.keys.seat_keys(time.time())
        self.sides = [Side(mint(keys, self.peer, expiry, secrets.token_bytes(12))) for _ in range(2)]
        self.read: list[bytes] = []

    @classmethod
    @contextlib.asynccontextmanager
    async def sit(cls, house: House, *more: Any) -> AsyncIterator[Self]:
        """Wait for the next pair, and stay with it."""
        async with over_websocket(house.broker.port) as probe:
            middle = cls(house, probe, *more)
            await middle.listen()
            assert isinstance(house.service, DeceivingService)
            house.service.middles.append(middle)
            working = asyncio.create_task(middle.work())
            try:
                yield middle
            finally:
                working.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await working

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
            side.key, side.their_seat = unb64url(stranger.key), stranger.to
            side.seal = Seal(
                role="b" if message.role == "a" else "a",
                mine=self.private,
                theirs=side.key,
                my_seat=side.seat,
                their_seat=side.their_seat,
            )
            swapped = {"to": side.seat, "key": b64url(public(self.private)), **self.also()}
            told.append(Send(mine.peer, message.model_copy(update=swapped)))
        return told

    def also(self) -> dict[str, object]:
        """What else of the match is changed."""
        return {}

    async def work(self) -> None:
        done = 0
        while True:
            if done == len(self.probe.seen):
                await asyncio.sleep(0.005)
                continue
            message = self.probe.seen[done]
            done += 1
            index = [topics.session(side.seat) for side in self.sides].index(message.topic)
            seal = self.sides[index].seal
            assert seal is not None
            with contextlib.suppress(InvalidTag, ValueError):  # what was said twice, among others
                plain = seal.open(message.payload)
                self.read.append(plain)
                await self.take(index, plain)

    async def take(self, index: int, plain: bytes) -> None:
        await self.post(1 - index, plain)

    async def post(self, index: int, plain: bytes) -> None:
        side = self.sides[index]
        assert side.seal is not None
        await self.probe.send(publish(topics.session(side.their_seat), side.seal.seal(plain)))


LEGS: Final = """
window.legs = {};
const gathered = async (pc) => {
  while (pc.iceGatheringState !== "complete") await new Promise((then) => { pc.onicegatheringstatechange = then; });
  return { kind: pc.localDescription.type, sdp: pc.localDescription.sdp };
};
window.begin = async (name, offering) => {
  const pc = new RTCPeerConnection();
  const channel = pc.createDataChannel("passerby", { negotiated: true, id: 0 });
  pc.createDataChannel("parcels", { negotiated: true, id: 1 });
  window.legs[name] = { pc, channel };
  const opened = new Promise((then) => { channel.onopen = then; });
  channel.onmessage = async ({ data }) => { await opened; window.hear(name, data); };
  if (!offering) return null;
  await pc.setLocalDescription();
  return gathered(pc);
};
window.take = async (name, { kind, sdp, candidates }) => {
  const { pc } = window.legs[name];
  for (const candidate of candidates ?? []) await pc.addIceCandidate(candidate);
  if (!sdp) return null;
  await pc.setRemoteDescription({ type: kind, sdp });
  if (kind !== "offer") return null;
  await pc.setLocalDescription();
  return gathered(pc);
};
window.say = async (name, data) => {
  const { channel } = window.legs[name];
  if (channel.readyState === "connecting") await new Promise((then) => { channel.addEventListener("open", then); });
  if (channel.readyState === "open") channel.send(data);
};
null;
"""


class Poser(Middle):
    """Needs a browser of his own for the two connections, which may be that of others, too.

    Args:
        nonces: whether he binds himself to nonces of his own, or passes on those of the two.
    """

    pages: Final[dict[Page, dict[str, "Poser"]]] = {}

    def __init__(self, house: House, probe: Probe, page: Page, nonces: bool) -> None:  # noqa: FBT001  an attack has two forms
        super().__init__(house, probe)
        self.page = page
        self.name = b64url(secrets.token_bytes(6))
        self.nonces = [secrets.token_bytes(32) for _ in range(2)] if nonces else []
        self.heard: list[str] = []
        self.pages[page][self.name] = self

    @classmethod
    async def prepare(cls, page: Page) -> Page:
        """Make a page that many of them share."""
        posers = cls.pages[page] = {}

        async def hear(leg: str, data: str) -> None:
            name, _, index = leg.rpartition("/")
            await posers[name].hear(int(index), data)

        await page.expose_function("hear", hear)
        await page.evaluate(LEGS)
        return page

    def leg(self, index: int) -> str:
        return f"{self.name}/{index}"

    def also(self) -> dict[str, object]:
        return {"handshake": "offer"}

    async def work(self) -> None:
        while self.sides[1].seal is None:
            await asyncio.sleep(0.005)
        for index, side in enumerate(self.sides):
            assert side.seal is not None
            offer = await self.page.evaluate(
                "([name, offering]) => begin(name, offering)",
                [
                    self.leg(index),
                    side.seal.role == "a",
                ],
            )
            if offer:
                await self.post(index, json.dumps(offer).encode())
        await super().work()

    async def take(self, index: int, plain: bytes) -> None:
        answer = await self.page.evaluate(
            "([name, message]) => take(name, message)",
            [
                self.leg(index),
                json.loads(plain),
            ],
        )
        if answer:
            await self.post(index, json.dumps(answer).encode())

    async def hear(self, index: int, data: str) -> None:
        """Pass on what one of them says on the channel, made to fit."""
        self.heard.append(data)
        message = json.loads(data)
        other = 1 - index
        seal = self.sides[other].seal
        assert seal is not None
        if message["kind"] == "hello":
            message["key"] = b64url(public(self.private))
            message["peerKey"] = b64url(self.sides[other].key)
            if self.nonces:
                message["commitment"] = b64url(commitment(message["session"], seal.role, self.nonces[other]))
        elif message["kind"] == "nonce" and self.nonces:
            message["nonce"] = b64url(self.nonces[other])
        await self.page.evaluate("([name, data]) => say(name, data)", [self.leg(other), json.dumps(message)])
