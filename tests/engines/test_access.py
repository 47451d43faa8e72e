"""The vectors of the policy, replayed on a live broker of every kind, and judged by what is delivered."""

import json
from pathlib import Path
from typing import Any

import pytest

from broker.seats import SeatKeys, mint
from broker.topics import matches
from tests.engines.houses import DESK_PASSWORD, SERVICE_PASSWORD, House, canary, facts_about, people
from tests.engines.mqtt_probe import Probe, connect, publish, subscribe

Case = dict[str, Any]
VECTORS: list[Case] = json.loads((Path(__file__).parent.parent / "vectors" / "access.json").read_text())["cases"]
WIDE = ("v1/presence/+", "v1/lobby/+", "v1/gate/+", "v1/desk/+/ask", "v1/pulse")
ANSWER, ASK = "v1/desk/anna/answer", "v1/desk/anna/ask"


class Stage:
    """Everybody of the vectors at one broker. Each listens to all that it may hear; `canary` was never said before."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.me, self.other = people(2)
        self.canary = canary()
        self.seats = {
            "mySeat": house.seat(self.me),
            "othersSeat": house.seat(self.other),
            "myExpiredSeat": house.brief_seat(self.me),
            "forgedSeat": mint(SeatKeys({1: bytes(32)}, 1), self.me.peer, int(house.now()) + 600, bytes(12)),
        }
        self.cast: dict[str, Probe] = {}

    def topic(self, case: Case) -> str:
        return str(case["topic"]).format(me=self.me.peer, other=self.other.peer, **self.seats)

    def session(self, seat: str) -> str:
        return f"v1/session/{self.seats[seat]}"

    async def enter(
        self, name: str, *filters: str, will: tuple[str, bytes] | None = None, retain: bool = False
    ) -> Probe:
        """Bring one of them in; a connection that is refused is closed."""
        user, secret = {
            "peer": (self.me.peer, self.me.password),
            "other": (self.other.peer, self.other.password),
            "service": ("service", SERVICE_PASSWORD),
            "desk": ("desk-anna", DESK_PASSWORD),
            "standby": ("standby-0123abcd", SERVICE_PASSWORD),
            "nobody": ("somebody", "x"),
        }[name]
        probe = await (self.house.tcp() if name in ("service", "desk", "standby") else self.house.socket())
        hello = connect(user, secret, will=will, will_retain=retain)
        await probe.send(hello, *([subscribe(*filters)] if filters else []))
        await probe.echo()
        self.cast[name] = probe
        if name == "service" and "v1/gate/+" in filters:
            await self.house.listen(probe)
        return probe

    async def fill(self, case: Case, *, but: str = "") -> None:
        """Bring in everybody else, and let time pass, so that the one seat expires, if it is about that."""
        seats = (self.session(each) for each in ("mySeat", "myExpiredSeat"))
        audience = {
            "service": WIDE,
            "peer": (self.me.inbox, "v1/pulse", *seats),
            "other": (self.other.inbox, "v1/pulse", self.session("othersSeat")),
            "desk": (ANSWER, "v1/pulse"),
        }
        for name, filters in audience.items():
            if name != but and (name != "desk" or DESK_PASSWORD):
                await self.enter(name, *filters)
        if "myExpiredSeat" in case["topic"]:
            await self.house.expire(self.seats["myExpiredSeat"])

    async def speak(self) -> None:
        """Say something on every topic, by whoever may."""
        service, other, desk = self.cast["service"], self.cast["other"], self.cast.get("desk")
        await service.send(*(publish(topic, b"x") for topic in (self.me.inbox, self.other.inbox, ANSWER)))
        await service.send(publish("v1/pulse", b"x", retain=True))
        await other.send(*(publish(self.session(seat), b"x") for seat in ("mySeat", "othersSeat")))
        await other.send(publish(self.other.presence, b"x"), publish(self.other.lobby, b"x"))
        if desk is not None:
            await desk.send(publish(ASK, b"x"))
        for probe in filter(None, (service, other, desk)):
            await probe.echo()

    async def settle(self) -> None:
        """Wait until all that was routed has arrived: what is published last arrives last."""
        service, other, last = self.cast["service"], self.cast["other"], canary()
        for probe in self.cast.values():
            await probe.echo()
        await service.send(*(publish(topic, last) for topic in (self.me.inbox, self.other.inbox, ANSWER)))
        await other.hears(self.other.inbox, last)
        await other.send(publish(self.other.lobby, last))
        await service.echo()
        for probe in self.cast.values():
            await probe.echo()

    def heard(self) -> bool:
        return any(each.payload == self.canary for probe in self.cast.values() for each in probe.seen)


async def published(stage: Stage, case: Case) -> bool:
    await stage.fill(case, but="peer" if case["who"] == "nobody" else "")
    who = str(case["who"])
    actor = stage.cast.get(who) or await stage.enter(who)
    for _ in range(chances(case)):
        await actor.send(publish(stage.topic(case), stage.canary, retain=case["action"] == "publish_retained"))
        await actor.echo()
        if who != "service" or not actor.closed:
            await stage.settle()
        if stage.heard():
            return True
    return False


async def willed(stage: Stage, case: Case) -> bool:
    who = str(case["who"])
    await stage.fill(case, but=who)
    actor = await stage.enter(who, will=(stage.topic(case), stage.canary), retain=case["action"] == "will_retained")
    let_in = actor.connack == 0
    await actor.cut()
    del stage.cast[who]
    if who == "service":
        await stage.enter("service", *WIDE)
    elif who == "peer" and let_in:  # gone, and its Will with it
        service = stage.cast["service"]
        await service.until(lambda: "off" in [fact["kind"] for fact in facts_about(stage.me, service)])
    await stage.settle()
    late = await stage.enter("peer", stage.me.inbox, "v1/pulse")
    await late.echo()
    return stage.heard()


async def subscribed(stage: Stage, case: Case) -> bool:
    who, filter_ = str(case["who"]), stage.topic(case)
    await stage.fill(case, but=who)
    wide = [each for each in WIDE if matches(each, filter_)] if case["action"] == "receive" and who == "service" else []
    actor = await stage.enter(who, filter_, *wide)
    if who == "nobody":
        return not actor.closed
    for _ in range(chances(case)):
        await stage.speak()
        if who == "service" and "v1/gate/+" in (filter_, *wide):  # facts come in their own time
            await actor.hears_on("v1/gate/")
            return True
        await stage.settle()
        if any(matches(filter_, each.topic) for each in actor.seen):
            return True
    return False


def chances(case: Case) -> int:
    """Give what may be three: the other nodes of a cluster learn of a subscription a moment after its SUBACK."""
    return 3 if case["allowed"] else 1


def cases() -> list[object]:
    """Give the cases, each with the engines that it cannot be replayed on."""
    marks = [pytest.mark.exempt(**case.get("exempt", {})) for case in VECTORS]
    names = [f"{case['who']}-{case['action']}-{case['topic']}" for case in VECTORS]
    return [
        pytest.param(case, marks=mark, id=name)
        for case, mark, name in zip(VECTORS, marks, names, strict=True)
        if "*" not in case.get("exempt", {})
    ]


@pytest.mark.parametrize("case", cases())
async def test_the_live_broker_does_as_the_vectors_say(house: House, case: Case) -> None:
    action = str(case["action"])
    play = published if action.startswith("publish") else willed if action.startswith("will") else subscribed
    assert await play(Stage(house), case) is case["allowed"], case["why"]
