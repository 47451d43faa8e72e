"""What our gate costs a broker: Mosquitto without it, Mosquitto with it, and the embedded broker, side by side.

    this process ── peers, WebSocket, one publish a frame ─► broker ─► service, TCP        lobby
                 ── service, TCP ──────────────────────────► broker ─► peers               inbox
                 ── peers ─────────────────────────────────► broker ─► another peer        session: a seat is verified

The brokers take turns, run by run, so that what disturbs one disturbs all; a figure is the median of its runs. What
counts is the CPU time of the broker's process alone, per routed message (one publish, one delivery), and per connect
(WebSocket, CONNECT, SUBSCRIBE of inbox and pulse, the first `here`, DISCONNECT). Without the gate Mosquitto lets
everybody in.
"""

import argparse
import base64
import functools
import secrets
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from bench import plots
from bench.brokers import ENGINES, Running, running
from bench.figures import keep, load_average, machine, progress, say
from broker import topics
from broker.identity import SECRET_BYTES, PeerId, b64url, peer_of
from broker.keys import Keys
from broker.seats import mint
from tests.engines.mqtt_probe import DISCONNECT, connect, frame, publish, subscribe

PAYLOAD: Final = bytes(150)
KINDS: Final = ("lobby", "inbox", "session")
ROUNDS: Final = 50
"""Messages of one peer in one run; a gate lets 120 pass at once."""

WITHIN_S: Final = 20.0
_CONNACK, _SUBACK, _PUBACK = 4, 5, 4  # bytes of the answers, a SUBACK of one filter


class Wire:
    """A blocking connection that counts the deliveries it was sent. `sender` makes its packets into what it sends."""

    def __init__(self, port: int, *, websocket: bool) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=WITHIN_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._websocket = websocket
        self._rest = b""
        if websocket:
            self._upgrade()

    def send(self, *packets: bytes) -> None:
        """Send packets, in one frame."""
        data = b"".join(packets)
        self.socket.sendall(frame(data) if self._websocket else data)

    def read(self) -> bytes:
        """Read what is there, waiting for some of it; frames are taken off."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the broker closed a connection")
        return self._unframed(data) if self._websocket else data

    def _upgrade(self) -> None:
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self.socket.sendall(
            f"GET /mqtt HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
            f"{key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n".encode()
        )
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.socket.recv(4096)
        if not head.startswith(b"HTTP/1.1 101"):
            raise ConnectionError("the broker refused a WebSocket")

    def _unframed(self, data: bytes) -> bytes:
        data, out = self._rest + data, b""
        while len(data) >= 2:
            size, start = data[1] & 0x7F, 2
            if size == 126:
                size, start = int.from_bytes(data[2:4], "big"), 4
            elif size == 127:
                size, start = int.from_bytes(data[2:10], "big"), 10
            if len(data) < start + size:
                break
            out, data = out + data[start : start + size], data[start + size :]
        self._rest = data
        return out

    def close(self) -> None:
        """Leave."""
        self.send(DISCONNECT)
        self.socket.close()


@dataclass
class Client:
    """A peer, or the service: a wire, and how many bytes of deliveries it still has to read."""

    name: str
    wire: Wire
    owed: int = 0

    def drain(self) -> None:
        """Read until nothing is owed any more."""
        while self.owed > 0:
            self.owed -= len(self.wire.read())
        if self.owed < 0:
            raise RuntimeError("more came than was sent")


@dataclass
class Scene:
    """All that are connected to one broker for one run."""

    keys: Keys
    service: Client
    peers: list[Client]

    @classmethod
    def of(cls, broker: Running, peers: int, stack: ExitStack) -> Self:
        """Let so many in, until the stack is closed."""
        service = cls._enter(stack, Wire(broker.service_port, websocket=False), "service", broker.keys.service)
        entered = [cls._enter(stack, Wire(broker.port, websocket=True), *stranger()) for _ in range(peers)]
        return cls(broker.keys, service, entered)

    @staticmethod
    def _enter(stack: ExitStack, wire: Wire, name: str, password: str) -> Client:
        stack.callback(wire.close)
        filter_ = "v1/lobby/+" if name == "service" else topics.inbox(name)
        wire.send(connect(name, password), subscribe(filter_))
        _expect(wire, _CONNACK + _SUBACK)
        return Client(name, wire)

    def seats(self) -> list[str]:
        """Give each peer a seat, and let it listen there."""
        expiry, made = int(time.time()) + 600, list[str]()
        for peer in self.peers:
            seat = mint(self.keys.seat_keys(), PeerId(peer.name), expiry, secrets.token_bytes(12))
            peer.wire.send(subscribe(topics.session(seat)))
            _expect(peer.wire, _SUBACK)
            made.append(seat)
        return made


def stranger() -> tuple[PeerId, str]:
    """Draw a peer: name and password."""
    secret = secrets.token_bytes(SECRET_BYTES)
    return peer_of(secret), b64url(secret)


def _expect(wire: Wire, size: int) -> None:
    while size > 0:
        size -= len(wire.read())


# ── what is measured ─────────────────────────────────────────────────────────────────────────────────────────────────


def messages(broker: Running, peers: int, kind: str) -> float:
    """Route messages of so many peers; gives the CPU time of the broker for each, in microseconds."""
    with ExitStack() as stack:
        scene = Scene.of(broker, peers, stack)
        plan = list(_plan(scene, kind))
        for sender, listener, message in plan:  # all is warm, and every topic known
            _send(sender, listener, message)
        _settle(scene)
        before = broker.cpu_s()
        for _ in range(ROUNDS):
            for sender, listener, message in plan:
                _send(sender, listener, message)
            _settle(scene)
        return (broker.cpu_s() - before) / (ROUNDS * len(plan)) * 1e6


def _plan(scene: Scene, kind: str) -> Iterator[tuple[Client, Client, bytes]]:
    peers, service = scene.peers, scene.service
    if kind == "lobby":
        return ((peer, service, publish(topics.lobby(peer.name), PAYLOAD)) for peer in peers)
    if kind == "inbox":
        return ((service, peer, publish(topics.inbox(peer.name), PAYLOAD)) for peer in peers)
    seats = scene.seats()
    return (
        (peers[i - 1], peer, publish(topics.session(seat), PAYLOAD))
        for i, (peer, seat) in enumerate(zip(peers, seats, strict=True))
    )


def _send(sender: Client, listener: Client, message: bytes) -> None:
    sender.wire.send(message)
    listener.owed += len(message)


def _settle(scene: Scene) -> None:
    scene.service.drain()
    for peer in scene.peers:
        peer.drain()


def connects(broker: Running, peers: int) -> float:
    """Let so many come and go, one after the other; gives the CPU time of the broker for each, in microseconds."""
    before = broker.cpu_s()
    for _ in range(peers):
        name, password = stranger()
        wire = Wire(broker.port, websocket=True)
        wire.send(
            connect(name, password, will=(topics.presence(name), b"gone")),
            subscribe(topics.inbox(name), topics.PULSE),
            publish(topics.presence(name), PAYLOAD, packet_id=1),
        )
        _expect(wire, _CONNACK + _SUBACK + 1 + _PUBACK)
        wire.close()
    return (broker.cpu_s() - before) / peers * 1e6


MEASURED: Final[dict[str, Callable[[Running, int], float]]] = {
    **{kind: functools.partial(messages, kind=kind) for kind in KINDS},
    "connect": connects,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and keep."""
    options = _options(arguments)
    head = machine()
    samples: dict[str, dict[str, list[float]]] = {what: {engine: [] for engine in ENGINES} for what in options.what}
    with ExitStack() as stack:
        brokers = {engine: stack.enter_context(running(engine)) for engine in ENGINES if engine in options.engines}
        for turn in range(options.runs):
            for what in options.what:
                for engine, broker in brokers.items():
                    progress(f"run {turn + 1} of {options.runs}: {what}, {engine}")
                    samples[what][engine].append(round(MEASURED[what](broker, options.peers), 2))
    _print(samples)
    if options.out is not None:
        report = {"measurement": "gate", **head, "loadAverageAfter": load_average(), "microseconds": samples}
        keep(report, options.out.with_suffix(".json"))
        say(f"kept in {options.out.with_suffix('.json')}")
        say(plots.gate(samples, options.out.with_suffix(".svg")))
    return 0


def _print(samples: dict[str, dict[str, list[float]]]) -> None:
    say("CPU time of the broker, microseconds: median of the runs (least to most)")
    for what, by_engine in samples.items():
        medians = {engine: statistics.median(values) for engine, values in by_engine.items() if values}
        cells = [
            f"{engine} {medians[engine]:.1f} ({min(values):.1f} to {max(values):.1f})"
            for engine, values in by_engine.items()
            if values
        ]
        bare, gated = medians.get("mosquitto, no gate"), medians.get("mosquitto, gate")
        ratio = f"   gate / no gate {gated / bare:.2f}" if bare and gated else ""
        say(f"{what:8} " + "   ".join(cells) + ratio)
    say(f"load average {load_average()}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.gate",
        description="Measure what the gate costs a broker: CPU time per routed message and per connect, for Mosquitto "
        "without the gate, with it, and for the embedded broker. Needs a Docker engine.",
    )
    parser.add_argument("--runs", type=int, default=5, help="of each broker, in turns (default: 5)")
    parser.add_argument("--peers", type=int, default=400, help="at once, and how many come and go (default: 400)")
    parser.add_argument("--what", nargs="+", choices=list(MEASURED), default=list(MEASURED), help="default: all")
    parser.add_argument("--engines", nargs="+", choices=list(ENGINES), default=list(ENGINES), help="default: all")
    parser.add_argument("--out", type=Path, metavar="PATH", help="keep PATH.json with all samples, and PATH.svg")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
