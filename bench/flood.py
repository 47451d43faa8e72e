"""Somebody who floods a broker, in a process of its own, and a sink to write as much into for comparison."""

import multiprocessing
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from typing import Any, Final

from broker import topics
from broker.identity import SECRET_BYTES, b64url, peer_of
from tests.engines.mqtt_probe import UPGRADE, connect, frame, publish

WITHIN_S: Final = 10.0


def flooder(port: int, sink: int, pipe: Connection) -> None:
    """Flood whenever told to: the broker until it cuts us off, or the sink with so many bytes."""
    number = 0
    while True:
        what = pipe.recv()
        if what is None:
            return
        number += 1
        address = f"127.8.{number // 250}.{1 + number % 250}"
        pipe.send(_flood(port, address) if what == "broker" else _pour(sink, int(what)))


def _flood(port: int, address: str) -> tuple[float, int]:
    secret = secrets.token_bytes(SECRET_BYTES)
    name = peer_of(secret)
    drop = frame(publish(topics.lobby(name), bytes(150)))
    with closing(socket.create_connection(("127.0.0.1", port), WITHIN_S, source_address=(address, 0))) as wire:
        wire.sendall(UPGRADE)
        wire.recv(4096)
        wire.sendall(frame(connect(name, b64url(secret))))
        wire.recv(4096)
        begun, sent = time.perf_counter(), 0
        try:
            while True:
                wire.sendall(drop * 50)
                sent += 50 * len(drop)
        except OSError:
            return time.perf_counter() - begun, sent


def _pour(port: int, size: int) -> tuple[float, int]:
    with closing(socket.create_connection(("127.0.0.1", port), WITHIN_S)) as wire:
        begun = time.perf_counter()
        wire.sendall(bytes(size))
        return time.perf_counter() - begun, size


def sink(pipe: Connection) -> None:
    """Swallow what comes."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        pipe.send(server.getsockname()[1])
        while True:
            wire, _ = server.accept()
            with closing(wire):
                while wire.recv(1 << 16):
                    pass


@contextmanager
def flooding(port: int) -> Iterator[Callable[[str], Any]]:
    """Start flooder and sink; give what tells the one to flood, and returns how long it took and how much it sent."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    swallowing = spawn.Process(target=sink, args=(there,), daemon=True)
    swallowing.start()
    sink_port = here.recv()
    ours, its = spawn.Pipe()
    process = spawn.Process(target=flooder, args=(port, sink_port, its), daemon=True)
    process.start()

    def tell(what: str) -> Any:  # noqa: ANN401  what comes out of a pipe
        ours.send(what)
        return ours.recv()

    try:
        yield tell
    finally:
        process.terminate()
        swallowing.terminate()
        process.join()
        swallowing.join()
