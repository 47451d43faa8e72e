"""What an open WebSocket costs what stands in front: Caddy and HAProxy, from our images with our configurations.

    this process ── TLS, WebSocket, one for each peer ──► Caddy or HAProxy ── PROXY header, WebSocket ──► this process

Both take turns, run by run, each time in a container that has just been started. Peers open a WebSocket each and say
nothing; then all of them say something as long as a sign of life, in rounds, and are answered as a broker answers. What
counts is the front's process alone: the memory that it holds more than before, and its CPU time. Figures are medians.
"""

import argparse
import asyncio
import base64
import contextlib
import hashlib
import ssl
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from typing_extensions import override

from bench.containers import address, built, container, docker, folder_for_all, own, process
from bench.figures import keep, machine, progress, say
from bench.frames import BINARY, Frames
from bench.processes import Process, allow_files
from passerby.certificate import issued, trust

COUNTS: Final = (1_000, 3_000)
RUNS: Final = 3
ROUNDS: Final = 10
AT_ONCE: Final = 50
SETTLED_AFTER_S: Final = 5.0
WITHIN_S: Final = 60.0

_PING: Final = bytes(70)
_PUBACK: Final = b"\x82\x04\x40\x02\x00\x01"
_MAGIC: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 §1.3
_PROXY_HEAD: Final = 16


class Broker(asyncio.Protocol):
    """A connection of the front's: takes the PROXY header and the request, then answers whatever comes."""

    def __init__(self) -> None:
        self._buffer, self._open = b"", False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        if self._open:
            self._transport.write(_PUBACK)
            return
        self._buffer += data
        if not self._buffer.endswith(b"\r\n\r\n") or len(self._buffer) < _PROXY_HEAD:
            return
        start = _PROXY_HEAD + int.from_bytes(self._buffer[14:_PROXY_HEAD], "big")
        lines = [line.partition(b": ") for line in self._buffer[start:].split(b"\r\n")]
        [key] = [value for name, _, value in lines if name.lower() == b"sec-websocket-key"]
        accepted = base64.b64encode(hashlib.sha1(key + _MAGIC).digest())  # noqa: S324  RFC 6455
        self._transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Accept: " + accepted + b"\r\n\r\n"
        )
        self._buffer, self._open = b"", True


class Peer(Frames):
    """One who is connected; `done` is set when it is in, and again when it has been answered."""

    def __init__(self) -> None:
        super().__init__("localhost", "/mqtt", "mqtt")
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @override
    def opened(self) -> None:
        self.done.set_result(None)

    @override
    def heard(self, data: bytes) -> None:
        self.done.set_result(None)

    @override
    def closed(self) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the front closed a connection"))

    async def ping(self) -> None:
        """Say something, and wait for the answer."""
        self.done = asyncio.get_running_loop().create_future()
        self.send(BINARY, _PING)
        await self.done


@contextlib.contextmanager
def caddy(folder: Path, broker: str) -> Iterator[str]:
    """Run Caddy with the page, and a certificate of its own."""
    served, kept = folder / "served", folder / "certificates"
    subprocess.run([sys.executable, "-m", "passerby", "page", str(served)], check=True, capture_output=True)
    kept.mkdir()
    told = ("-e", "PASSERBY_DOMAIN=localhost", "-e", f"PASSERBY_BROKER={broker}")
    own(served, kept)
    with container(built("caddy"), *told, "-v", f"{served}:/srv/passerby:ro", "-v", f"{kept}:/data") as name:
        yield name


@contextlib.contextmanager
def haproxy(folder: Path, broker: str) -> Iterator[str]:
    """Run HAProxy, which is told that many may come from one address."""
    place = folder / "tls"
    place.mkdir()
    (place / "site.pem").write_bytes(issued(["localhost"])[1])
    many = ("CONNECTIONS_PER_ADDRESS", "CONNECTS_PER_ADDRESS", "REQUESTS_PER_ADDRESS")
    told = {"BROKER_1": broker, "PAGE": "127.0.0.1:1", "CONNECTIONS": 8_000, **dict.fromkeys(many, 100_000)}
    options = [word for name, value in told.items() for word in ("-e", f"PASSERBY_{name}={value}")]
    own(place)
    with container(
        built("haproxy"), *options, "--tmpfs", "/run/haproxy", "-v", f"{place}:/etc/passerby/tls:ro"
    ) as name:
        yield name


FRONTS: Final[dict[str, Callable[[Path, str], AbstractContextManager[str]]]] = {"Caddy": caddy, "HAProxy": haproxy}


async def measure(front: str, count: int, rounds: int) -> dict[str, float]:
    """Open so many through it, once."""
    gateway = docker("network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", "bridge")
    server = await asyncio.get_running_loop().create_server(Broker, gateway, 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with folder_for_all() as folder, FRONTS[front](folder, f"{gateway}:{port}") as name:
            return await _measure(process(name), address(name), count, rounds)


async def _measure(front: Process, host: str, count: int, rounds: int) -> dict[str, float]:
    tls = trust(insecure=True)
    async with _peers(host, tls, 1):
        pass  # it is up, and has done once what it does only once
    held, used = front.memory_kib(), front.cpu_s()
    async with _peers(host, tls, count) as peers:
        opened = front.cpu_s()
        await asyncio.sleep(SETTLED_AFTER_S)
        quiet, idle = front.memory_kib(), front.cpu_s()
        for _ in range(rounds):
            for start in range(0, count, AT_ONCE):
                await asyncio.gather(*(peer.ping() for peer in peers[start : start + AT_ONCE]))
        spoke = front.cpu_s()
        return {
            "kibEach": (quiet - held) / count,
            "kibAfterSpeaking": (front.memory_kib() - held) / count,
            "msEachConnect": (opened - used) / count * 1e3,
            "usEachPing": (spoke - idle) / count / rounds * 1e6,
            "mibBefore": held / 1024,
        }


@contextlib.asynccontextmanager
async def _peers(host: str, tls: ssl.SSLContext, count: int) -> AsyncIterator[list[Peer]]:
    """Have so many inside."""
    peers: list[Peer] = []
    deadline = time.monotonic() + WITHIN_S
    try:
        while len(peers) < count:
            try:
                peers += await asyncio.gather(*(_enter(host, tls) for _ in range(min(AT_ONCE, count - len(peers)))))
            except OSError:  # it is not up yet
                if peers or time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.2)
        yield peers
    finally:
        for peer in peers:
            peer.close()
        await asyncio.sleep(1)


async def _enter(host: str, tls: ssl.SSLContext) -> Peer:
    _, peer = await asyncio.get_running_loop().create_connection(Peer, host, 443, ssl=tls, server_hostname="localhost")
    await peer.done
    return peer


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.fronts", description=__doc__)
    parser.add_argument("--peers", type=int, nargs="+", default=COUNTS)
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each front with each number of peers")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="signs of life of each peer")
    parser.add_argument("--out", type=Path, help="keep the figures in this file, .json")
    options = parser.parse_args(arguments)
    allow_files(2 * max(options.peers) + 200)
    began = machine()
    runs = {(front, count): list[dict[str, float]]() for count in options.peers for front in FRONTS}
    for turn in range(options.runs):
        for (front, count), done in runs.items():
            progress(f"run {turn + 1} of {options.runs}: {front}, {count} peers")
            done.append(asyncio.run(measure(front, count, options.rounds)))
    say("| | peers | KiB each, silent | after signs of life | CPU each that connects, ms | each sign of life, µs |")
    say("|---|---|---|---|---|---|")
    for (front, count), done in runs.items():
        names = ("kibEach", "kibAfterSpeaking", "msEachConnect", "usEachPing")
        shown = [f"{statistics.median(run[name] for run in done):.2f}" for name in names]
        say(f"| {front} | {count:,} | {' | '.join(shown)} |")
    if options.out:
        rows = [{"front": front, "peers": count, "runs": done} for (front, count), done in runs.items()]
        keep({**began, "rounds": options.rounds, "fronts": rows}, options.out.with_suffix(".json"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
