"""The vectors of the policy, replayed on a live embedded broker, and judged by what is delivered."""

import json
from pathlib import Path

import pytest

from broker.seats import SeatKeys, mint
from broker.topics import matches
from tests.engines.conftest import DESK_PASSWORD, SERVICE_PASSWORD, House, Person
from tests.engines.mqtt_probe import Probe, connect, publish, subscribe

Case = dict[str, object]
VECTORS: list[Case] = json.loads((Path(__file__).parent.parent / "vectors" / "access.json").read_text())["cases"]
CASES = [case for case in VECTORS if not {"*", "embedded"} & set(case.get("exempt", ()))]  # type: ignore[call-overload]
ME, OTHER = Person(bytes([1]) * 32), Person(bytes([2]) * 32)
WIDE = ("v1/presence/+", "v1/lobby/+", "v1/gate/+", "v1/desk/+/ask", "v1/pulse")
ANSWER, ASK = "v1/desk/anna/answer", "v1/desk/anna/ask"
LAST = b"the last"


class Stage:
    """Everybody of the vectors at one broker. Each listens to all that it may hear."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.seats = {
            "mySeat": house.seat(ME),
            "othersSeat": house.seat(OTHER),
            "myExpiredSeat": house.seat(ME, ttl_s=60),
            "forgedSeat": mint(SeatKeys({1: bytes(32)}, 1), ME.peer, int(house.clock.now) + 600, bytes(12)),
        }
        self.cast: dict[str, Probe] = {}

    def topic(self, case: Case) -> str:
        return str(case["topic"]).format(me=ME.peer, other=OTHER.peer, **self.seats)

    async def enter(
        self, name: str, *filters: str, will: tuple[str, bytes] | None = None, retain: bool = False
    ) -> Probe:
        """Bring one of them in; a connection that is refused is closed."""
        secret = {"peer": ME.password, "other": OTHER.password, "service": SERVICE_PASSWORD, "desk": DESK_PASSWORD}
        user = {"peer": ME.peer, "other": OTHER.peer, "desk": "desk-anna", "nobody": "somebody"}.get(name, name)
        internal = name in ("service", "desk")
        probe = await (self.house.tcp() if internal else self.house.socket())
        hello = connect(user, secret.get(name, "x"), will=will, will_retain=retain)
        await probe.send(hello, *([subscribe(*filters)] if filters else []))
        await probe.echo()
        self.cast[name] = probe
        return probe

    async def fill(self, *, but: str = "") -> None:
        """Bring in everybody else, and let a minute pass, so that the one seat expires."""
        mine, others, expiring = (
            f"v1/session/{self.seats[each]}" for each in ("mySeat", "othersSeat", "myExpiredSeat")
        )
        audience = {
            "service": WIDE,
            "peer": (ME.inbox, "v1/pulse", mine, expiring),
            "other": (OTHER.inbox, "v1/pulse", others),
            "desk": (ANSWER, "v1/pulse"),
        }
        for name, filters in audience.items():
            if name != but:
                await self.enter(name, *filters)
        self.house.clock.now += 61

    async def speak(self) -> None:
        """Say something on every topic, by whoever may."""
        service, other, desk = self.cast["service"], self.cast["other"], self.cast["desk"]
        await service.send(*(publish(topic, b"x") for topic in (ME.inbox, OTHER.inbox, ANSWER)))
        await service.send(publish("v1/pulse", b"x", retain=True))
        await other.send(*(publish(f"v1/session/{self.seats[seat]}", b"x") for seat in ("mySeat", "othersSeat")))
        await other.send(publish(OTHER.presence, b"x"), publish(OTHER.lobby, b"x"))
        await desk.send(publish(ASK, b"x"))
        for probe in (service, other, desk):
            await probe.echo()

    async def settle(self) -> None:
        """Wait until all that was routed has arrived: what is published last arrives last."""
        service, other = self.cast["service"], self.cast["other"]
        for probe in self.cast.values():
            await probe.echo()
        await service.send(*(publish(topic, LAST) for topic in (ME.inbox, OTHER.inbox, ANSWER)))
        await other.hears(OTHER.inbox, LAST)
        await other.send(publish(OTHER.lobby, LAST))
        await service.echo()
        for probe in self.cast.values():
            await probe.echo()


async def published(stage: Stage, case: Case) -> bool:
    await stage.fill(but="peer" if case["who"] == "nobody" else "")
    who = str(case["who"])
    actor = stage.cast.get(who) or await stage.enter(who)
    await actor.send(publish(stage.topic(case), b"canary", retain=case["action"] == "publish_retained"))
    await actor.echo()
    if who != "service" or not actor.closed:
        await stage.settle()
    return any(each.payload == b"canary" for probe in stage.cast.values() for each in probe.seen)


async def willed(stage: Stage, case: Case) -> bool:
    who = str(case["who"])
    await stage.fill(but=who)
    actor = await stage.enter(who, will=(stage.topic(case), b"canary"), retain=case["action"] == "will_retained")
    await actor.cut()
    del stage.cast[who]
    if who == "service":
        await stage.enter("service", *WIDE)
    await stage.settle()
    late = await stage.enter("peer", ME.inbox, "v1/pulse")
    await late.echo()
    return any(each.payload == b"canary" for probe in stage.cast.values() for each in probe.seen)


async def subscribed(stage: Stage, case: Case) -> bool:
    who, filter_ = str(case["who"]), stage.topic(case)
    await stage.fill(but=who)
    wide = [each for each in WIDE if matches(each, filter_)] if case["action"] == "receive" and who == "service" else []
    actor = await stage.enter(who, filter_, *wide)
    if who == "nobody":
        return not actor.closed
    await stage.speak()
    if who == "service" and "v1/gate/+" in (filter_, *wide):  # facts come in their own time
        await actor.hears_on("v1/gate/")
        return True
    await stage.settle()
    return any(matches(filter_, each.topic) for each in actor.seen)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['who']}-{case['action']}-{case['topic']}")
async def test_the_live_broker_does_as_the_vectors_say(house: House, case: Case) -> None:
    action = str(case["action"])
    play = published if action.startswith("publish") else willed if action.startswith("will") else subscribed
    assert await play(Stage(house), case) is case["allowed"], case["why"]
