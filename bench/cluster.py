"""One Mosquitto and a cluster of RabbitMQ, each behind HAProxy with TLS, under the same people.

    this process ── TLS, WebSocket ──► HAProxy ──┬──► Mosquitto with the gate in it ◄── matcher
    passerby crowd ──────────────────────────────┘
                                                 └──► rb1 rb2 rb3, a gate beside each ◄── matcher

All of it shares this machine, so the cluster has no more cores than the one broker has: what it is for, machines of
their own, is not measured. They take turns, run by run, each begun anew. First so many come in and say nothing: that
gives what a connect and a connection cost. When they have gone, `passerby crowd` comes, looks, signals and skips.
"""

import argparse
import asyncio
import contextlib
import json
import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.brokers import GATED, free, running
from bench.containers import address, built, container, docker, folder_for_all, own, process
from bench.figures import keep, load_average, machine, progress, say
from bench.peers import Peer
from bench.processes import Process, allow_files, gate, matcher
from passerby.certificate import issued, trust
from passerby.keys import draw, write

RUNS: Final = 2
IDLE: Final = 1_000
CROWD: Final = 400
AT_ONCE: Final = 20
SETTLED_AFTER_S: Final = 5.0
WITHIN_S: Final = 120.0

_NODES: Final = ("rb1", "rb2", "rb3")
_GATE_PORT: Final = 8090


@dataclass(frozen=True, slots=True)
class Site:
    """What runs, by what it is; `port` is HAProxy's."""

    port: int
    processes: Mapping[str, Sequence[Process]]

    def cpu_s(self) -> dict[str, float]:
        """Give the CPU time of each kind."""
        return {name: sum(each.cpu_s() for each in group) for name, group in self.processes.items()}

    def memory_kib(self) -> dict[str, int]:
        """Give the memory of each kind."""
        return {name: sum(each.memory_kib() for each in group) for name, group in self.processes.items()}


@contextlib.asynccontextmanager
async def mosquitto(folder: Path) -> AsyncIterator[Site]:
    """Run one broker."""
    with (
        running(GATED, folder, proxied=True) as broker,
        _haproxy(folder, [f"127.0.0.1:{broker.port}"]) as (port, front),
    ):
        async with matcher(broker.keys_file, broker.service_port, patient=False) as pairing:
            yield Site(port, {"broker": [broker], "matcher": [pairing], "HAProxy": [front]})


@contextlib.asynccontextmanager
async def cluster(folder: Path) -> AsyncIterator[Site]:
    """Run three nodes, each with its gate."""
    keys_file = folder / "passerby.keys"
    write(keys_file, draw())
    (folder / "nodes").mkdir()
    (folder / "nodes" / "cookie").write_text(secrets.token_hex(32))
    own(folder / "nodes")
    image = built("rabbitmq")
    async with contextlib.AsyncExitStack() as stack:
        network = docker("network", "create", f"passerby-bench-{secrets.token_hex(4)}")
        stack.callback(docker, "network", "rm", network)
        here = docker("network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", network)
        urls = [f"http://{here}:{_GATE_PORT + number}" for number in range(len(_NODES))]
        names = [
            stack.enter_context(
                container(
                    image,
                    *(
                        "--network",
                        network,
                        "--hostname",
                        node,
                        "--network-alias",
                        node,
                        "--tmpfs",
                        "/var/lib/rabbitmq",
                    ),
                    *("-e", f"PASSERBY_GATE={url}", "-e", f"PASSERBY_NODES={' '.join(_NODES)}"),
                    *("-v", f"{folder / 'nodes'}:/etc/passerby:ro"),
                )
            )
            for node, url in zip(_NODES, urls, strict=True)
        ]
        places = [address(name) for name in names]
        gates = []
        for number, place in enumerate(places):
            siblings = [url for other, url in enumerate(urls) if other != number]
            options = ("--host", here, "--port", str(_GATE_PORT + number), "--management", f"http://{place}:15672")
            more = [word for url in siblings for word in ("--sibling", url)]
            gates.append((await stack.enter_async_context(gate(keys_file, *options, *more)))[0])
        told = [word for url in urls for word in ("--gate", url)]
        port, front = stack.enter_context(_haproxy(folder, [f"{place}:8083" for place in places]))
        pairing = await stack.enter_async_context(matcher(keys_file, 1883, *told, patient=False, host=places[0]))
        nodes = [
            process(name, "beam.smp") for name in names
        ]  # now that they are up: one that only looks came before it
        yield Site(port, {"broker": nodes, "gates": gates, "matcher": [pairing], "HAProxy": [front]})


@contextlib.contextmanager
def _haproxy(folder: Path, brokers: Sequence[str]) -> Iterator[tuple[int, Process]]:
    """Run it in the machine's own network, so that it sees from which address of loopback somebody comes."""
    place, port = folder / "tls", free()
    place.mkdir()
    (place / "site.pem").write_bytes(issued(["localhost", "127.0.0.1"])[1])
    own(place)
    told = {
        **{f"BROKER_{number}": broker for number, broker in enumerate(brokers, 1)},
        "PAGE": "127.0.0.1:1",
        "CONNECTIONS": 8_000,
        "HTTP_PORT": free(),
        "HTTPS_PORT": port,
    }
    options = [word for name, value in told.items() for word in ("-e", f"PASSERBY_{name}={value}")]
    mounts = ("--network", "host", "--tmpfs", "/run/haproxy", "-v", f"{place}:/etc/passerby/tls:ro")
    with container(built("haproxy"), *options, *mounts) as name:
        yield port, process(name)


SITES: Final[dict[str, Callable[[Path], contextlib.AbstractAsyncContextManager[Site]]]] = {
    "Mosquitto": mosquitto,
    "cluster": cluster,
}


async def come_in(site: Site, count: int) -> dict[str, Any]:
    """Let so many in, some at once, and see what that took; then let them go."""
    peers: list[Peer] = []
    welcomed: list[asyncio.Future[None]] = [asyncio.get_running_loop().create_future() for _ in range(count)]
    tls = trust(insecure=True)
    turns = iter(range(count))

    async def enter() -> None:
        for number in turns:
            peer = _peer(welcomed[number])
            source = f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"
            await asyncio.get_running_loop().create_connection(
                lambda peer=peer: peer,  # type: ignore[misc]
                "127.0.0.1",
                site.port,
                ssl=tls,
                local_addr=(source, 0),
            )
            peers.append(peer)
            await welcomed[number]

    used, held, began = site.cpu_s(), site.memory_kib(), time.perf_counter()
    try:
        async with asyncio.timeout(WITHIN_S), asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(enter())
        took_s = time.perf_counter() - began
        spent = site.cpu_s()
        await asyncio.sleep(SETTLED_AFTER_S)
        now = site.memory_kib()
    finally:
        for peer in peers:
            peer.bye()
        await asyncio.sleep(SETTLED_AFTER_S)
    return {
        "connectsPerSecond": count / took_s,
        "cpuMsEach": {name: (spent[name] - used[name]) / count * 1e3 for name in spent},
        "kibEach": {name: (now[name] - held[name]) / count for name in now},
        "mibBefore": {name: each / 1024 for name, each in held.items()},
    }


def _peer(welcomed: asyncio.Future[None]) -> Peer:
    """Make one who tells when it is in, or put out."""

    def told(_: Peer, __: dict[str, Any]) -> None:
        if not welcomed.done():
            welcomed.set_result(None)

    def lost(_: Peer) -> None:
        if not welcomed.done():
            welcomed.set_exception(ConnectionError("put out"))

    return Peer("localhost", told, lambda _: None, lost)


async def load(site: Site, count: int, seconds: int, folder: Path) -> dict[str, Any]:
    """Let the crowd of `passerby crowd` in, and take its figures."""
    options = ("--insecure", "--peers", str(count), "--arrive", "20", "--talk", "5", "--for", str(seconds))
    file, used = folder / "crowd.json", site.cpu_s()
    command = ("-m", "passerby", "crowd", f"wss://127.0.0.1:{site.port}/mqtt", *options, "--lost-after", "10")
    crowd = await asyncio.create_subprocess_exec(
        sys.executable, *command, "--json", str(file), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await crowd.communicate()
    if not file.exists():
        raise SystemExit(f"bench: the crowd gave no figures: {said.decode()[-1000:]}")
    spent, told = site.cpu_s(), json.loads(file.read_text())
    return {
        **{name: told[name] for name in ("well", "peersHere", "sessions", "matchesPerSecond", "waitMs", "answerMs")},
        **{name: told[name] for name in ("doubleMatches", "lostWaiters", "failures", "lagS")},
        "cpuMsEachSession": {name: (spent[name] - used[name]) / told["sessions"] * 1e3 for name in spent},
    }


async def measure(engine: str, idle: int, crowd: int, seconds: int) -> dict[str, Any]:
    """Begin one anew, and measure it."""
    with folder_for_all() as folder:
        async with SITES[engine](folder) as site:
            return {
                "loadAverage": load_average(),
                "idle": await come_in(site, idle),
                "crowd": await load(site, crowd, seconds, folder),
            }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description=__doc__)
    parser.add_argument("--idle", type=int, default=IDLE, help="how many come in and say nothing")
    parser.add_argument("--crowd", type=int, default=CROWD, help="how many are in the crowd")
    parser.add_argument("--for", dest="seconds", type=int, default=30, help="how long it lasts, in seconds")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--out", type=Path, help="keep the figures in this file, .json")
    options = parser.parse_args(arguments)
    allow_files(4 * max(options.idle, options.crowd) + 200)
    began, runs = machine(), {engine: list[dict[str, Any]]() for engine in SITES}
    for turn in range(options.runs):
        for engine, done in runs.items():
            progress(f"run {turn + 1} of {options.runs}: {engine}")
            done.append(asyncio.run(measure(engine, options.idle, options.crowd, options.seconds)))
            told = json.loads(json.dumps(done[-1]), parse_float=lambda text: round(float(text), 2))
            say(f"{engine}: {json.dumps(told)}")
    if options.out:
        asked = {"idle": options.idle, "crowd": options.crowd, "forS": options.seconds}
        keep({**began, **asked, "runs": runs}, options.out.with_suffix(".json"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
