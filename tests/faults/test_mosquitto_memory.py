"""A broker that thousands have come to and left holds no more than one that fewer have."""

import asyncio
import ipaddress
import secrets
import socket
from collections.abc import Iterable
from pathlib import Path

import pytest

from broker import topics
from broker.identity import SECRET_BYTES, b64url, peer_of
from tests.command.running import Running
from tests.engines.containers import Mosquitto
from tests.engines.mqtt_probe import DISCONNECT, UPGRADE, connect, frame, proxied, publish, subscribe

FEW, MANY = 5_000, 20_000
GROWTH = 1.05
FIRST = int(ipaddress.ip_address("10.80.0.0"))


def come_and_go(port: int, number: int) -> None:
    """Be somebody new, from an address of one's own, until the broker has answered; then leave."""
    secret = secrets.token_bytes(SECRET_BYTES)
    peer = peer_of(secret)
    with socket.create_connection(("127.0.0.1", port), 10) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.sendall(proxied(str(ipaddress.ip_address(FIRST + number))) + UPGRADE)
        heard = wire.recv(4096)
        assert heard.startswith(b"HTTP/1.1 101"), heard
        hello = connect(peer, b64url(secret), will=(topics.presence(peer), b"lost"))
        here = publish(topics.presence(peer), b"{}", packet_id=1)
        wire.sendall(frame(hello + subscribe(topics.inbox(peer), topics.PULSE) + here))
        answers = b""
        while b"\x40\x02\x00\x01" not in answers:  # the PUBACK, which comes last
            answers += wire.recv(4096)
            assert answers
        wire.sendall(frame(DISCONNECT))


def crowd(port: int, numbers: Iterable[int]) -> None:
    for number in numbers:
        come_and_go(port, number)


@pytest.mark.timeout(300)
async def test_memory_after_20000_connects_is_that_after_5000() -> None:
    async with Mosquitto() as mosquitto:
        url = f"mqtt://127.0.0.1:{mosquitto.service_port}"
        options = ("--keys", mosquitto.keys_file, "--broker", url, "--log-level", "info")
        async with Running.start("matcher", *options) as matcher:  # who takes the gate's facts
            await matcher.says("connected to the broker")
            held: list[int] = []
            for begin, end in ((0, FEW), (FEW, MANY)):
                await asyncio.to_thread(crowd, mosquitto.port, range(begin, end))
                held.append(resident_kib(await mosquitto.pid()))
    assert held[1] <= held[0] * GROWTH, f"{held[0]} KiB after {FEW} connects, {held[1]} KiB after {MANY}"


def resident_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
