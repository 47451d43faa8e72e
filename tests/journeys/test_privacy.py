"""What the broker gets to see of a whole session: nothing that is said, and nothing that tells where somebody is."""

import asyncio
import json
import threading

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from playwright.async_api import Browser

from tests.journeys.grounds import TAP
from tests.journeys.house import House, OpenGate
from tests.journeys.people import Person

NICKNAMES = ("Nickname-Quetzal", "Nickname-Ibis")
SAID = ("a secret about walnuts", "another one about harbours")
TELLING = ("candidate:", "a=fingerprint", "a=ice-ufrag", "v=0", "typ host", ".local", "webrtc-datachannel")


class Tap:
    """Hears every topic, with credentials that only this test's gate gives."""

    def __init__(self, port: int, password: str) -> None:
        self.seen: list[tuple[str, bytes, bool]] = []
        self.ready = threading.Event()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=TAP, protocol=mqtt.MQTTv311)
        self.client.username_pw_set(TAP, password)
        self.client.on_connect = lambda client, *_: client.subscribe("#", qos=1)
        self.client.on_subscribe = lambda *_: self.ready.set()
        self.client.on_message = lambda _c, _u, each: self.seen.append((each.topic, bytes(each.payload), each.retain))
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    async def open(self) -> None:
        assert await asyncio.to_thread(self.ready.wait, 10)

    async def until(self, count: int, start: str) -> None:
        async with asyncio.timeout(10):
            while sum(topic.startswith(start) for topic, _, _ in self.seen) < count:
                await asyncio.sleep(0.02)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def telling() -> list[str]:
    words = [*NICKNAMES, *SAID, *TELLING]
    return [*words, *(word.encode().hex() for word in words)]


async def test_a_tap_on_everything_sees_no_description_no_name_and_no_word(
    chromium: Browser, telling: list[str]
) -> None:
    async with House.open(gate=OpenGate) as house:
        tap = Tap(house.broker.service_port, house.tap_password)
        await tap.open()
        try:
            contexts = [await chromium.new_context() for _ in NICKNAMES]
            ana, bo = [
                await Person.arrive(context, house.url, name) for context, name in zip(contexts, NICKNAMES, strict=True)
            ]
            await asyncio.gather(ana.start(), bo.start())
            await asyncio.gather(ana.meets(bo), bo.meets(ana))
            await ana.hears_from(bo, SAID[0])
            await bo.hears_from(ana, SAID[1])
            await ana.press("Stop")
            await bo.reads(f"{NICKNAMES[0]} left.")
            await tap.until(2, "v1/lobby/")
            for context in contexts:
                await context.close()
            await tap.until(2, "v1/presence/")
        finally:
            tap.close()
        levels = {topic.split("/")[1] for topic, _, _ in tap.seen}
        assert levels >= {"presence", "lobby", "inbox", "session", "gate"}, "the tap does not hear everything"
        sealed = [payload for topic, payload, _ in tap.seen if topic.startswith("v1/session/")]
        assert len(sealed) >= 2
        for topic, payload, _ in tap.seen:
            shown = payload.decode("latin-1")
            assert [word for word in telling if word in topic or word in shown] == []
        for payload in sealed:
            with pytest.raises(ValueError, match=r".*"):
                json.loads(payload)

        later = Tap(house.broker.service_port, house.tap_password)
        await later.open()
        await later.until(1, "v1/pulse")
        await asyncio.sleep(0.3)  # for what must not come
        later.close()
        assert {topic for topic, _, retained in later.seen if retained} == {"v1/pulse"}
