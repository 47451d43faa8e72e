"""What a question to the gate of a cluster costs: `python -m bench.calls`.

`passerby gate serve` in a process of its own, asked over loopback as RabbitMQ asks: one form a request, on connections
that stay open. One question after the other tells what a single one takes; several at once, what a gate answers in a
second and at what price. RabbitMQ asks some nine when somebody comes, and one when a message goes to a topic that is
new to its connection. The time of the network and of RabbitMQ itself is not in it.
"""

import argparse
import asyncio
import secrets
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from bench.figures import keep, load_average, machine, percentile, progress, say
from bench.processes import Process, gate
from broker.identity import SECRET_BYTES, b64url, peer_of
from broker.seats import SeatKeys, mint
from passerby.keys import draw, write

KINDS: Final = ("user", "vhost", "resource", "topic: own", "topic: seat")
_AT_ONCE: Final = (1, 16)


@dataclass
class Cell:
    """One kind of question, so many at once."""

    kind: str
    at_once: int
    ms: list[float] = field(default_factory=list)
    wall_s: float = 0.0
    cpu_us: float = 0.0


class Line:
    """A connection that stays open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, request: bytes) -> float:
        """Ask, and give how long the answer took, in milliseconds."""
        begun = time.perf_counter()
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await self._reader.readexactly(length)
        took = (time.perf_counter() - begun) * 1000
        assert body == b"allow", body
        return took

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


def question(kind: str, keys: SeatKeys) -> bytes:
    """Make a question about somebody whom the gate has never met."""
    secret = secrets.token_bytes(SECRET_BYTES)
    name = str(peer_of(secret))
    form = {"username": name, "vhost": "/"}
    match kind:
        case "user":
            form |= {"client_id": name, "password": b64url(secret)}
        case "vhost":
            form |= {"client_id": name, "ip": f"10.{'.'.join(map(str, secrets.token_bytes(3)))}", "tags": ""}
        case "resource":
            queue = f"mqtt-subscription-{name}qos0"
            form |= {"client_id": name, "resource": "queue", "name": queue, "permission": "configure", "tags": ""}
        case _:
            seat = mint(keys, name, int(time.time()) + 600, secrets.token_bytes(12))
            key = f"v1.lobby.{name}" if kind == "topic: own" else f"v1.session.{seat}"
            form |= {"resource": "topic", "name": "amq.topic", "permission": "write", "tags": "", "routing_key": key}
            form |= {f"variable_map.{each}": value for each, value in (("client_id", name), ("username", name))}
    body = urlencode(form).encode()
    head = f"POST /auth/{kind.partition(':')[0]} HTTP/1.1\r\nHost: gate\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body


async def measure(cells: Sequence[Cell], n: int) -> None:
    """Ask `n` questions of each cell, in turns of a tenth, so that all meet the same machine."""
    with tempfile.TemporaryDirectory() as folder:
        drawn, path = draw(), Path(folder) / "keys"
        write(path, drawn)
        async with gate(path) as (process, port):
            await _measure(cells, n, process, port, drawn.seat_keys())


async def _measure(cells: Sequence[Cell], n: int, process: Process, port: int, keys: SeatKeys) -> None:
    lines = [Line(*await asyncio.open_connection("127.0.0.1", port)) for _ in range(max(_AT_ONCE))]
    for line in lines:
        await line.ask(question("user", keys))
    for turn in range(10):
        for cell in cells:
            progress(f"turn {turn + 1} of 10: {cell.kind}, {cell.at_once} at once")
            requests = [question(cell.kind, keys) for _ in range(n // 10)]
            begun, worked = time.perf_counter(), process.cpu_s()
            await asyncio.gather(*(_ask_all(line, requests, cell.ms) for line in lines[: cell.at_once]))
            cell.wall_s += time.perf_counter() - begun
            cell.cpu_us += (process.cpu_s() - worked) * 1e6
    for line in lines:
        line.close()


async def _ask_all(line: Line, requests: list[bytes], ms: list[float]) -> None:
    while requests:
        ms.append(await line.ask(requests.pop()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    options = _options(arguments)
    about = machine()
    cells = [Cell(kind, at_once) for at_once in _AT_ONCE for kind in KINDS]
    asyncio.run(measure(cells, options.n))
    say("| question | at once | n | p50 ms | p99 ms | a second | CPU µs each |")
    say("|---|---|---|---|---|---|---|")
    for cell in cells:
        count = len(cell.ms)
        halves = f"{percentile(cell.ms, 0.5):.2f} | {percentile(cell.ms, 0.99):.2f}"
        rates = f"{count / cell.wall_s:.0f} | {cell.cpu_us / count:.0f}"
        say(f"| {cell.kind} | {cell.at_once} | {count} | {halves} | {rates} |")
    say(f"\nload average {about['loadAverage']}, then {load_average()}")
    if options.out is not None:
        kept = [
            {"question": cell.kind, "atOnce": cell.at_once, "ms": [round(each, 2) for each in cell.ms]}
            for cell in cells
        ]
        keep({**about, "loadAverageAfter": load_average(), "cells": kept}, options.out.with_suffix(".json"))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.calls",
        description="Measure what a question to the gate of a cluster takes, one by one and several at once.",
        epilog="Example: python -m bench.calls --n 5000",
    )
    parser.add_argument("--n", type=int, default=2_000, help="questions of each kind (default: 2000)")
    parser.add_argument("--out", type=Path, metavar="PATH", help="keep PATH.json with all samples")
    options = parser.parse_args(arguments)
    if not 10 <= options.n <= 1_000_000:
        parser.error("--n is 10 to 1000000")
    return options


if __name__ == "__main__":
    raise SystemExit(main())
