"""What bystanders feel of a ban and of a flood: `python -m bench.abuse`. Mosquitto with the gate, in a container.

Peers, each from an address of its own, ask something on their lobby topic a few times a second and are answered on
their inbox by this process, in the role of the service. Their round trips are what is judged.

    ban      each second somebody is banned: a notice on the inbox, then the order. Timed until the notice is read,
             until the connection is closed, and until a new identity from that address is refused with code 5
    flood    each second somebody sends as fast as a socket takes it, until cut off: a process of its own
    control  nothing; or the same flooder, writing as much into a sink

Runs with and without take turns. A ratio is that of the medians of the runs' percentiles.
"""

import argparse
import asyncio
import json
import random
import secrets
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
import uvloop

from bench.brokers import GATED, Running, running
from bench.figures import keep, load_average, machine, percentile, progress, say
from bench.flood import flooding
from broker import orders, topics
from broker.addresses import AddressKey
from broker.identity import SECRET_BYTES, b64url, peer_of
from broker.orders import CONTROL, Ban
from tests.engines.mqtt_probe import Probe, WebSocketLine, connect, over_tcp, publish, subscribe

EVERY_S: Final = 0.25
"""How often a peer asks; a gate lets ten messages a second pass."""

BANNED: Final = {"kind": "banned", "life": "A" * 11, "reason": "bench", "seconds": 60, "code": "bench"}


@dataclass
class Trip:
    """One peer of the measuring."""

    name: str
    address: str
    probe: Probe
    asking: asyncio.Task[None] | None = None


class House:
    """The service that answers, and the peers that ask."""

    def __init__(self, broker: Running, peers: int, stack: AsyncExitStack) -> None:
        self._broker = broker
        self._peers = peers
        self._stack = stack
        self._number = 0
        self.keys: dict[str, AddressKey] = {}
        self.trips: list[Trip] = []
        self.times_ms: list[float] = []

    async def open(self) -> None:
        """Let everybody in."""
        self.service = await self._stack.enter_async_context(over_tcp(self._broker.service_port))
        await self.service.send(
            connect("service", self._broker.keys.service), subscribe("v1/lobby/+", "v1/gate/+", qos=0)
        )
        await self.service.until(lambda: self.service.subacks)
        answering = asyncio.create_task(self._answer())
        self._stack.callback(answering.cancel)
        while len(self.trips) < self._peers:
            self.trips.append(await self.come())
        await self.service.until(lambda: len(self.keys) >= self._peers)

    async def come(self) -> Trip:
        """Let one more in, from an address of its own (all of 127/8 is this machine, on Linux)."""
        self._number += 1
        address = f"127.9.{self._number // 250}.{1 + self._number % 250}"
        name, probe = await self.enter(address)
        assert probe.connack == 0, probe.connack
        trip = Trip(name, address, probe)
        trip.asking = asyncio.create_task(self._ask(trip))
        self._stack.callback(trip.asking.cancel)
        return trip

    async def enter(self, address: str) -> tuple[str, Probe]:
        """Try to connect with a new identity."""
        secret = secrets.token_bytes(SECRET_BYTES)
        name = peer_of(secret)
        http = await self._stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(local_addr=(address, 0)))
        )
        wire = await http.ws_connect(f"http://127.0.0.1:{self._broker.port}/mqtt", protocols=("mqtt",))
        probe = Probe(WebSocketLine(wire))
        self._stack.push_async_callback(probe.cut)
        await probe.send(connect(name, b64url(secret)), subscribe(topics.inbox(name)))
        await probe.until(lambda: probe.subacks or probe.closed)
        return name, probe

    async def _answer(self) -> None:
        seen = self.service.seen
        while True:
            await self.service.until(lambda: seen, within_s=60)
            fresh, answers = seen.copy(), []
            seen.clear()
            for message in fresh:
                place = topics.parse(message.topic)
                if place is not None and place.kind is topics.Kind.GATE:
                    self._learn(message.payload)
                elif place is not None:
                    answers.append(publish(topics.inbox(place.subject), message.payload))
            await self.service.send(*answers)

    def _learn(self, payload: bytes) -> None:
        for fact in json.loads(payload)["facts"]:
            if fact["kind"] == "on":
                self.keys[fact["peer"]] = AddressKey(fact["day"], fact["address"])

    async def _ask(self, trip: Trip) -> None:
        while True:
            await asyncio.sleep(EVERY_S * random.uniform(0.5, 1.5))
            question = secrets.token_hex(8).encode()
            asked = time.perf_counter()
            await trip.probe.send(publish(topics.lobby(trip.name), question))
            await trip.probe.until(lambda: trip.probe.closed or trip.probe.seen)
            if trip.probe.closed or trip.probe.seen[0].payload != question:
                return  # banned, or about to be
            self.times_ms.append((time.perf_counter() - asked) * 1000)
            trip.probe.seen.clear()


@dataclass
class Ended:
    """How long a ban took, in milliseconds."""

    notice_ms: float
    closed_ms: float
    refused_ms: float


async def ban(house: House) -> Ended:
    """Ban the first in line, and see to it that a new one comes in its place."""
    victim = house.trips.pop(0)
    if victim.asking is not None:
        victim.asking.cancel()  # it only listens from now on
    begun = time.perf_counter()
    order = orders.write(Ban(house.keys[victim.name], 60))
    await house.service.send(
        publish(topics.inbox(victim.name), json.dumps(BANNED).encode()), publish(CONTROL, order, packet_id=1)
    )
    await victim.probe.until(lambda: any(b'"banned"' in message.payload for message in victim.probe.seen))
    notice = time.perf_counter()
    await victim.probe.until(lambda: victim.probe.closed)
    closed = time.perf_counter()
    _, again = await house.enter(victim.address)
    refused = time.perf_counter()
    assert again.connack == 5, again.connack
    house.trips.append(await house.come())
    return Ended(*((at - since) * 1000 for at, since in ((notice, begun), (closed, begun), (refused, closed))))


# ── the runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def housed(broker: Running, peers: int) -> AsyncIterator[House]:
    """Let a house be full, and a moment pass, so that the first messages are not measured."""
    async with AsyncExitStack() as stack:
        house = House(broker, peers, stack)
        await house.open()
        await asyncio.sleep(1)
        yield house


async def _run(house: House, seconds: float, act: Callable[[], Any] | None) -> tuple[dict[str, float], list[Any]]:
    house.times_ms.clear()
    live = {trip.name for trip in house.trips}
    results: list[Any] = []
    begun = time.perf_counter()
    while (left := begun + seconds - time.perf_counter()) > 0:
        second = time.perf_counter()
        if act is not None:
            results.append(await act())
        await asyncio.sleep(max(0.0, min(left, 1.0 - (time.perf_counter() - second))))
    for trip in house.trips:
        assert not trip.probe.closed, "a bystander was disconnected"
    assert act is not None or live == {trip.name for trip in house.trips}
    times = list(house.times_ms)
    return {"n": len(times), "p50": percentile(times, 0.5), "p99": percentile(times, 0.99)}, results


async def _measure(options: argparse.Namespace) -> dict[str, Any]:
    report: dict[str, Any] = {}
    with running(GATED) as broker, flooding(broker.port) as tell:
        async with housed(broker, options.peers) as house:
            with_, without, bans = [], [], []
            for turn in range(options.runs):
                progress(f"bans, run {turn + 1} of {options.runs}")
                without.append((await _run(house, options.seconds, None))[0])
                told, ended = await _run(house, options.seconds, lambda: ban(house))
                with_.append(told)
                bans += ended
            report["ban"] = {"bystanders": {"with": with_, "without": without}, "bans": [vars(each) for each in bans]}
            with_, without, floods = [], [], []
            for turn in range(options.runs):
                progress(f"floods, run {turn + 1} of {options.runs}")
                told, ended = await _run(house, options.seconds, lambda: asyncio.to_thread(tell, "broker"))
                with_.append(told)
                floods += ended
                amount = str(round(statistics.mean(sent for _, sent in ended)))
                told, _ = await _run(house, options.seconds, lambda amount=amount: asyncio.to_thread(tell, amount))  # type: ignore[misc]  # bound
                without.append(told)
            report["flood"] = {
                "bystanders": {"with": with_, "without": without},
                "floods": [{"cut_off_ms": seconds * 1000, "bytes": sent} for seconds, sent in floods],
            }
    return report


def _print(report: dict[str, Any]) -> None:
    for what, each in report.items():
        say(f"{what}")
        for name in each[f"{what}s"][0]:
            values = [one[name] for one in each[f"{what}s"]]
            say(f"  {name:12} p50 {percentile(values, 0.5):.1f}   worst {max(values):.1f}   n {len(values)}")
        sides = each["bystanders"]
        for share in ("p50", "p99"):
            with_, without = (statistics.median(run[share] for run in sides[side]) for side in ("with", "without"))
            say(f"  bystanders' {share}: {with_:.2f} ms, without {without:.2f} ms, ratio {with_ / without:.2f}")
    say(f"load average {load_average()}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and keep."""
    options = _options(arguments)
    head = machine()
    report = uvloop.run(_measure(options))
    _print(report)
    if options.out is not None:
        file = options.out.with_suffix(".json")
        keep({"measurement": "abuse", **head, "loadAverageAfter": load_average(), **report}, file)
        say(f"kept in {file}")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.abuse",
        description="Measure how long a ban and a flood take, and what bystanders feel of them, on Mosquitto "
        "with the gate. Needs a Docker engine.",
    )
    parser.add_argument("--peers", type=int, default=100, help="bystanders (default: 100)")
    parser.add_argument("--runs", type=int, default=5, help="of each, with and without, in turns (default: 5)")
    parser.add_argument("--seconds", type=float, default=8, help="of each run (default: 8)")
    parser.add_argument("--out", type=Path, metavar="PATH", help="keep PATH.json with all figures")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
