"""What a message, a coming and a going cost the broker, as ever more peers are there: stock amqtt beside our engine.

    this process ── N peers, each subscribed to its inbox and the pulse ──► WebSocket ┐
                 ── one service ──────────────────────────────────────────► TCP       ┴ broker, a process of its own
                 ◄─ CPU time of that process, asked for before and after ──────────────┘

Only the broker's CPU time counts, so a busy machine disturbs little. Stock amqtt runs without any rules, as light as it
can be; ours asks the gate about everything. Each size is measured with a broker of its own.
"""

import argparse
import asyncio
import contextlib
import gc
import json
import logging
import multiprocessing
import os
import platform
import random
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import metadata
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import aiohttp
import structlog

from bench import routing_plot
from broker import topics
from broker.addresses import Salts
from broker.engines.embedded import EmbeddedBroker
from broker.engines.mqtt.silence import silence
from broker.gate import Gate
from broker.identity import SECRET_BYTES, b64url, peer_of
from broker.limits import Limits
from broker.seats import SeatKeys
from tests.engines.mqtt_probe import DISCONNECT, Probe, WebSocketLine, connect, over_tcp, publish, subscribe

ENGINES: Final = ("stock amqtt", "ours")
PASSWORD: Final = "the service's"  # noqa: S105  of a broker that lives for this run
SETTLE_S: Final = 1.3  # stock amqtt sweeps once a second
PATIENCE_S: Final = 120.0

Figures = dict[str, float]


def serve(engine: str, pipe: Connection) -> None:
    """Run a broker: tell its two ports, then its CPU time whenever asked, until the pipe closes."""
    asyncio.run(_serve(engine, pipe))


async def _serve(engine: str, pipe: Connection) -> None:
    silence()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def asked() -> None:
        try:
            if pipe.recv() == "start":
                gc.collect()
                gc.freeze()
            pipe.send(time.process_time())
        except EOFError:
            ended.set()

    async with _ours() if engine == "ours" else _stock() as ports:
        pipe.send(ports)
        loop.add_reader(pipe.fileno(), asked)
        await ended.wait()
        loop.remove_reader(pipe.fileno())
        os._exit(0)  # nothing here needs a graceful end, and with thousands of peers it would take its time


@contextlib.asynccontextmanager
async def _ours() -> AsyncIterator[tuple[int, int]]:
    gate = Gate(
        name="bench",
        keys=SeatKeys({1: secrets.token_bytes(32)}, 1),
        salts=Salts(lambda _: secrets.token_bytes(32)),
        internal={"service": PASSWORD},
        limits=Limits(connections_per_address=100_000),
    )
    broker = EmbeddedBroker(gate, clock=time.time, page=None, sockets=100_000)
    await broker.start()
    yield broker.port, broker.service_port


@contextlib.asynccontextmanager
async def _stock() -> AsyncIterator[tuple[int, int]]:
    from amqtt.broker import Broker

    listeners = {
        "default": {"type": "tcp", "bind": "127.0.0.1:0"},
        "web": {"type": "ws", "bind": "127.0.0.1:0"},
    }
    plugins = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
    broker = Broker({"listeners": listeners, "plugins": plugins})
    await broker.start()
    servers: Any = [server.instance for server in broker._servers.values()]  # noqa: SLF001  told nowhere else
    tcp, web = (next(iter(server.sockets)).getsockname()[1] for server in servers)
    yield web, tcp


class Crowd:
    """The peers and the service at one broker."""

    def __init__(self, port: int, http: aiohttp.ClientSession, service: Probe) -> None:
        self._url = f"http://127.0.0.1:{port}/mqtt"
        self._http = http
        self.service = service
        self.peers: list[tuple[str, Probe]] = []

    async def enter(self) -> tuple[str, Probe]:
        """Let one more peer in, subscribed. Stock amqtt loses packets that come in one piece, so one by one."""
        secret = secrets.token_bytes(SECRET_BYTES)
        name = peer_of(secret)
        probe = Probe(WebSocketLine(await self._http.ws_connect(self._url, protocols=("mqtt",), max_msg_size=0)))
        await probe.send(connect(name, b64url(secret), keep_alive_s=0))
        await probe.until(lambda: probe.connack == 0, within_s=PATIENCE_S)
        await probe.send(subscribe(topics.inbox(name), topics.PULSE))
        await probe.until(lambda: probe.subacks, within_s=PATIENCE_S)
        return name, probe

    async def grow(self, size: int) -> None:
        """Let peers in until there are so many."""
        while len(self.peers) < size:
            missing = min(20, size - len(self.peers))
            self.peers += await asyncio.gather(*(self.enter() for _ in range(missing)))

    async def down(self, count: int) -> None:
        """Let the service speak to peers, one after the other."""
        for number in range(count):
            name, probe = random.choice(self.peers)
            await self.service.send(publish(topics.inbox(name), b"%d" % number + bytes(150)))
            await probe.until(lambda probe=probe: probe.seen, within_s=PATIENCE_S)  # type: ignore[misc]
            probe.seen.clear()

    async def up(self, count: int) -> None:
        """Let peers speak to the service."""
        for number in range(count):
            name, probe = random.choice(self.peers)
            await probe.send(publish(topics.lobby(name), b"%d" % number + bytes(150)))
            await self.service.until(lambda: self.service.seen, within_s=PATIENCE_S)
            self.service.seen.clear()

    async def come(self, count: int) -> None:
        """Let more in, one after the other."""
        for _ in range(count):
            self.peers.append(await self.enter())

    async def go(self, count: int) -> None:
        """Let the last ones leave again, and the broker tidy up."""
        for _ in range(count):
            _, probe = self.peers.pop()
            await probe.send(DISCONNECT)
            await probe.until(lambda probe=probe: probe.closed, within_s=PATIENCE_S)  # type: ignore[misc]
            await probe.cut()
        await asyncio.sleep(SETTLE_S)


async def measure(engine: str, size: int, rounds: int) -> Figures:
    """Measure one engine with `size` peers: milliseconds of CPU for each of the four."""
    context = multiprocessing.get_context("spawn")
    near, far = context.Pipe()
    process = context.Process(target=serve, args=(engine, far), daemon=True)
    process.start()
    far.close()
    try:
        web, tcp = await asyncio.to_thread(near.recv)

        async def spent(ask: str) -> float:
            near.send(ask)
            return float(await asyncio.to_thread(near.recv))

        async def cost(work: Callable[[int], Awaitable[None]], count: int) -> float:
            before = await spent("start")
            await work(count)
            return round((await spent("stop") - before) / count * 1000, 4)

        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
            over_tcp(tcp) as service,
        ):
            crowd = Crowd(web, http, service)
            await service.send(connect("service", PASSWORD, keep_alive_s=0))
            await service.until(lambda: service.connack == 0)
            await service.send(subscribe("v1/presence/+", "v1/lobby/+"))
            await service.until(lambda: service.subacks)
            await crowd.grow(size)
            few = max(rounds // 4, 1)
            figures = {
                "toPeer": await cost(crowd.down, rounds),
                "toService": await cost(crowd.up, rounds),
                "connect": await cost(crowd.come, few),
                "disconnect": await cost(crowd.go, few),
            }
            near.close()
            await asyncio.to_thread(process.join)
            for _, probe in crowd.peers:
                await probe.cut()
            return figures
    finally:
        process.kill()


def conditions() -> dict[str, object]:
    """Describe where and when this is measured."""
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in ("aiohttp", "amqtt")},
        "loadAverage": [round(each, 1) for each in os.getloadavg()],
        "unit": "ms of the broker's CPU time; connect includes SUBSCRIBE; disconnect includes 1.3 s of sweeping; "
        "without the collector's walk through what was there before",
    }


async def run(sizes: list[int], rounds: int) -> dict[str, object]:
    """Measure both engines at all sizes, side by side."""
    found: dict[str, dict[int, Figures]] = {engine: {} for engine in ENGINES}
    for size in sizes:
        for engine in ENGINES:
            found[engine][size] = figures = await measure(engine, size, rounds)
            print(f"{size:>6} peers  {engine:<12}", "  ".join(f"{name} {ms:.3f} ms" for name, ms in figures.items()))
    first, last = min(sizes), max(sizes)
    growth = {
        engine: {name: round(by_size[last][name] / by_size[first][name], 2) for name in by_size[first]}
        for engine, by_size in found.items()
    }
    saved = {name: round(found[ENGINES[0]][last][name] / ms, 1) for name, ms in found[ENGINES[1]][last].items()}
    return {**conditions(), "cpuMs": found, f"growthFrom{first}To{last}": growth, f"stockByOursAt{last}": saved}


def main() -> None:
    """Read the command line, measure, and write."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.routing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="The default takes about three minutes. The plot needs matplotlib: requirements/bench.lock.",
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 500, 1_000, 2_000], help="how many peers")
    parser.add_argument("--rounds", type=int, default=200, help="messages at each size; a fourth of it come and go")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw them here, as SVG")
    parser.add_argument("--draw", type=Path, metavar="FILE", help="measure nothing: draw figures written before")
    given = parser.parse_args()
    if given.draw:
        report = json.loads(given.draw.read_text())
    else:
        report = json.loads(json.dumps(asyncio.run(run(given.sizes, given.rounds))))
    if given.json:
        given.json.write_text(json.dumps(report, indent=2) + "\n")
    if given.plot:
        routing_plot.draw(report, given.plot)


if __name__ == "__main__":
    main()
